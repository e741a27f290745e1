/// The tokens of a model: their texts, kinds, and the bytes they stand for.
struct Vocabulary: Sendable {
    /// The texts as the file has them: in the byte alphabet, or with U+2581 for spaces.
    let texts: PieceList
    /// What each token is for.
    let kinds: [TokenKind]
    /// The bytes that each token stands for in text.
    let decoded: PieceList
    private let index: PieceIndex

    init(texts: PieceList, kinds: [TokenKind], decoded: PieceList, index: PieceIndex) {
        precondition(kinds.count == texts.count && decoded.count == texts.count)
        self.texts = texts
        self.kinds = kinds
        self.decoded = decoded
        self.index = index
    }

    /// How many tokens there are.
    var count: Int { texts.count }

    /// The id of a text.
    @inline(__always)
    func find(_ text: Span<UInt8>) -> Int? { index.find(text, in: texts) }

    /// The id of one text followed by another.
    func find(_ left: Span<UInt8>, _ right: Span<UInt8>) -> Int? {
        index.find(left, right, in: texts)
    }

    /// The id of a text whose hash is known.
    @inline(__always)
    func find(_ text: Span<UInt8>, hash: UInt64) -> Int? {
        index.find(text, hash: hash, in: texts)
    }
}
