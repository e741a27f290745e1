/// Downloads one file over HTTP: asks for its size and state, checks disk space, fetches ranges in
/// parallel, resumes, verifies the SHA-256.
struct FileDownload: Sendable {
    let transport: HTTPTransport
    let disk: any Disk
    let retry: RetryPolicy
    var connections = ModelStoreLimits.connections
    var segmentBytes = ModelStoreLimits.segmentBytes
    let report: @Sendable (PullEvent) -> Void

    /// Downloads a file and answers its sum.
    ///
    /// - Parameters:
    ///   - address: where it is.
    ///   - expected: the sum that it must have, if known.
    ///   - path: where the bytes go; they stay there after a failure, so that the next call
    ///     goes on from them, unless they are wrong.
    func download(
        _ address: WebAddress, expected: SHA256Digest?, to path: String
    ) async throws(ModelStoreError) -> SHA256Digest {
        var allowsRanges = true
        for _ in 0..<ModelStoreLimits.restarts {
            do throws(TransferFailure) {
                let remote = try await probe(
                    address, allowsRanges: allowsRanges, hasSum: expected != nil)
                return try await fetch(address, remote, expected: expected, to: path)
            } catch {
                switch error.kind {
                case .rangesRefused: allowsRanges = false
                case .changed: report(.restarting(error.error.message))
                case .connection, .transient, .permanent: throw error.error
                }
            }
        }
        throw ModelStoreError(
            .remoteChanged, "\(address) keeps changing while it is downloaded. Try again later.")
    }

    /// Asks for the first byte, which tells of the file what a HEAD request would, also where
    /// the address is signed for GET alone.
    private func probe(
        _ address: WebAddress, allowsRanges: Bool, hasSum: Bool
    ) async throws(TransferFailure) -> RemoteFile {
        var attempts = RetryPolicy.Attempts(
            retry, connectAttempts: ModelStoreLimits.connectAttempts)
        while true {
            do throws(TransferFailure) {
                let reply = try await transport.get(address, range: allowsRanges ? 0..<1 : nil)
                return try RemoteFile(
                    reply, of: address, asRange: allowsRanges, hasSum: hasSum)
            } catch {
                let delay = try attempts.delay(after: error)
                report(.retrying(error.error.message, after: delay))
                try await retry.pause(delay)
            }
        }
    }

    private func fetch(
        _ address: WebAddress, _ remote: RemoteFile, expected: SHA256Digest?, to path: String
    ) async throws(TransferFailure) -> SHA256Digest {
        if let expected, let announced = remote.sha256, expected != announced {
            throw TransferFailure(
                .permanent, .checksumMismatch,
                """
                \(address) is another file than the one wanted: its sum is \(announced), \
                wanted is \(expected).
                """)
        }
        let segment = max(segmentBytes, remote.byteCount / ModelStoreLimits.segmentCount)
        let partial = try permanently { () throws(ModelStoreError) in
            let partial = try PartialFile(path: path, remote: remote, segmentBytes: segment)
            try checkSpace(for: remote.byteCount - partial.received, at: path)
            return partial
        }
        report(.progress(received: partial.received, total: remote.byteCount))
        do throws(TransferFailure) {
            try await fetchSegments(of: address, remote, into: partial)
            partial.save()
        } catch {
            partial.save()
            throw describe(error, missing: remote.byteCount - partial.received)
        }
        return try permanently { () throws(ModelStoreError) in
            try verify(partial, remote, expected: expected ?? remote.sha256)
        }
    }

    private func checkSpace(for bytes: Int, at path: String) throws(ModelStoreError) {
        let folder = String(path[..<(path.lastIndex(of: "/") ?? path.startIndex)])
        guard let free = disk.freeBytes(in: folder) else { return }
        let wanted = bytes + ModelStoreLimits.spareBytes
        guard free < wanted else { return }
        throw ModelStoreError(
            .diskFull,
            """
            \(folder) has \(free >> 20) MiB free and the download wants \(wanted >> 20) MiB: \
            make room, or keep models elsewhere by setting QUIRE_HOME.
            """)
    }

    private func describe(_ failure: TransferFailure, missing: Int) -> TransferFailure {
        guard failure.error.code == .diskFull else { return failure }
        return TransferFailure(
            .permanent, .diskFull,
            """
            \(failure.error) \(missing >> 20) MiB are still missing. What has arrived is kept: \
            make room and give the same command again.
            """)
    }

    private func verify(
        _ partial: PartialFile, _ remote: RemoteFile, expected: SHA256Digest?
    ) throws(ModelStoreError) -> SHA256Digest {
        report(.verifying)
        let sum = try SHA256Digest.ofFile(partial.path)
        guard expected == nil || sum == expected else {
            partial.discard()
            throw ModelStoreError(
                .checksumMismatch,
                """
                What arrived is damaged or another file: its SHA-256 is \(sum), wanted is \
                \(expected.map(\.description) ?? ""). It has been removed; try again.
                """)
        }
        return sum
    }
}

/// Runs `body`; its errors are permanent, never retried.
func permanently<T>(
    _ body: () throws(ModelStoreError) -> T
) throws(TransferFailure) -> T {
    do throws(ModelStoreError) {
        return try body()
    } catch {
        throw TransferFailure(permanent: error)
    }
}
