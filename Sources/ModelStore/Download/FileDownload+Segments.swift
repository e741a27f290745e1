import AsyncHTTPClient
import NIOCore

extension FileDownload {
    /// Fetches what is missing, several segments at a time.
    func fetchSegments(
        of address: WebAddress, _ remote: RemoteFile, into partial: PartialFile
    ) async throws(TransferFailure) {
        let workers = remote.servesRanges ? min(connections, partial.unfinished) : 1
        do {
            try await withThrowingTaskGroup(of: Void.self) { group in
                for _ in 0..<workers {
                    group.addTask {
                        while let index = partial.claim() {
                            try await fetchSegment(index, of: address, remote, into: partial)
                        }
                    }
                }
                try await group.waitForAll()
            }
        } catch let failure as TransferFailure {
            throw failure
        } catch {
            throw TransferFailure.cancelled
        }
    }

    /// Fetches one segment, with as many requests as it takes while each brings something.
    private func fetchSegment(
        _ index: Int, of address: WebAddress, _ remote: RemoteFile, into partial: PartialFile
    ) async throws(TransferFailure) {
        let file = try permanently { () throws(ModelStoreError) in try disk.open(partial.path) }
        defer { file.close() }
        var attempts = RetryPolicy.Attempts(retry)
        while true {
            if !remote.servesRanges { partial.restart(index) }
            let missing = partial.missing(of: index)
            do throws(TransferFailure) {
                try await request(missing, index, of: address, remote, into: partial, file)
                return try permanently { () throws(ModelStoreError) in try file.synchronize() }
            } catch {
                // Without ranges every attempt begins at the first byte: that is no progress.
                let arrived = missing.count - partial.missing(of: index).count
                let delay = try attempts.delay(
                    after: error, progress: remote.servesRanges ? arrived : 0)
                report(.retrying(error.error.message, after: delay))
                try await retry.pause(delay)
            }
        }
    }

    /// One request, its body written as it comes.
    private func request(
        _ missing: Range<Int>, _ index: Int, of address: WebAddress, _ remote: RemoteFile,
        into partial: PartialFile, _ file: any DiskFile
    ) async throws(TransferFailure) {
        let reply = try await transport.get(
            address, range: remote.servesRanges ? missing : nil)
        try check(reply, answers: missing, of: address, remote)
        do {
            for try await var buffer in reply.body {
                let lacking = partial.missing(of: index).count
                guard buffer.readableBytes <= lacking else {
                    throw TransferFailure(
                        .permanent, .refused, "\(address) sends more bytes than it announced.")
                }
                let bytes = buffer.readBytes(length: buffer.readableBytes) ?? []
                try permanently { () throws(ModelStoreError) in
                    try partial.append(bytes, to: index, file: file)
                }
                report(.progress(received: partial.received, total: remote.byteCount))
            }
        } catch {
            throw TransferFailure(error, whileReading: address)
        }
        let lacking = partial.missing(of: index).count
        guard lacking == 0 else {
            throw TransferFailure(
                .transient, .truncated,
                "\(address) ended \(lacking) bytes before the end of the range.")
        }
    }

    /// Whether the answer is the range that was asked for, of the file that was found.
    private func check(
        _ reply: HTTPTransport.Reply, answers missing: Range<Int>, of address: WebAddress,
        _ remote: RemoteFile
    ) throws(TransferFailure) {
        guard RemoteFile.identity(of: reply) == remote.identity else {
            throw TransferFailure(
                .changed, .remoteChanged, "\(address) changed while it was downloaded.")
        }
        guard remote.servesRanges else { return }
        guard reply.status == 206 else {
            throw TransferFailure(.rangesRefused, .refused, "\(address) stopped serving ranges.")
        }
        guard let range = ContentRange(reply.headers), range.first == missing.lowerBound,
            range.last < missing.upperBound
        else {
            throw TransferFailure(
                .permanent, .refused, "\(address) sends another range than the one asked for.")
        }
        guard range.total == nil || range.total == remote.byteCount else {
            throw TransferFailure(.changed, .remoteChanged, "\(address) changed its length.")
        }
    }
}
