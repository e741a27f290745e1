import Foundation

#if canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#else
    import Darwin
#endif

/// Keeps a second process from downloading the same model. The system lets go of it when the
/// process ends, however it ends; its holder removes the file at the end.
///
/// Another process may have opened the file before it was removed and lock it afterwards, which
/// keeps no process out: so a lock counts only if the file at the path is the one that was locked,
/// which a random text in it tells.
struct PullLock {
    private let path: String
    private let handle: FileHandle

    init(path: String, name: ModelName) throws(ModelStoreError) {
        self.path = path
        for _ in 0..<ModelStoreLimits.lockAttempts {
            if let handle = try Self.locked(path, name: name) {
                self.handle = handle
                return
            }
        }
        throw ModelStoreError(.busy, "\(name) is being pulled by other processes.")
    }

    /// Removes the file, then lets go: no other process can hold the lock in between.
    func release() {
        try? FileManager.default.removeItem(atPath: path)
        _ = flock(handle.fileDescriptor, LOCK_UN)
        try? handle.close()
    }

    /// The locked file at the path; nil if it was removed meanwhile.
    private static func locked(
        _ path: String, name: ModelName
    ) throws(ModelStoreError) -> FileHandle? {
        let token = Data(UUID().uuidString.utf8)
        let handle: FileHandle
        do {
            if !ModelStore.isFile(path) {
                // Fails if another process has made it meanwhile, which is as good.
                try? Data().write(to: URL(fileURLWithPath: path), options: .withoutOverwriting)
            }
            handle = try FileHandle(forUpdating: URL(fileURLWithPath: path))
        } catch {
            if SystemReason.number(of: error) == POSIXErrorCode.ENOENT.rawValue { return nil }
            throw ModelStoreError.writing(path, error)
        }
        // A program that is run meanwhile must not go on holding the lock.
        _ = fcntl(handle.fileDescriptor, F_SETFD, FD_CLOEXEC)
        guard flock(handle.fileDescriptor, LOCK_EX | LOCK_NB) == 0 else {
            try? handle.close()
            throw ModelStoreError(.busy, "\(name) is being pulled by another process.")
        }
        do {
            try handle.truncate(atOffset: 0)
            try handle.write(contentsOf: token)
        } catch {
            try? handle.close()
            throw ModelStoreError.writing(path, error)
        }
        guard FileManager.default.contents(atPath: path) == token else {
            try? handle.close()
            return nil
        }
        return handle
    }
}
