extension KVArena {
    /// A copy of a page. O(`pageBytes`).
    package func bytes(page: Int) -> [UInt8] {
        let start = unsafe pointer(page: page, offset: 0)
        return unsafe Array(UnsafeRawBufferPointer(start: start, count: pageBytes))
    }

    /// Replaces a page. O(`pageBytes`).
    package func setBytes(_ bytes: [UInt8], page: Int) {
        precondition(bytes.count == pageBytes, "a page of another size")
        let start = unsafe pointer(page: page, offset: 0)
        unsafe bytes.withUnsafeBytes { bytes in
            unsafe UnsafeMutableRawBufferPointer(start: start, count: bytes.count).copyMemory(
                from: bytes)
        }
    }
}
