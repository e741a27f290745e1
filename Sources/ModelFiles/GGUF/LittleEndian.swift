extension [UInt8] {
    /// The `count` (at most 8) bytes at `offset`, as a little-endian number.
    @inline(__always)
    func littleEndian(at offset: Int, count: Int) -> UInt64 {
        if count == 8 { return littleEndian64(at: offset) }
        var value: UInt64 = 0
        for index in 0..<count {
            value |= UInt64(self[offset + index]) << UInt64(8 * index)
        }
        return value
    }

    // Written out, it becomes one load: half a million lengths are read for a vocabulary.
    private func littleEndian64(at offset: Int) -> UInt64 {
        precondition(offset >= 0 && offset + 8 <= count)
        let low =
            UInt64(self[offset]) | UInt64(self[offset + 1]) << 8 | UInt64(self[offset + 2]) << 16
            | UInt64(self[offset + 3]) << 24
        let high =
            UInt64(self[offset + 4]) | UInt64(self[offset + 5]) << 8
            | UInt64(self[offset + 6]) << 16 | UInt64(self[offset + 7]) << 24
        return low | high << 32
    }

    /// Appends the low `count` bytes of a number, the lowest first.
    mutating func append(littleEndian value: UInt64, count: Int) {
        for index in 0..<count {
            append(UInt8(truncatingIfNeeded: value >> UInt64(8 * index)))
        }
    }

    /// Appends a GGUF string: length, then bytes.
    mutating func append(lengthPrefixed bytes: some Collection<UInt8>) {
        append(littleEndian: UInt64(bytes.count), count: 8)
        append(contentsOf: bytes)
    }
}
