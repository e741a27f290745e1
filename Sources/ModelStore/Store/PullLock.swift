import Foundation

#if canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#else
    import Darwin
#endif

/// Keeps a second process from downloading the same model. The system lets go of it when the
/// process ends, however it ends; the empty file stays, as removing it would let two processes
/// each lock a file of that name.
struct PullLock {
    private let handle: FileHandle

    init(path: String, name: ModelName) throws(ModelStoreError) {
        if !ModelStore.isFile(path) {
            _ = FileManager.default.createFile(atPath: path, contents: nil)
        }
        guard let handle = FileHandle(forUpdatingAtPath: path) else {
            throw ModelStoreError(.fileSystem, "\(path) cannot be written.")
        }
        // A program that is run meanwhile must not go on holding the lock.
        _ = fcntl(handle.fileDescriptor, F_SETFD, FD_CLOEXEC)
        guard flock(handle.fileDescriptor, LOCK_EX | LOCK_NB) == 0 else {
            try? handle.close()
            throw ModelStoreError(.busy, "\(name) is being pulled by another process.")
        }
        self.handle = handle
    }

    func release() {
        _ = flock(handle.fileDescriptor, LOCK_UN)
        try? handle.close()
    }
}
