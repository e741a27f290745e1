import QuireIdentifiers

/// How the pieces that a pre-tokenizer leaves become tokens.
enum PieceModel: Sendable {
    /// Symbols merge, two by two (byte-pair encoding).
    case merging(MergeModel)
    /// The likeliest tokens whose texts make the piece.
    case unigram(UnigramModel)
    /// The longest token that the piece begins with, and so on.
    case wordPiece(WordPieceModel)
}

/// Turns the pieces of one text into tokens.
protocol PieceEncoding: ~Escapable {
    /// Appends the tokens of the piece in `range`.
    func encode(_ range: Range<Int>, _ scratch: inout MergeScratch, to output: inout [TokenID])
}
