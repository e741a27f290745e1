#if canImport(Glibc)
    import Glibc
#else
    import Darwin
#endif

/// Files of the system that are read whole: /proc, /sys.
enum SmallFile {
    /// The text of a file; nil if it cannot be read. At most `TensorLimits.systemFileBytes`.
    static func read(_ path: String) -> String? {
        let descriptor = FileName.open(path, O_RDONLY | O_NONBLOCK | O_CLOEXEC)
        guard descriptor >= 0 else { return nil }
        defer { close(descriptor) }
        var bytes: [UInt8] = []
        var chunk = [UInt8](repeating: 0, count: 4096)
        while bytes.count < TensorLimits.systemFileBytes {
            let count = unsafe chunk.withUnsafeMutableBytes { chunk in
                // The module's name: `read` is this function.
                #if canImport(Glibc)
                    unsafe Glibc.read(descriptor, chunk.baseAddress, chunk.count)
                #else
                    unsafe Darwin.read(descriptor, chunk.baseAddress, chunk.count)
                #endif
            }
            guard count > 0 else { break }
            bytes += chunk[..<count]
        }
        return String(decoding: bytes, as: UTF8.self)
    }
}
