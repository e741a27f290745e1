#if canImport(Glibc)
    import Glibc
#else
    import Darwin
#endif

/// A file of this user's that one process at a time has open in this way.
///
/// It is made with the permissions 0600, unless told otherwise: what is kept in it mostly came from
/// people's texts. The lock is advisory, and the system gives it up when the process ends, however
/// it ends.
package final class LockedFile: PageStorage {
    /// The path that the file was opened by.
    package let path: String

    private let descriptor: Int32

    /// Opens a file, or makes an empty one, and locks it.
    ///
    /// - Throws: `TensorError.fileInUse` if another process has locked it, `.notARegularFile`,
    ///   `.permissionDenied`, `.fileNotFound` for a missing folder, `.fileUnwritable` otherwise.
    package init(path: String, mode: UInt32 = 0o600) throws(TensorError) {
        // O_NONBLOCK: opening a pipe would wait for ever. O_NOFOLLOW: a link that another user put
        // into a shared folder must not lead to another file.
        let descriptor = FileName.open(
            path, O_RDWR | O_CREAT | O_NONBLOCK | O_CLOEXEC | O_NOFOLLOW, mode: mode)
        guard descriptor >= 0 else { throw Self.cannotOpen(path, errno) }
        var isOpen = false
        defer { if !isOpen { close(descriptor) } }
        var status = stat()
        guard unsafe fstat(descriptor, &status) == 0 else { throw Self.cannotOpen(path, errno) }
        guard status.st_mode & S_IFMT == S_IFREG else {
            throw TensorError(
                .notARegularFile, "\(path) is not a regular file: give the path of a file")
        }
        guard flock(descriptor, LOCK_EX | LOCK_NB) == 0 else {
            throw TensorError(
                .fileInUse, "\(path) is in use by another process: give each process its own file")
        }
        self.path = path
        self.descriptor = descriptor
        isOpen = true
    }

    deinit {
        // Closing alone would leave the lock to a program that is being started at that moment.
        _ = flock(descriptor, LOCK_UN)
        close(descriptor)
    }

    /// Bytes of the file.
    package func byteCount() throws(TensorError) -> Int {
        var status = stat()
        guard unsafe fstat(descriptor, &status) == 0 else { throw failed("read", errno) }
        return Int(status.st_size)
    }

    /// Reads bytes; see `PageStorage`.
    package func read(_ count: Int, at offset: Int) throws(TensorError) -> [UInt8] {
        var bytes = [UInt8](repeating: 0, count: count)
        let error = unsafe bytes.withUnsafeMutableBytes { bytes in
            transfer(bytes.count, offset) { done, place in
                unsafe pread(
                    descriptor, bytes.baseAddress.unsafelyUnwrapped + done, bytes.count - done,
                    place)
            }
        }
        guard error == 0 else { throw failed("read", error) }
        return bytes
    }

    /// Reads a page; see `PageStorage`.
    package func readPage(_ page: Int, of arena: KVArena, at offset: Int) throws(TensorError) {
        let error = unsafe transfer(page, of: arena, offset) { start, count, place in
            unsafe pread(descriptor, start, count, place)
        }
        guard error == 0 else { throw failed("read", error) }
    }

    /// Writes bytes; see `PageStorage`.
    package func write(_ bytes: [UInt8], at offset: Int) throws(TensorError) {
        let error = unsafe bytes.withUnsafeBytes { bytes in
            transfer(bytes.count, offset) { done, place in
                unsafe pwrite(
                    descriptor, bytes.baseAddress.unsafelyUnwrapped + done, bytes.count - done,
                    place)
            }
        }
        guard error == 0 else { throw failed("write", error) }
    }

    /// Writes a page; see `PageStorage`.
    package func writePage(_ page: Int, of arena: KVArena, at offset: Int) throws(TensorError) {
        let error = unsafe transfer(page, of: arena, offset) { start, count, place in
            unsafe pwrite(descriptor, start, count, place)
        }
        guard error == 0 else { throw failed("write", error) }
    }

    /// Cuts the file; see `PageStorage`.
    package func truncate(to count: Int) throws(TensorError) {
        guard ftruncate(descriptor, off_t(count)) == 0 else { throw failed("write", errno) }
    }

    /// Makes this file the one that `path` names, instead of any that was there, in one step: after
    /// a crash it is there whole, or the one before it.
    ///
    /// Everything is brought to the disk first, which may take seconds. Throws `fileUnwritable`;
    /// `fileInUse` if another process has moved or removed this file meanwhile.
    package func replaceFile(at path: String) throws(TensorError) {
        guard fsync(descriptor) == 0 else { throw failed("write", errno) }
        guard isInPlace else {
            throw TensorError(.fileInUse, "\(self.path) was taken away by another process")
        }
        guard unsafe rename(FileName.terminated(self.path), FileName.terminated(path)) == 0 else {
            throw TensorError(
                .fileUnwritable, "cannot make \(path): \(MappedFile.reason(errno))")
        }
    }

    /// Removes the file, if it is still in its place.
    package func remove() {
        if isInPlace { unsafe unlink(FileName.terminated(path)) }
    }

    /// Whether the path still names this file. Between opening and locking a file, a process that
    /// had it locked before may have renamed it.
    package var isInPlace: Bool {
        var own = stat()
        var named = stat()
        return unsafe fstat(descriptor, &own) == 0 && lstat(FileName.terminated(path), &named) == 0
            && own.st_dev == named.st_dev && own.st_ino == named.st_ino
    }

    /// Repeats a call until all bytes have moved; the error number, 0 for none.
    private func transfer(
        _ count: Int, _ offset: Int, _ call: (_ done: Int, _ place: off_t) -> Int
    ) -> Int32 {
        var done = 0
        while done < count {
            let moved = call(done, off_t(offset + done))
            if moved > 0 {
                done += moved
            } else if moved == 0 {
                // The file ends here.
                return ENODATA
            } else if errno != EINTR {
                return errno
            }
        }
        return 0
    }

    /// Moves a page run by run; the error number, 0 for none.
    private func transfer(
        _ page: Int, of arena: KVArena, _ offset: Int,
        _ call: (_ start: UnsafeMutableRawPointer, _ count: Int, _ place: off_t) -> Int
    ) -> Int32 {
        var error: Int32 = 0
        arena.forEachRun(0..<arena.pageBytes) { run in
            guard error == 0 else { return }
            let start = unsafe arena.pointer(page: page, offset: run.lowerBound)
            error = transfer(run.count, offset + run.lowerBound) { done, place in
                unsafe call(start + done, run.count - done, place)
            }
        }
        return error
    }

    private func failed(_ verb: String, _ error: Int32) -> TensorError {
        TensorError(
            verb == "read" ? .fileUnreadable : .fileUnwritable,
            "cannot \(verb) \(path): \(MappedFile.reason(error))")
    }

    private static func cannotOpen(_ path: String, _ error: Int32) -> TensorError {
        switch error {
        case ENOENT, ENOTDIR:
            TensorError(.fileNotFound, "the folder of \(path) is not there: make it first")
        case EACCES, EPERM, EROFS:
            TensorError(
                .permissionDenied,
                "\(path) may not be written by this user: check its permissions")
        case EISDIR, ENXIO:
            TensorError(.notARegularFile, "\(path) is not a regular file: give the path of a file")
        case ELOOP:
            TensorError(.notARegularFile, "\(path) is a link: give the path of the file itself")
        default:
            TensorError(.fileUnwritable, "cannot open \(path): \(MappedFile.reason(error))")
        }
    }
}
