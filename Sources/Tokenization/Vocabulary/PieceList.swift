/// Byte strings one after the other in one allocation.
struct PieceList: Sendable {
    private(set) var bytes: [UInt8] = []
    private(set) var offsets: [UInt32] = [0]

    /// How many strings there are.
    var count: Int { offsets.count - 1 }

    mutating func reserve(strings: Int, bytes count: Int) {
        offsets.reserveCapacity(strings + 1)
        bytes.reserveCapacity(count)
    }

    mutating func append(_ string: some Collection<UInt8>) {
        bytes.append(contentsOf: string)
        offsets.append(UInt32(bytes.count))
    }

    /// Appends what `body` appends to the bytes.
    mutating func append(_ body: (inout [UInt8]) -> Void) {
        body(&bytes)
        offsets.append(UInt32(bytes.count))
    }

    /// Where a string lies in `bytes`.
    @inline(__always)
    func range(_ index: Int) -> Range<Int> { Int(offsets[index])..<Int(offsets[index + 1]) }

    /// One string, borrowed.
    subscript(index: Int) -> Span<UInt8> {
        @_lifetime(borrow self)
        get { bytes.span.extracting(range(index)) }
    }

    /// One string, sharing memory.
    func slice(_ index: Int) -> ArraySlice<UInt8> { bytes[range(index)] }
}
