/// Fixed-width numbers and short texts, appended to bytes.
struct ByteWriter {
    private(set) var bytes: [UInt8] = []

    mutating func append<N: FixedWidthInteger>(_ number: N) {
        for shift in stride(from: 0, to: N.bitWidth, by: 8) {
            bytes.append(UInt8(truncatingIfNeeded: number >> N(shift)))
        }
    }

    mutating func append(_ more: [UInt8]) { bytes += more }

    /// Fills up with zeros.
    mutating func pad(to count: Int) {
        precondition(bytes.count <= count, "more bytes than there is room for")
        bytes += [UInt8](repeating: 0, count: count - bytes.count)
    }
}

/// Reads back what a `ByteWriter` wrote; nil beyond the end.
struct ByteReader {
    private let bytes: [UInt8]
    private var place = 0

    init(_ bytes: [UInt8]) { self.bytes = bytes }

    mutating func number<N: FixedWidthInteger>(_: N.Type = N.self) -> N? {
        guard let part = next(N.bitWidth / 8) else { return nil }
        var value: N = 0
        for (index, byte) in part.enumerated() {
            value |= N(truncatingIfNeeded: byte) << N(8 * index)
        }
        return value
    }

    mutating func next(_ count: Int) -> ArraySlice<UInt8>? {
        guard count >= 0, bytes.count - place >= count else { return nil }
        defer { place += count }
        return bytes[place..<place + count]
    }
}
