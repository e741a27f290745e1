/// A `tokenizer.model` as it stands: SentencePiece's `ModelProto`.
struct SentencePieceFile {
    private(set) var texts = PieceList()
    private(set) var scores: [Float] = []
    private(set) var kinds: [TokenKind] = []
    private(set) var trainer = Trainer()
    private(set) var normalizer = Rules()
    /// What undoes the normalizer.
    private(set) var denormalizer = Rules(addsSpace: false, dropsSpaces: false)

    /// What is read of the `TrainerSpec`.
    struct Trainer {
        /// 1: Unigram, 2: BPE, 3: words, 4: characters.
        var kind: UInt64 = 1
        var spaceIsSuffix = false
        var byteFallback = false
        var unknown = 0
        var bos = 1
        var eos = 2
    }

    /// What is read of the `NormalizerSpec`.
    struct Rules {
        var charsmap: Range<Int>?
        var addsSpace = true
        var dropsSpaces = true
        var escapesSpaces = true
    }

    /// - Throws: `badFile` for what is no such message, `tooLarge`.
    init(_ bytes: [UInt8]) throws(TokenizerError) {
        var reader = ProtobufReader(bytes)
        while let (field, value) = try reader.next() {
            guard case .bytes(let range) = value else {
                if field < 6 { throw Self.fault("field \(field) of the model is no message") }
                continue
            }
            switch field {
            case 1: try readPiece(bytes, range)
            case 2: trainer = try Self.trainer(bytes, range)
            case 3: try Self.read(&normalizer, bytes, range)
            case 5: try Self.read(&denormalizer, bytes, range)
            default: break
            }
        }
    }

    static func fault(_ text: String) -> TokenizerError {
        TokenizerError(.badFile, "tokenizer.model is no SentencePiece model: \(text)")
    }

    private mutating func readPiece(_ bytes: [UInt8], _ range: Range<Int>) throws(TokenizerError) {
        var reader = ProtobufReader(bytes, range)
        var text: Range<Int>?
        var score: Float = 0
        var kind = TokenKind.normal
        while let (field, value) = try reader.next() {
            switch (field, value) {
            case (1, .bytes(let range)): text = range
            case (2, .word(let word)): score = Float(bitPattern: word)
            case (3, .number(let number)):
                guard let known = UInt8(exactly: number).flatMap(TokenKind.init(rawValue:)) else {
                    throw Self.fault("piece \(kinds.count) is of the type \(number)")
                }
                kind = known
            case (1, _), (2, _), (3, _): throw Self.fault("piece \(kinds.count) is malformed")
            default: break
            }
        }
        guard let text, String(validating: bytes[text], as: UTF8.self) != nil else {
            throw Self.fault("piece \(kinds.count) has no text in UTF-8")
        }
        guard score.isFinite else { throw Self.fault("piece \(kinds.count) has no finite score") }
        texts.append(bytes[text])
        scores.append(score)
        kinds.append(kind)
        try VocabularyBuilder.check(tokens: kinds.count, bytes: texts.bytes.count)
    }

    private static func trainer(
        _ bytes: [UInt8], _ range: Range<Int>
    ) throws(TokenizerError) -> Trainer {
        var result = Trainer()
        var reader = ProtobufReader(bytes, range)
        while let (field, value) = try reader.next() {
            guard case .number(let number) = value else { continue }
            // Negative numbers are written as 64 bits.
            let id = Int(truncatingIfNeeded: number)
            switch field {
            case 3: result.kind = number
            case 24: result.spaceIsSuffix = number != 0
            case 35: result.byteFallback = number != 0
            case 40: result.unknown = id
            case 41: result.bos = id
            case 42: result.eos = id
            default: break
            }
        }
        return result
    }

    private static func read(
        _ rules: inout Rules, _ bytes: [UInt8], _ range: Range<Int>
    ) throws(TokenizerError) {
        var reader = ProtobufReader(bytes, range)
        while let (field, value) = try reader.next() {
            switch (field, value) {
            case (2, .bytes(let range)): rules.charsmap = range.isEmpty ? nil : range
            case (3, .number(let number)): rules.addsSpace = number != 0
            case (4, .number(let number)): rules.dropsSpaces = number != 0
            case (5, .number(let number)): rules.escapesSpaces = number != 0
            default: break
            }
        }
    }
}
