import QuireIdentifiers

/// The ids of words met before. Bounded: a new word takes the place of the one in its slot.
///
/// Words of up to 15 bytes are kept, as two machine words that hold the bytes and the length, so
/// that a comparison is exact and touches no other memory.
struct WordCache {
    /// A word of up to 15 bytes. Never all zero, as the length is above 0.
    struct Key {
        let low: UInt64
        let high: UInt64
    }

    static let longestWord = 15
    /// Ids kept for a word; one that makes more is not kept.
    private static let longestIDs = 6
    /// 64-bit words of a slot: the key, the ids in pairs, the count.
    private static let stride = 6

    private var slots: [UInt64] = []

    /// The key of the word in `range`, which has at most `longestWord` bytes.
    @inline(__always)
    static func key(_ text: Span<UInt8>, _ range: Range<Int>) -> Key {
        let count = range.count
        var low: UInt64 = 0
        var high: UInt64 = 0
        if range.lowerBound + 16 <= text.count {
            // Sixteen bytes at once; what follows the word is masked away.
            let bytes = text.extracting(range.lowerBound..<range.lowerBound + 16)
            for index in 0..<8 { low |= UInt64(bytes[index]) << UInt64(8 * index) }
            for index in 0..<8 { high |= UInt64(bytes[index + 8]) << UInt64(8 * index) }
            let bits = UInt64(count) * 8
            if count < 8 {
                low &= (1 << bits) &- 1
                high = 0
            } else {
                high &= (1 << (bits - 64)) &- 1
            }
        } else {
            for index in 0..<min(count, 8) {
                low |= UInt64(text[range.lowerBound + index]) << UInt64(8 * index)
            }
            for index in 8..<max(count, 8) {
                high |= UInt64(text[range.lowerBound + index]) << UInt64(8 * (index - 8))
            }
        }
        return Key(low: low, high: high | UInt64(count) << 56)
    }

    @inline(__always)
    private static func slot(_ key: Key) -> Int {
        var hash = (key.low ^ 0x9E37_79B9_7F4A_7C15) &* 0xFF51_AFD7_ED55_8CCD
        hash = (hash ^ (hash >> 32) ^ key.high) &* 0xC4CE_B9FE_1A85_EC53
        let slot = Int(truncatingIfNeeded: hash >> 40) & (TokenizerLimits.cachedWords - 1)
        return slot * stride
    }

    /// Appends the ids of a word if they are known.
    @inline(__always)
    func append(_ key: Key, to output: inout [TokenID]) -> Bool {
        let slot = Self.slot(key)
        guard slot < slots.count, slots[slot] == key.low, slots[slot + 1] == key.high else {
            return false
        }
        let first = slots[slot + 2]
        let count = slots[slot + 5]
        output.append(TokenID(UInt32(truncatingIfNeeded: first)))
        if count > 1 { output.append(TokenID(UInt32(truncatingIfNeeded: first >> 32))) }
        var index: UInt64 = 2
        while index < count {
            let pair = slots[slot + 2 + Int(index / 2)]
            output.append(
                TokenID(UInt32(truncatingIfNeeded: index % 2 == 0 ? pair : pair >> 32)))
            index += 1
        }
        return true
    }

    /// Keeps the ids of a word, if there are any and not too many.
    mutating func insert(_ key: Key, _ ids: ArraySlice<TokenID>) {
        guard (1...Self.longestIDs).contains(ids.count) else { return }
        if slots.isEmpty {
            slots = Array(repeating: 0, count: TokenizerLimits.cachedWords * Self.stride)
        }
        let slot = Self.slot(key)
        slots[slot] = key.low
        slots[slot + 1] = key.high
        for index in 2..<Self.stride { slots[slot + index] = 0 }
        for (index, id) in ids.enumerated() {
            slots[slot + 2 + index / 2] |= UInt64(id.rawValue) << UInt64(index % 2 * 32)
        }
        slots[slot + 5] = UInt64(ids.count)
    }
}
