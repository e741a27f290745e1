extension KVArena {
    /// A copy of a page. O(`pageBytes`).
    package func bytes(page: Int) -> [UInt8] {
        var bytes: [UInt8] = []
        bytes.reserveCapacity(pageBytes)
        forEachRun(0..<pageBytes) { run in
            let start = unsafe pointer(page: page, offset: run.lowerBound)
            unsafe bytes.append(
                contentsOf: UnsafeRawBufferPointer(start: start, count: run.count))
        }
        return bytes
    }

    /// Replaces a page. O(`pageBytes`).
    package func setBytes(_ bytes: [UInt8], page: Int) {
        precondition(bytes.count == pageBytes, "a page of another size")
        unsafe bytes.withUnsafeBytes { bytes in
            forEachRun(0..<pageBytes) { run in
                let start = unsafe pointer(page: page, offset: run.lowerBound)
                unsafe UnsafeMutableRawBufferPointer(start: start, count: run.count).copyMemory(
                    from: UnsafeRawBufferPointer(rebasing: bytes[run]))
            }
        }
    }
}
