/// Finds the id of a token by its text: an open-addressing hash table over a `PieceList`.
struct PieceIndex: Sendable {
    /// A slot holds the upper half of the text's hash, and below it the id plus one; 0 is empty.
    private var slots: [UInt64]
    private let shift: UInt64

    /// Room for `count` tokens.
    init(count: Int) {
        let bits = UInt64.bitWidth - (max(count, 4) * 2 - 1).leadingZeroBitCount
        slots = Array(repeating: 0, count: 1 << bits)
        shift = UInt64(64 - bits)
    }

    /// The hash of no bytes.
    static let seed: UInt64 = 0xCBF2_9CE4_8422_2325

    /// A hash that can be continued: `hash(b, hash(a))` is the hash of a followed by b.
    ///
    /// FNV-1a: tokens are a few bytes long, and merging needs the hash of two tokens joined.
    @inline(__always)
    static func hash(_ text: Span<UInt8>, _ seed: UInt64 = Self.seed) -> UInt64 {
        var hash = seed
        for index in text.indices { hash = (hash ^ UInt64(text[index])) &* 0x100_0000_01B3 }
        return hash
    }

    /// The home slot: the hash spread, as FNV leaves its upper bits weak for short texts.
    @inline(__always)
    private func home(_ hash: UInt64) -> (slot: Int, tag: UInt64) {
        let spread = (hash ^ (hash >> 29)) &* 0x9E37_79B9_7F4A_7C15
        return (Int(truncatingIfNeeded: spread >> shift), spread << 32)
    }

    /// Enters a token unless its text is there already; gives the id that has the text if so.
    mutating func insert(_ id: Int, of pieces: borrowing PieceList) -> Int? {
        let text = pieces[id]
        var (slot, tag) = home(Self.hash(text))
        while slots[slot] != 0 {
            if let present = match(slots[slot], tag, text, pieces) { return present }
            slot = (slot + 1) & (slots.count - 1)
        }
        slots[slot] = tag | UInt64(id + 1)
        return nil
    }

    /// The id of the token whose text is `text`.
    @inline(__always)
    func find(_ text: Span<UInt8>, in pieces: borrowing PieceList) -> Int? {
        find(text, hash: Self.hash(text), in: pieces)
    }

    /// The id of the token whose text is `text`, which has that hash.
    func find(_ text: Span<UInt8>, hash: UInt64, in pieces: borrowing PieceList) -> Int? {
        var (slot, tag) = home(hash)
        while slots[slot] != 0 {
            if let id = match(slots[slot], tag, text, pieces) { return id }
            slot = (slot + 1) & (slots.count - 1)
        }
        return nil
    }

    /// The id of the token whose text is `left` followed by `right`.
    func find(
        _ left: Span<UInt8>, _ right: Span<UInt8>, in pieces: borrowing PieceList
    ) -> Int? {
        var (slot, tag) = home(Self.hash(right, Self.hash(left)))
        while slots[slot] != 0 {
            let entry = slots[slot]
            if entry & ~0xFFFF_FFFF == tag {
                let id = Int(entry & 0xFFFF_FFFF) - 1
                let text = pieces[id]
                if text.count == left.count + right.count,
                    Self.equal(text.extracting(first: left.count), left),
                    Self.equal(text.extracting(last: right.count), right)
                {
                    return id
                }
            }
            slot = (slot + 1) & (slots.count - 1)
        }
        return nil
    }

    @inline(__always)
    private func match(
        _ entry: UInt64, _ tag: UInt64, _ text: Span<UInt8>, _ pieces: borrowing PieceList
    ) -> Int? {
        guard entry & ~0xFFFF_FFFF == tag else { return nil }
        let id = Int(entry & 0xFFFF_FFFF) - 1
        return Self.equal(pieces[id], text) ? id : nil
    }

    @inline(__always)
    private static func equal(_ left: Span<UInt8>, _ right: Span<UInt8>) -> Bool {
        guard left.count == right.count else { return false }
        for index in left.indices where left[index] != right[index] { return false }
        return true
    }
}
