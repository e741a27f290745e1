#if canImport(Glibc)
    import Glibc
#else
    import Darwin
#endif

extension MappedFile {
    /// Appends a private copy of some of the file's bytes, read by the system and not through the
    /// map: a file that is truncated meanwhile gives an error instead of a bus error.
    ///
    /// For what must be believed after it was checked, such as a header. Precondition: the range
    /// lies within `count`. After an error the array is as it was.
    package func copy(
        _ range: Range<Int>, appendingTo bytes: inout [UInt8]
    ) throws(TensorError) {
        precondition(range.lowerBound >= 0 && range.upperBound <= count)
        let start = bytes.count
        bytes.reserveCapacity(start + range.count)
        bytes.append(contentsOf: repeatElement(0, count: range.count))
        var copied = 0
        while copied < range.count {
            let got = unsafe bytes.withUnsafeMutableBytes { buffer in
                let rest = unsafe UnsafeMutableRawBufferPointer(
                    rebasing: buffer[(start + copied)...])
                return unsafe pread(
                    descriptor, rest.baseAddress, rest.count, off_t(range.lowerBound + copied))
            }
            if got < 0, errno == EINTR { continue }
            guard got > 0 else {
                let reason =
                    got < 0
                    ? "cannot read \(path): \(Self.reason(errno))"
                    : "\(path) became shorter while it was read: wait for its writer, or fetch it"
                        + " again"
                bytes.removeSubrange(start...)
                throw TensorError(.fileUnreadable, reason)
            }
            copied += got
        }
    }
}
