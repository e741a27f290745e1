/// The generator MT19937, as NumPy's legacy `RandomState` seeds and reads it.
///
/// It is here so that what a NumPy program drew can be drawn again, to the last bit. Simulations
/// that need not repeat another program use a smaller generator.
///
/// Matsumoto and Nishimura, "Mersenne Twister: a 623-dimensionally equidistributed uniform
/// pseudo-random number generator", ACM TOMACS 8 (1998), with the seeding of 2002
/// (`init_genrand`).
package struct MersenneTwister: RandomNumberGenerator, Sendable {
    private static let length = 624
    private static let offset = 397

    private var state: [UInt32]
    private var place: Int

    /// The generator of `numpy.random.RandomState(seed)`.
    package init(seed: UInt32) {
        state = []
        state.reserveCapacity(Self.length)
        var word = seed
        for index in 0..<UInt32(Self.length) {
            state.append(word)
            word = 1_812_433_253 &* (word ^ (word >> 30)) &+ index &+ 1
        }
        place = Self.length
    }

    /// The next 32 bits. O(1) amortised.
    package mutating func next32() -> UInt32 {
        if place == Self.length { renew() }
        var word = state[place]
        place += 1
        word ^= word >> 11
        word ^= (word << 7) & 0x9D2C_5680
        word ^= (word << 15) & 0xEFC6_0000
        word ^= word >> 18
        return word
    }

    /// The next 64 bits: two words, the high one first, as NumPy joins them.
    package mutating func next() -> UInt64 {
        let high = UInt64(next32())
        return high << 32 | UInt64(next32())
    }

    private mutating func renew() {
        for index in 0..<Self.length {
            let following = state[(index + 1) % Self.length]
            let joined = (state[index] & 0x8000_0000) | (following & 0x7FFF_FFFF)
            let twisted = joined & 1 == 0 ? 0 : 0x9908_B0DF as UInt32
            state[index] =
                state[(index + Self.offset) % Self.length] ^ (joined >> 1) ^ twisted
        }
        place = 0
    }
}
