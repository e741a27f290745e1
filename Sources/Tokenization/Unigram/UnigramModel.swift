/// A Unigram model (Kudo, "Subword Regularization", 2018): each token has the logarithm of its
/// probability, and a text becomes the tokens whose sum is highest.
struct UnigramModel: Sendable {
    /// The score of each token; what is no text has none and is never chosen.
    let scores: [Double]
    /// The score of a character that no token is.
    let unknownScore: Double
    /// The bytes of the longest token of text.
    let longest: Int
    /// The token of text that has none, or `noToken`: such text is then dropped.
    let unknown: UInt32
    /// Whether unknown text in a row becomes one token.
    var fusesUnknown = true
    /// The token of each byte, or `noToken`.
    let byteTokens: [UInt32]
    /// Whether sums are kept in 32 bits, as SentencePiece keeps them; `tokenizers` has 64.
    let isSinglePrecision: Bool

    /// What SentencePiece takes off the lowest score for an unknown character.
    private static let unknownPenalty = 10.0

    /// - Parameters:
    ///   - lowest: the score below which unknown characters are.
    ///   - isText: whether a token may be found in text.
    init(
        scores: [Double], lowest: Double, texts: PieceList, unknown: UInt32, byteTokens: [UInt32],
        isSinglePrecision: Bool, isText: (Int) -> Bool
    ) throws(TokenizerError) {
        var usable = scores
        var longest = 0
        for id in scores.indices {
            if isText(id), !texts.range(id).isEmpty {
                longest = max(longest, texts.range(id).count)
            } else {
                usable[id] = -.infinity
            }
        }
        guard longest <= TokenizerLimits.specialTokenBytes else {
            throw TokenizerError(
                .tooLarge,
                "a token of \(longest) bytes; a Unigram model's have at most"
                    + " \(TokenizerLimits.specialTokenBytes)")
        }
        self.scores = usable
        self.longest = longest
        self.unknown = unknown
        self.byteTokens = byteTokens
        self.isSinglePrecision = isSinglePrecision
        unknownScore =
            isSinglePrecision
            ? Double(Float(lowest) - Float(Self.unknownPenalty)) : lowest - Self.unknownPenalty
    }

    /// A sum as the reference keeps it.
    @inline(__always)
    func kept(_ sum: Double) -> Double { isSinglePrecision ? Double(Float(sum)) : sum }
}
