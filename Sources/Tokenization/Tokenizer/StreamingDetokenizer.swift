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

extension Tokenizer {
    /// A detokenizer for the tokens of an answer.
    ///
    /// Where the prompt ends inside of a character and the answer goes on with it, the character
    /// is the first of the answer's text; otherwise its bytes are left to the prompt.
    ///
    /// - Parameters:
    ///   - skipSpecial: whether special tokens are left out, rather than named.
    ///   - prompt: what the answer follows.
    /// - Complexity: O(1), and O(special tokens) where the prompt ends with many.
    package func makeDetokenizer(
        skipSpecial: Bool, after prompt: [TokenID]
    ) -> StreamingDetokenizer {
        // After text, a space at the beginning of the answer is part of it.
        let continues = prompt.contains { !isSpecial($0) }
        var detokenizer = makeDetokenizer(skipSpecial: skipSpecial, continuing: continues)
        detokenizer.inherit(prompt)
        return detokenizer
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
    /// Whether all of `pending` is of the prompt, to which no token has added anything yet.
    private var isInherited = false
    /// Whether the first character began in the prompt.
    package private(set) var joinsPrompt = false

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
        let inherited = bytes.count
        appendBytes(of: id, to: &bytes)
        if isInherited {
            guard bytes.count > inherited else {
                swap(&bytes, &pending)
                return ""
            }
            isInherited = false
            joinsPrompt = Self.goesOn(bytes[...inherited])
            if !joinsPrompt { bytes.removeFirst(inherited) }
        }
        let complete = bytes.count - Self.incompleteSuffix(bytes)
        let text = String(decoding: bytes[..<complete], as: UTF8.self)
        bytes.removeFirst(complete)
        swap(&bytes, &pending)
        return text
    }

    /// The rest: U+FFFD if the tokens ended inside of a character, otherwise nothing.
    public mutating func finish() -> String {
        defer { pending = [] }
        return isInherited ? "" : String(decoding: pending, as: UTF8.self)
    }

    /// Takes over the bytes of a character that tokens end in the middle of.
    mutating func inherit(_ tokens: [TokenID]) {
        // A character has at most four bytes.
        var end: [UInt8] = []
        var plain = self
        plain.dropsLeadingSpace = false
        for token in tokens.reversed() where end.count < 3 {
            var bytes: [UInt8] = []
            plain.appendBytes(of: token, to: &bytes)
            end = bytes + end
        }
        pending = Array(end.suffix(Self.incompleteSuffix(end)))
        isInherited = !pending.isEmpty
    }

    mutating func appendBytes(of id: TokenID, to bytes: inout [UInt8]) {
        let index = Int(id.rawValue)
        let vocabulary = core.vocabulary
        guard index < vocabulary.count, !(skipSpecial && vocabulary.kinds[index].isSpecial) else {
            return
        }
        var text = vocabulary.decoded.slice(index)
        if dropsLeadingSpace, let first = text.first {
            if first == UInt8(ascii: " ") { text = text.dropFirst() }
            dropsLeadingSpace = core.dropsLeadingSpaces && text.isEmpty
        }
        bytes.append(contentsOf: text)
    }

    /// Whether bytes are a character or the beginning of one.
    private static func goesOn(_ bytes: ArraySlice<UInt8>) -> Bool {
        incompleteSuffix(Array(bytes)) == bytes.count
            || String(validating: bytes, as: UTF8.self) != nil
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
