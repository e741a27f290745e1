#if canImport(Glibc)
    import Glibc
#else
    import Darwin
#endif

/// A regular file mapped into memory, read only: its bytes are read from disk when first touched
/// and shared with every process that maps the same file.
///
/// A file that another process truncates while it is mapped ends the process with a bus error, as
/// with any mapping: replace model files by renaming, never in place.
package final class MappedFile: Sendable {
    /// The path that the file was opened by.
    package let path: String

    /// The number of bytes in the file.
    package let count: Int

    /// When the file was last written to, as it was opened: nanoseconds since 1970.
    package let modified: Int

    private let address: UInt
    let descriptor: Int32

    /// Maps the file at a path. O(1): no byte is read.
    ///
    /// Directories, pipes, sockets and devices are refused without blocking, as are empty files.
    package init(path: String) throws(TensorError) {
        // O_NONBLOCK: opening a pipe without a writer would wait for ever.
        let descriptor = FileName.open(path, O_RDONLY | O_NONBLOCK | O_CLOEXEC)
        guard descriptor >= 0 else { throw Self.cannotOpen(path, errno) }
        var isOpen = false
        defer { if !isOpen { close(descriptor) } }
        var status = stat()
        guard unsafe fstat(descriptor, &status) == 0 else { throw Self.cannotOpen(path, errno) }
        guard status.st_mode & S_IFMT == S_IFREG else {
            throw TensorError(
                .notARegularFile,
                "\(path) is \(Self.kind(of: status.st_mode)), not a regular file: give the path"
                    + " of a model file")
        }
        guard status.st_size > 0 else {
            throw TensorError(.emptyFile, "\(path) is empty: fetch the file again")
        }
        guard let size = Int(exactly: status.st_size) else {
            throw TensorError(.tooLarge, "\(path) is too large to map on this machine")
        }
        let mapped = unsafe mmap(nil, size, PROT_READ, MAP_SHARED, descriptor, 0)
        guard let mapped = unsafe mapped, unsafe mapped != MAP_FAILED else {
            throw Self.cannotMap(path, size, errno)
        }
        self.path = path
        count = size
        address = UInt(bitPattern: mapped)
        #if canImport(Darwin)
            let time = status.st_mtimespec
        #else
            let time = status.st_mtim
        #endif
        modified = time.tv_sec &* 1_000_000_000 &+ time.tv_nsec
        self.descriptor = descriptor
        isOpen = true
    }

    deinit {
        unsafe munmap(base, count)
        close(descriptor)
    }

    private var base: UnsafeMutableRawPointer {
        // The address came from mmap, so it is not null.
        unsafe UnsafeMutableRawPointer(bitPattern: address).unsafelyUnwrapped
    }

    /// The file's bytes.
    package var bytes: RawSpan {
        @_lifetime(borrow self)
        get {
            let span = unsafe RawSpan(_unsafeStart: base, byteCount: count)
            return unsafe _overrideLifetime(span, borrowing: self)
        }
    }

    /// The address of a byte, for kernels; the file must outlive its use.
    func pointer(at offset: Int) -> UnsafeRawPointer {
        precondition(offset >= 0 && offset <= count)
        return unsafe UnsafeRawPointer(base + offset)
    }
}

extension MappedFile {
    /// What the operating system is told about the use of a range.
    package enum Advice: Sendable {
        /// The range is read soon: start reading it from disk now.
        case willNeed
        /// What the system takes for granted: it reads a little around what is asked for.
        case normal
        /// The range is read from front to back.
        case sequential
        /// The range is read here and there.
        case random
        /// The range is not read for a while: its pages may be dropped.
        case dontNeed
    }

    /// Advises the operating system on a range of bytes; a hint, never an error. The range is
    /// widened to whole pages, except for `dontNeed`.
    package func advise(_ advice: Advice, _ range: Range<Int>) {
        precondition(range.lowerBound >= 0 && range.upperBound <= count)
        let page = Int(sysconf(Int32(_SC_PAGESIZE)))
        var start = range.lowerBound / page * page
        var end = range.upperBound
        let flag: Int32
        switch advice {
        case .willNeed: flag = Int32(MADV_WILLNEED)
        case .normal: flag = Int32(MADV_NORMAL)
        case .sequential: flag = Int32(MADV_SEQUENTIAL)
        case .random: flag = Int32(MADV_RANDOM)
        case .dontNeed:
            flag = Int32(MADV_DONTNEED)
            start = (range.lowerBound + page - 1) / page * page
            end = end / page * page
        }
        guard start < end else { return }
        unsafe madvise(base + start, end - start, flag)
    }
}

extension MappedFile {
    private static func cannotOpen(_ path: String, _ error: Int32) -> TensorError {
        switch error {
        case ENOENT, ENOTDIR:
            TensorError(.fileNotFound, "there is no file at \(path): check the path")
        case EACCES, EPERM:
            TensorError(
                .permissionDenied, "\(path) may not be read by this user: check its permissions")
        case ENXIO:
            TensorError(
                .notARegularFile,
                "\(path) is a socket or a device, not a regular file: give the path of a model"
                    + " file")
        default:
            TensorError(.fileUnreadable, "cannot open \(path): \(reason(error))")
        }
    }

    private static func cannotMap(_ path: String, _ size: Int, _ error: Int32) -> TensorError {
        guard error == ENOMEM else {
            return TensorError(.fileUnreadable, "cannot map \(path): \(reason(error))")
        }
        return TensorError(
            .outOfMemory,
            "cannot map \(path): there are no \(size) bytes of address space left for it; raise"
                + " the limit, such as with ulimit -v unlimited")
    }

    /// An error number in the system's words.
    package static func reason(_ error: Int32) -> String {
        unsafe String(cString: strerror(error))
    }

    private static func kind(of mode: mode_t) -> String {
        switch mode & S_IFMT {
        case S_IFDIR: "a directory"
        case S_IFIFO: "a pipe"
        case S_IFSOCK: "a socket"
        case S_IFCHR, S_IFBLK: "a device"
        default: "a special file"
        }
    }
}
