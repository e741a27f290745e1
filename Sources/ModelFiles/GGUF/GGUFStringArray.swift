/// The strings of a metadata array, such as a vocabulary: any element in O(1), without a copy.
///
/// The strings stay where they were read, in the header's bytes; this holds an offset for each
/// (4 bytes, where the file has at least 8). Elements are bytes, not text: a vocabulary may hold
/// pieces of characters.
package struct GGUFStringArray: Sendable {
    let header: [UInt8]
    /// Where each element begins in `header`: at its 64-bit length.
    let offsets: [UInt32]

    /// How many strings there are.
    package var count: Int { offsets.count }

    /// Whether there are none.
    package var isEmpty: Bool { offsets.isEmpty }

    func range(_ index: Int) -> Range<Int> {
        let start = Int(offsets[index]) + 8
        let length = Int(truncatingIfNeeded: header.littleEndian(at: start - 8, count: 8))
        return start..<start + length
    }

    /// The bytes of one string, borrowed. O(1).
    package subscript(index: Int) -> Span<UInt8> {
        @_lifetime(borrow self)
        get { header.span.extracting(range(index)) }
    }

    /// The bytes of one string, as a slice that shares the header's memory. O(1).
    package func slice(_ index: Int) -> ArraySlice<UInt8> { header[range(index)] }

    /// One string as text; bytes that are not UTF-8 are replaced by U+FFFD.
    package func text(_ index: Int) -> String { String(decoding: slice(index), as: UTF8.self) }
}
