/// A stretch of UTF-8, read by scalars. Never reads outside of it, whatever the bytes are.
struct UTF8Text: ~Escapable {
    let bytes: Span<UInt8>
    let range: Range<Int>

    @_lifetime(copy bytes)
    init(_ bytes: Span<UInt8>, _ range: Range<Int>) {
        precondition(range.lowerBound >= 0 && range.upperBound <= bytes.count)
        self.bytes = bytes
        self.range = range
    }

    /// The scalar at a position before the end, and where the next one begins. Bytes that are cut
    /// off give U+FFFD.
    @inline(__always)
    func scalar(at position: Int) -> (value: UInt32, end: Int) {
        let first = bytes[position]
        if first < 0x80 { return (UInt32(first), position + 1) }
        return wideScalar(first, position)
    }

    private func wideScalar(_ first: UInt8, _ position: Int) -> (value: UInt32, end: Int) {
        let width = first < 0xC0 ? 1 : first < 0xE0 ? 2 : first < 0xF0 ? 3 : first < 0xF8 ? 4 : 1
        guard width > 1 else { return (0xFFFD, position + 1) }
        guard position + width <= range.upperBound else { return (0xFFFD, range.upperBound) }
        var value = UInt32(first) & (0x7F >> UInt32(width))
        for offset in 1..<width { value = value << 6 | UInt32(bytes[position + offset] & 0x3F) }
        return (value, position + width)
    }

    /// Where the scalar begins that ends at a position behind the beginning.
    @inline(__always)
    func start(ofScalarBefore position: Int) -> Int {
        var index = position - 1
        while index > range.lowerBound, bytes[index] & 0xC0 == 0x80, position - index < 4 {
            index -= 1
        }
        return index
    }
}
