/// The merges of a byte-pair encoding: which two tokens join, in which order of preference, and
/// into which token. A flat open-addressing hash table.
struct MergeTable: Sendable {
    /// Pairs of words: the two ids plus one in the lower and upper half (0: empty), then the rank
    /// in the upper half over the joined id.
    private var words: [UInt64]
    private let shift: UInt64
    private(set) var count = 0

    /// Room for `capacity` merges.
    init(capacity: Int) {
        let bits = UInt64.bitWidth - (max(capacity + capacity / 2, 8) - 1).leadingZeroBitCount
        words = Array(repeating: 0, count: 2 << bits)
        shift = UInt64(64 - bits)
    }

    /// The words, to be searched with `find`.
    var view: View {
        @_lifetime(borrow self)
        get { View(words: words.span, shift: shift) }
    }

    @inline(__always)
    fileprivate static func key(_ left: UInt32, _ right: UInt32) -> UInt64 {
        (UInt64(left) + 1) << 32 | (UInt64(right) + 1)
    }

    @inline(__always)
    fileprivate static func home(_ key: UInt64, _ shift: UInt64) -> Int {
        Int(truncatingIfNeeded: (key &* 0x9E37_79B9_7F4A_7C15) >> shift) * 2
    }

    /// Enters a merge, unless the pair has one already: the first is the preferred one.
    mutating func insert(_ left: UInt32, _ right: UInt32, rank: UInt32, id: UInt32) {
        let key = Self.key(left, right)
        var slot = Self.home(key, shift)
        while words[slot] != 0 {
            if words[slot] == key { return }
            slot = (slot + 2) & (words.count - 1)
        }
        words[slot] = key
        words[slot + 1] = UInt64(rank) << 32 | UInt64(id)
        count += 1
    }

    /// The table as the encoder sees it.
    struct View: ~Escapable {
        fileprivate let words: Span<UInt64>
        fileprivate let shift: UInt64

        @_lifetime(copy words)
        fileprivate init(words: Span<UInt64>, shift: UInt64) {
            self.words = words
            self.shift = shift
        }

        /// The merge of two tokens: its rank (lower is earlier) over the id they join into.
        @inline(__always)
        func find(_ left: UInt32, _ right: UInt32) -> UInt64? {
            let key = MergeTable.key(left, right)
            var slot = MergeTable.home(key, shift)
            while true {
                let found = words[slot]
                if found == key { return words[slot + 1] }
                if found == 0 { return nil }
                slot = (slot + 2) & (words.count - 1)
            }
        }
    }
}
