/// How often blocks that were given up had been used: a bounded table, the older forgotten first.
///
/// Eight entries a set, two bytes an entry: 11 bits of the key, and the uses up to 31. A confusion,
/// one in 256 new keys, costs a wrong guess about reuse, no answer.
struct UseMemory: Sendable {
    private static let ways = 8
    private static let markBits: UInt16 = 0xFFE0
    private static let mostUses: UInt8 = 31

    private(set) var entries: [UInt16]

    /// A memory of about `capacity` blocks.
    init(capacity: Int) {
        let sets = max(1, (capacity + Self.ways - 1) / Self.ways)
        entries = Array(repeating: 0, count: sets * Self.ways)
    }

    /// Where a key's set begins, and its mark, which is the high part of an entry.
    private func place(of hash: UInt64) -> (start: Int, mark: UInt16) {
        let sets = UInt64(entries.count / Self.ways)
        let set = Int(hash.multipliedFullWidth(by: sets).high)
        return (set * Self.ways, UInt16(truncatingIfNeeded: hash) & Self.markBits)
    }

    /// Remembers a block with at least one use.
    ///
    /// - Parameter hash: a mixed form of its key.
    mutating func remember(_ hash: UInt64, uses: UInt8) {
        precondition(uses > 0, "a block that was never used")
        let (start, mark) = place(of: hash)
        // The newest stands first; what was there moves back over the same key or the oldest.
        var last = 0
        while last < Self.ways - 1, !matches(entries[start + last], mark) { last += 1 }
        while last > 0 {
            entries[start + last] = entries[start + last - 1]
            last -= 1
        }
        entries[start] = mark | UInt16(min(uses, Self.mostUses))
    }

    /// The uses of a block, which is forgotten by it; 0 when it is not remembered.
    mutating func take(_ hash: UInt64) -> UInt8 {
        let (start, mark) = place(of: hash)
        for way in 0..<Self.ways where matches(entries[start + way], mark) {
            let uses = UInt8(truncatingIfNeeded: entries[start + way] & ~Self.markBits)
            entries[start + way] = 0
            return uses
        }
        return 0
    }

    private func matches(_ entry: UInt16, _ mark: UInt16) -> Bool {
        entry != 0 && entry & Self.markBits == mark
    }
}
