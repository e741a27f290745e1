/// The name of a full block's content and of all that precedes it: a chained 128-bit hash.
///
/// `key = H(seed, parent's key, tokens of the block)`, and the root's key is `H(seed, scope)`.
/// A key finds a block; it is never trusted: on a hit the tokens are compared too.
public struct BlockKey: Hashable, Sendable {
    /// The first 64 bits.
    public let high: UInt64

    /// The last 64 bits.
    public let low: UInt64

    /// A key of the given bits.
    public init(high: UInt64, low: UInt64) {
        self.high = high
        self.low = low
    }
}
