import QuireIdentifiers

/// Computes the chained keys of one cache.
///
/// Two lanes of folded 64 x 64 bit products over words of two tokens, as in wyhash (Wang Yi, 2019):
/// 16 tokens take 8 products. Not a cryptographic hash: the seed is secret, and a guessed collision
/// gains nothing, since tokens are compared on a hit.
struct KeyHasher: Hashable, Sendable {
    private let first: UInt64
    private let second: UInt64
    private let third: UInt64
    private let fourth: UInt64
    private let mask: UInt64

    /// - Parameters:
    ///   - seed: the secret.
    ///   - bits: how many bits of each half are kept; fewer than 64 to provoke collisions.
    init(seed: UInt64, bits: Int = 64) {
        var state = seed
        func next() -> UInt64 {
            state &+= 0x9E37_79B9_7F4A_7C15
            return Self.fold(state ^ 0xD6E8_FEB8_6659_FD93, 0xA076_1D64_78BD_642F &+ state)
        }
        first = next()
        second = next()
        third = next()
        fourth = next()
        mask = bits >= 64 ? .max : (1 << UInt64(bits)) - 1
    }

    private static func fold(_ a: UInt64, _ b: UInt64) -> UInt64 {
        let product = a.multipliedFullWidth(by: b)
        return product.high ^ product.low
    }

    private func finish(_ a: UInt64, _ b: UInt64, length: Int) -> BlockKey {
        let high = Self.fold(a ^ third, b ^ UInt64(truncatingIfNeeded: length))
        let low = Self.fold(b ^ fourth, a ^ second)
        return BlockKey(high: high & mask, low: low & mask)
    }

    /// The key that a scope's first blocks are chained to.
    func root(_ scope: PrefixScope) -> BlockKey {
        var a = first
        var b = second
        var length = 0
        func absorb(_ word: UInt64) {
            a = Self.fold(word ^ third, a ^ fourth)
            b = Self.fold(word ^ fourth, b ^ first)
            length += 1
        }
        // A tag before each part, and its length after it: no two scopes feed the same words.
        for (tag, part) in [(UInt64(0x7361_6C74), scope.salt), (0x6164_6170, scope.adapter)] {
            guard let part else { continue }
            absorb(tag)
            for byte in part.utf8 { absorb(UInt64(byte)) }
            absorb(UInt64(part.utf8.count) | 1 << 32)
        }
        return finish(a, b, length: length)
    }

    /// The key of the block whose tokens start at `start`, after the block of key `parent`.
    func key(after parent: BlockKey, _ tokens: [TokenID], from start: Int, count: Int) -> BlockKey {
        var a = parent.high ^ first
        var b = parent.low ^ second
        var position = start
        let end = start + count
        while position < end {
            let low = word(tokens, position, end)
            let high = word(tokens, position + 2, end)
            a = Self.fold(low ^ third, high ^ a)
            b = Self.fold(high ^ fourth, low ^ b)
            position += 4
        }
        return finish(a, b, length: count)
    }

    private func word(_ tokens: [TokenID], _ position: Int, _ end: Int) -> UInt64 {
        guard position < end else { return 0 }
        let low = UInt64(tokens[position].rawValue)
        return position + 1 < end ? low | UInt64(tokens[position + 1].rawValue) << 32 : low
    }
}
