public import QuireIdentifiers

/// Turns text into the tokens of a model, and back.
///
/// Byte-level BPE (GPT-2, Llama 3, Qwen, ...), SentencePiece's BPE (Llama 2, Gemma, Phi 3) and
/// Unigram (T5), and WordPiece (BERT) are read from a GGUF file, a `tokenizer.json` or a
/// `tokenizer.model`. A tokenizer is a value that may be used from
/// any number of threads; copies share everything.
///
///     let tokenizer = try Tokenizer(gguf: file)
///     let ids = tokenizer.encodePrompt("Once upon a time")
///     var detokenizer = tokenizer.makeDetokenizer()
///     for id in answer { show(detokenizer.append(id)) }
///     show(detokenizer.finish())
///
/// Text is data: whatever it holds, it becomes text tokens only, unless the caller asks for the
/// special tokens in it (`parseSpecial`), as a chat template's output wants.
public struct Tokenizer: Sendable {
    let core: TokenizerCore

    init(_ parts: TokenizerParts) { core = TokenizerCore(parts) }

    /// The tokens of a text: no beginning or end of a prompt is added.
    ///
    /// - Parameter parseSpecial: whether the names of special tokens in the text stand for them.
    /// - Complexity: O(n log n) in the longest word, O(n) otherwise.
    public func encode(_ text: String, parseSpecial: Bool = false) -> [TokenID] {
        var text = text
        text.makeContiguousUTF8()
        return core.encode(text.utf8.span, special: parseSpecial ? .everywhere : .nowhere)
    }

    /// The tokens of a text of which some stretches are data, as what people wrote is in the output
    /// of a chat template: the names of special tokens stand for them in the rest only.
    ///
    /// A text without such names in its data gets the tokens of the whole: the borders of the data
    /// leave no seam.
    ///
    /// - Parameters:
    ///   - data: bytes of the text's UTF-8, in order and apart.
    ///   - structure: tokens that are treated as special ones; see `structure(of:)`.
    /// - Complexity: as of `encode(_:parseSpecial:)`.
    package func encode(
        _ text: String, data: [Range<Int>], structure: Set<TokenID> = []
    ) -> [TokenID] {
        var text = text
        text.makeContiguousUTF8()
        let data = data.filter { !$0.isEmpty }
        return core.encode(text.utf8.span, special: .outside(data, structure: structure))
    }

    /// The tokens that give structure to what a chat template writes, whatever the vocabulary says
    /// of them: those that it names, and those that end an answer.
    ///
    /// Some files call such tokens plain text (`<|EOT|>`, `<tool_call>`), which a message could
    /// then forge. Tokens of whitespace are text in templates too.
    package func structure(of template: String) -> Set<TokenID> {
        var template = template
        template.makeContiguousUTF8()
        let named = core.addedTokens(in: template.utf8.span)
        return endOfGeneration.union(named).filter { id in
            bytes(of: id).contains { $0 != 0x20 && !(0x09...0x0D).contains($0) }
        }
    }

    /// The tokens of a prompt: of the text, and the beginning (BOS) and end that the model's file
    /// asks for. What the text already begins or ends with is not added again.
    public func encodePrompt(_ text: String, parseSpecial: Bool = false) -> [TokenID] {
        promptTokens(of: encode(text, parseSpecial: parseSpecial))
    }

    /// The tokens of a prompt that has these: with the beginning and end that the model's file asks
    /// for, where they are not there already.
    package func promptTokens(of ids: [TokenID]) -> [TokenID] {
        let prefix = core.roles.promptPrefix
        let suffix = core.roles.promptSuffix
        let hasPrefix = ids.starts(with: prefix)
        let hasSuffix = ids.suffix(suffix.count).elementsEqual(suffix)
        return (hasPrefix ? [] : prefix) + ids + (hasSuffix ? [] : suffix)
    }

    /// How many tokens there are; ids are below.
    public var vocabularySize: Int { core.vocabulary.count }

    /// The beginning of a text, if the model has one.
    public var bos: TokenID? { core.roles.bos }

    /// The end of a text, if the model has one.
    public var eos: TokenID? { core.roles.eos }

    /// The tokens that end an answer: `eos`, the end of a turn, and their kin.
    public var endOfGeneration: Set<TokenID> { core.roles.endOfGeneration }

    /// What the file left unsaid or said wrong, and what was assumed instead; for people.
    public var warnings: [String] { core.warnings }

    /// The id of a token by its text as the file has it (`Ġthe`, `▁the`, `<|im_end|>`).
    public func id(of piece: String) -> TokenID? {
        var piece = piece
        piece.makeContiguousUTF8()
        return core.vocabulary.find(piece.utf8.span).map { TokenID(UInt32($0)) }
    }

    /// The text of a token as the file has it; nil for an id beyond the vocabulary.
    public func piece(of id: TokenID) -> String? {
        guard let index = index(of: id) else { return nil }
        return String(decoding: core.vocabulary.texts.slice(index), as: UTF8.self)
    }

    /// The bytes that a token stands for, which may be a part of a character; of a special token
    /// its name, and none for an id beyond the vocabulary.
    public func bytes(of id: TokenID) -> [UInt8] {
        guard let index = index(of: id) else { return [] }
        return Array(core.vocabulary.decoded.slice(index))
    }

    /// Whether a token is structure (BOS, the end of a turn, ...) and not text.
    public func isSpecial(_ id: TokenID) -> Bool {
        index(of: id).map { core.vocabulary.kinds[$0].isSpecial } ?? false
    }

    /// The special token of a name (`<|im_end|>`); nil for the text of any other token.
    package func specialToken(named name: String) -> TokenID? {
        id(of: name).flatMap { isSpecial($0) ? $0 : nil }
    }

    private func index(of id: TokenID) -> Int? {
        let index = Int(id.rawValue)
        return index < core.vocabulary.count ? index : nil
    }
}
