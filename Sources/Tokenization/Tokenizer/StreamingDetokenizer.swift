public import QuireIdentifiers

extension Tokenizer {
    /// The text of tokens.
    ///
    /// Bytes that are not UTF-8 become U+FFFD. Ids beyond the vocabulary are passed over.
    ///
    /// - Parameter skipSpecial: whether special tokens are left out, rather than named.
    public func decode(_ ids: some Sequence<TokenID>, skipSpecial: Bool = true) -> String {
        var detokenizer = makeDetokenizer(skipSpecial: skipSpecial)
        var bytes: [UInt8] = []
        for id in ids { detokenizer.appendBytes(of: id, to: &bytes) }
        return String(decoding: bytes, as: UTF8.self)
    }

    /// A detokenizer for tokens that come one at a time.
    ///
    /// - Parameters:
    ///   - skipSpecial: whether special tokens are left out, rather than named.
    ///   - continuing: whether the tokens continue a text, so that a space at their beginning is
    ///     part of it. Otherwise the space that some models put before every text is dropped.
    public func makeDetokenizer(
        skipSpecial: Bool = true, continuing: Bool = false
    ) -> StreamingDetokenizer {
        StreamingDetokenizer(
            core: core, skipSpecial: skipSpecial,
            dropsLeadingSpace: core.dropsLeadingSpace && !continuing)
    }
}

/// Turns tokens into text as they come, never giving half a character.
///
/// The texts that `append` and `finish` give make together what `Tokenizer.decode` gives at once.
public struct StreamingDetokenizer: Sendable {
    private let core: TokenizerCore
    private let skipSpecial: Bool
    private var dropsLeadingSpace: Bool
    /// The beginning of a character whose end has not come: at most three bytes between calls.
    private var pending: [UInt8] = []

    init(core: TokenizerCore, skipSpecial: Bool, dropsLeadingSpace: Bool) {
        self.core = core
        self.skipSpecial = skipSpecial
        self.dropsLeadingSpace = dropsLeadingSpace
    }

    /// The text that a further token completes; often empty inside of a character.
    public mutating func append(_ id: TokenID) -> String {
        // Taken out and put back, so that its memory serves all tokens.
        var bytes: [UInt8] = []
        swap(&bytes, &pending)
        appendBytes(of: id, to: &bytes)
        let complete = bytes.count - Self.incompleteSuffix(bytes)
        let text = String(decoding: bytes[..<complete], as: UTF8.self)
        bytes.removeFirst(complete)
        swap(&bytes, &pending)
        return text
    }

    /// The rest: U+FFFD if the tokens ended inside of a character, otherwise nothing.
    public mutating func finish() -> String {
        defer { pending = [] }
        return String(decoding: pending, as: UTF8.self)
    }

    mutating func appendBytes(of id: TokenID, to bytes: inout [UInt8]) {
        let index = Int(id.rawValue)
        let vocabulary = core.vocabulary
        guard index < vocabulary.count, !(skipSpecial && vocabulary.kinds[index].isSpecial) else {
            return
        }
        var text = vocabulary.decoded.slice(index)
        if dropsLeadingSpace, let first = text.first {
            dropsLeadingSpace = false
            if first == UInt8(ascii: " ") { text = text.dropFirst() }
        }
        bytes.append(contentsOf: text)
    }

    /// How many bytes at the end begin a character that more bytes may complete (Unicode standard,
    /// table 3-7).
    static func incompleteSuffix(_ bytes: [UInt8]) -> Int {
        for length in 1...3 where length <= bytes.count {
            let lead = bytes[bytes.count - length]
            if lead & 0xC0 == 0x80 { continue }
            let (width, second): (Int, ClosedRange<UInt8>) =
                switch lead {
                case 0xC2...0xDF: (2, 0x80...0xBF)
                case 0xE0: (3, 0xA0...0xBF)
                case 0xED: (3, 0x80...0x9F)
                case 0xE1...0xEF: (3, 0x80...0xBF)
                case 0xF0: (4, 0x90...0xBF)
                case 0xF1...0xF3: (4, 0x80...0xBF)
                case 0xF4: (4, 0x80...0x8F)
                default: (1, 0x80...0xBF)
                }
            guard length < width else { return 0 }
            let isPrefix = length == 1 || second.contains(bytes[bytes.count - length + 1])
            return isPrefix ? length : 0
        }
        return 0
    }
}
