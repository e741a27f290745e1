extension [UInt8] {
    /// The `count` (at most 8) bytes at `offset`, as a little-endian number.
    func littleEndian(at offset: Int, count: Int) -> UInt64 {
        var value: UInt64 = 0
        for index in 0..<count {
            value |= UInt64(self[offset + index]) << UInt64(8 * index)
        }
        return value
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
