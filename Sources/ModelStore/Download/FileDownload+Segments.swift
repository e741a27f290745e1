import AsyncHTTPClient
import NIOCore
import NIOHTTP1

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
            if !remote.servesRanges { partial.rewind(index, to: 0) }
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

    /// One request, its body written as it comes once its headers are accepted. What an answer
    /// brought that then breaks its own word is forgotten again.
    private func request(
        _ missing: Range<Int>, _ index: Int, of address: WebAddress, _ remote: RemoteFile,
        into partial: PartialFile, _ file: any DiskFile
    ) async throws(TransferFailure) {
        let reply = try await transport.get(
            address, range: remote.servesRanges ? missing : nil)
        let promised = try range(of: reply, answering: missing, of: address, remote)
        do {
            for try await var buffer in reply.body {
                let lacking = promised.upperBound - partial.missing(of: index).lowerBound
                guard buffer.readableBytes <= lacking else {
                    partial.rewind(index, to: missing.lowerBound)
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
        let position = partial.missing(of: index).lowerBound
        guard position == promised.upperBound else {
            // A connection that breaks throws above: this answer says that it is complete.
            partial.rewind(index, to: missing.lowerBound)
            throw TransferFailure(
                .transient, .truncated,
                "\(address) ended \(promised.upperBound - position) bytes before its own end.")
        }
        let lacking = missing.upperBound - position
        guard lacking == 0 else {
            throw TransferFailure(
                .transient, .truncated,
                "\(address) ended \(lacking) bytes before the end of the range.")
        }
    }

    /// The bytes of the file that an answer promises, from the first that is missing on, if it is
    /// of the file that was found.
    private func range(
        of reply: HTTPTransport.Reply, answering missing: Range<Int>, of address: WebAddress,
        _ remote: RemoteFile
    ) throws(TransferFailure) -> Range<Int> {
        guard RemoteFile.identity(of: reply) == remote.identity else {
            throw TransferFailure(
                .changed, .remoteChanged, "\(address) changed while it was downloaded.")
        }
        // An answer that does not say its length can break off without a trace, and be another
        // encoding of the file without a trace.
        guard !reply.headers.contains(name: "Transfer-Encoding"),
            let length = reply.headers.first(name: "Content-Length").flatMap({ Int($0) })
        else {
            throw TransferFailure(
                remote.servesRanges ? .rangesRefused : .permanent, .refused,
                "\(address) does not say how many bytes it sends.")
        }
        guard remote.servesRanges else {
            guard reply.status == 200 else {
                throw TransferFailure(
                    .permanent, .refused, "\(address) sends a range that nobody asked for.")
            }
            guard length == remote.byteCount else {
                throw TransferFailure(.changed, .remoteChanged, "\(address) changed its length.")
            }
            return missing
        }
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
        let promised = range.first..<(range.last + 1)
        guard length == promised.count else {
            throw TransferFailure(
                .permanent, .refused,
                "\(address) sends \(length) bytes as a range of \(promised.count).")
        }
        return promised
    }
}
