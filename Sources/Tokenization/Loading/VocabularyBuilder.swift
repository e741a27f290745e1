/// Gathers the tokens of a file, finds them by text, and turns them into a `Vocabulary`.
struct VocabularyBuilder {
    private(set) var texts: PieceList
    private(set) var index: PieceIndex
    var kinds: [TokenKind]

    /// How the texts of normal tokens stand for bytes.
    enum Coding: Hashable {
        /// As GPT-2 writes bytes.
        case byteAlphabet
        /// As they are, with U+2581 for spaces and `<0xNN>` for bytes.
        case escapedSpaces
        /// As `escapedSpaces`, tokens that users asked for too.
        case pieces
        /// Words, with a space before each; tokens that go on with one begin with `continuing`, or
        /// those that begin one with `start`. With `cleansUp` there is no space before punctuation.
        case words(continuing: [UInt8], start: [UInt8], cleansUp: Bool)
    }

    /// - Throws: `badVocabulary` if there are none, `tooLarge`, or `duplicateToken`.
    init(texts: PieceList, kinds: [TokenKind]) throws(TokenizerError) {
        precondition(texts.count == kinds.count)
        guard texts.count > 0 else {
            throw TokenizerError(.badVocabulary, "the vocabulary is empty")
        }
        self.texts = texts
        self.kinds = kinds
        index = PieceIndex(count: texts.count)
        for id in 0..<texts.count where !texts.range(id).isEmpty {
            if let first = index.insert(id, of: texts) {
                let text = quoted(String(decoding: texts.slice(id), as: UTF8.self))
                throw TokenizerError(
                    .duplicateToken, "tokens \(first) and \(id) have the same text \(text)")
            }
        }
    }

    /// Checks the size of a vocabulary before anything is allocated for it.
    static func check(tokens: Int, bytes: Int) throws(TokenizerError) {
        guard tokens <= TokenizerLimits.vocabularyTokens, bytes <= TokenizerLimits.vocabularyBytes
        else {
            throw TokenizerError(
                .tooLarge,
                "a vocabulary of \(tokens) tokens and \(bytes) bytes; at most"
                    + " \(TokenizerLimits.vocabularyTokens) tokens and"
                    + " \(TokenizerLimits.vocabularyBytes) bytes are read")
        }
    }

    /// The id of a text.
    func find(_ text: String) -> Int? { find(Array(text.utf8).span) }

    /// The id of a text.
    func find(_ text: Span<UInt8>) -> Int? { index.find(text, in: texts) }

    /// The id of the text of one token followed by that of another.
    func find(_ left: Span<UInt8>, _ right: Span<UInt8>) -> Int? {
        index.find(left, right, in: texts)
    }

    /// The byte that a token of the form `<0xNN>` stands for.
    func byte(ofToken id: Int) -> UInt8? {
        let text = texts[id]
        guard text.count == 6, text[0] == UInt8(ascii: "<"), text[1] == UInt8(ascii: "0"),
            text[2] == UInt8(ascii: "x"), text[5] == UInt8(ascii: ">")
        else { return nil }
        return UInt8(String(decoding: [text[3], text[4]], as: UTF8.self), radix: 16)
    }

    /// The tokens of the bytes: their character in the byte alphabet, or `<0xNN>`.
    func byteTokens(_ coding: Coding) -> [UInt32] {
        (0...255).map { (byte: UInt8) in
            let found: Int?
            switch coding {
            case .byteAlphabet: found = find(ByteAlphabet.text(of: byte).span)
            case .escapedSpaces, .pieces:
                let hex = String(byte, radix: 16, uppercase: true)
                found = find("<0x" + (byte < 16 ? "0" : "") + hex + ">")
            case .words: found = nil
            }
            return found.map { UInt32($0) } ?? MergeModel.noToken
        }
    }

    /// The vocabulary, with the bytes that every token stands for.
    func vocabulary(_ coding: Coding) -> Vocabulary {
        var decoded = PieceList()
        decoded.reserve(strings: texts.count, bytes: texts.bytes.count)
        for id in 0..<texts.count {
            decoded.append { output in appendDecoded(id, coding, to: &output) }
        }
        return Vocabulary(texts: texts, kinds: kinds, decoded: decoded, index: index)
    }

    private func appendDecoded(_ id: Int, _ coding: Coding, to output: inout [UInt8]) {
        switch (kinds[id], coding) {
        case (.normal, .byteAlphabet), (.unused, .byteAlphabet):
            if !ByteAlphabet.append(texts[id], to: &output) {
                output.append(contentsOf: texts.slice(id))
            }
        case (.normal, .escapedSpaces), (.unused, .escapedSpaces), (.normal, .pieces),
            (.unused, .pieces), (.userDefined, .pieces):
            Self.unescape(texts[id], to: &output)
        case (.normal, .words(let continuing, let start, let cleansUp)),
            (.userDefined, .words(let continuing, let start, let cleansUp)):
            WordPieceText.append(
                texts.slice(id), continuing: continuing, start: start, cleansUp: cleansUp,
                to: &output)
        case (.byte, _):
            if let byte = byte(ofToken: id) {
                output.append(byte)
            } else {
                output.append(contentsOf: texts.slice(id))
            }
        default: output.append(contentsOf: texts.slice(id))
        }
    }

    /// Appends text with spaces for U+2581.
    private static func unescape(_ text: Span<UInt8>, to output: inout [UInt8]) {
        var index = 0
        while index < text.count {
            if text[index] == 0xE2, index + 2 < text.count, text[index + 1] == 0x96,
                text[index + 2] == 0x81
            {
                output.append(UInt8(ascii: " "))
                index += 3
            } else {
                output.append(text[index])
                index += 1
            }
        }
    }
}

extension VocabularyBuilder {
    /// The bytes that come before U+2581 inside of tokens: few, mostly none. Text may be cut before
    /// U+2581 after any other byte without changing the outcome of merging, which only ever forms
    /// tokens; so words can be merged, and remembered, one by one.
    var bytesBeforeSpaces: ByteSet {
        var bytes = ByteSet()
        for id in 0..<texts.count where !kinds[id].isSpecial && kinds[id] != .byte {
            let text = texts[id]
            var position = 1
            while position + 3 <= text.count {
                if text[position] == 0xE2, Self.isEscapedSpace(text, position),
                    position < 3 || !Self.isEscapedSpace(text, position - 3)
                {
                    bytes.insert(text[position - 1])
                }
                position += 1
            }
        }
        return bytes
    }

    private static func isEscapedSpace(_ text: Span<UInt8>, _ position: Int) -> Bool {
        text[position] == 0xE2 && text[position + 1] == 0x96 && text[position + 2] == 0x81
    }
}
