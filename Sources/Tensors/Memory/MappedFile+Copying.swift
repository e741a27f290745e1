#if canImport(Glibc)
    import Glibc
#else
    import Darwin
#endif

extension MappedFile {
    /// A private copy of some of the file's bytes, read by the system and not through the map: a
    /// file that is truncated meanwhile gives an error instead of a bus error.
    ///
    /// For what must be believed after it was checked, such as a header. Precondition: the range
    /// lies within `count`.
    public func copy(_ range: Range<Int>) throws(TensorError) -> [UInt8] {
        precondition(range.lowerBound >= 0 && range.upperBound <= count)
        var failure: Int32 = 0
        let bytes = unsafe [UInt8](unsafeUninitializedCapacity: range.count) { buffer, filled in
            while filled < range.count {
                let rest = unsafe UnsafeMutableBufferPointer(rebasing: buffer[filled...])
                let got = unsafe pread(
                    descriptor, rest.baseAddress, rest.count, off_t(range.lowerBound + filled))
                if got < 0, errno == EINTR { continue }
                if got < 0 { failure = errno }
                guard got > 0 else { return }
                filled += got
            }
        }
        guard failure == 0 else {
            throw TensorError(.fileUnreadable, "cannot read \(path): \(Self.reason(failure))")
        }
        guard bytes.count == range.count else {
            throw TensorError(
                .fileUnreadable,
                "\(path) became shorter while it was read: wait for its writer, or fetch it again")
        }
        return bytes
    }
}
