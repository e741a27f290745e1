/// Bits that only depend on a seed, for words and conversations that templates are tried with: what
/// is learned must be the same at every load.
struct ProbeBits: Sendable {
    private var state: UInt64

    init(seed: UInt64) { state = seed &* 0x9E37_79B9_7F4A_7C15 | 1 }

    /// The next 64 bits (xorshift).
    mutating func next() -> UInt64 {
        state ^= state << 13
        state ^= state >> 7
        state ^= state << 17
        return state
    }
}
