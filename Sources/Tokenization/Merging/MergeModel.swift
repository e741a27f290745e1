/// How the pieces of a text become tokens: what the symbols are that merging begins with, and which
/// symbols merge.
struct MergeModel: Sendable {
    /// What merging begins with.
    enum Symbols: Sendable {
        /// Bytes: every text can be written (GPT-2 and kin).
        case bytes
        /// Characters; those without a token become byte tokens (SentencePiece and kin).
        case characters
    }

    /// The id that stands for "no token".
    static let noToken = UInt32.max

    var symbols: Symbols
    /// Merges by rank. Empty where scores decide.
    var merges: MergeTable
    /// For each token, how early it is formed out of any two symbols whose joined text it is (lower
    /// is earlier), or `.max` if it never is. Empty where ranks decide.
    var priorities: [UInt32] = []
    /// The token of each byte, or `noToken`.
    var byteTokens: [UInt32]
    /// The token of text that has none, or `noToken`: such text is then dropped.
    var unknown: UInt32 = Self.noToken
    /// Whether unknown text in a row becomes one token.
    var fusesUnknown = true
    /// Whether a piece whose text is a token is that token, without merging.
    var ignoresMerges = false

    /// The priority of a score: the higher the score the lower the number.
    static func priority(score: Float) -> UInt32 {
        let bits = score.bitPattern
        let ascending = bits >> 31 == 0 ? bits | 0x8000_0000 : ~bits
        // The highest number is kept for tokens that are never formed.
        return min(~ascending, .max - 1)
    }
}
