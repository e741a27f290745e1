import QuireEngine
import QuireIdentifiers
import QuireJSON
import Tokenization

/// The body of a request to `/v1/completions`: OpenAI's parameters and vLLM's additions to them.
struct CompletionBody {
    /// Prompts of one request at most, as in the OpenAI interface.
    static let maxPrompts = 2_048

    /// Tokens of an answer where the request says nothing, as in the OpenAI interface.
    static let defaultMaxTokens = 16

    /// Characters of a cache salt at most.
    static let maxSaltLength = 1_024

    /// What to continue, at least one.
    let prompts: [PromptText]
    /// How to continue all of them.
    let parameters: SamplingParameters
    /// Whether the prompt is part of the answer.
    let echo: Bool
    /// Whether nothing is to be generated and only the prompt is wanted.
    var isScoring: Bool { parameters.maxTokens == 0 }
    /// Whether the request itself says how many tokens it wants.
    let namesMaxTokens: Bool
    let priority: Int
    let cacheSalt: String?
    let addsSpecialTokens: Bool
    let truncation: Truncation?
    /// Whether the answer has the token ids too.
    let returnsTokenIDs: Bool
    /// Whether tokens are named by their ids instead of their texts.
    let namesTokensByID: Bool

    /// How a prompt that is too long is shortened.
    struct Truncation {
        /// Tokens to keep; -1: what the context has room for.
        let tokens: Int
        /// Whether the last ones are kept.
        let keepsEnd: Bool
    }

    init(_ body: JSONValue) throws(BodyError) {
        var reader = try BodyReader(body)
        prompts = try Self.prompts(&reader)
        echo = try reader.bool("echo") ?? false
        let wanted = try reader.integer("max_tokens")
        namesMaxTokens = wanted != nil
        let maxTokens = wanted ?? Self.defaultMaxTokens
        guard maxTokens >= 1 || (maxTokens == 0 && echo) else {
            throw BodyError(
                "`max_tokens` is \(maxTokens); it must be at least 1, or 0 with `echo`",
                param: "max_tokens")
        }
        var parameters = try SamplingParameters(&reader)
        parameters.maxTokens = maxTokens
        if echo, let count = parameters.logprobs, parameters.promptLogprobs == nil {
            parameters.promptLogprobs = count
        }
        self.parameters = parameters
        priority = try reader.integer("priority") ?? 0
        cacheSalt = try reader.string("cache_salt")
        if let cacheSalt, !(1...Self.maxSaltLength).contains(cacheSalt.utf8.count) {
            throw BodyError(
                "`cache_salt` must have 1 to \(Self.maxSaltLength) bytes", param: "cache_salt")
        }
        addsSpecialTokens = try reader.bool("add_special_tokens") ?? true
        truncation = try Self.truncation(&reader)
        returnsTokenIDs = try reader.bool("return_token_ids") ?? false
        namesTokensByID = try reader.bool("return_tokens_as_token_ids") ?? false
        try Self.refuse(&reader)
        try reader.finish()
    }

    /// The tokens to feed for a prompt.
    func tokens(
        of prompt: PromptText, tokenizer: Tokenizer, parseSpecial: Bool, maxModelLength: Int
    ) throws(BodyError) -> [TokenID] {
        let tokens: [TokenID] =
            switch prompt {
            case .tokens(let tokens): tokens
            case .text(let text):
                addsSpecialTokens
                    ? tokenizer.encodePrompt(text, parseSpecial: parseSpecial)
                    : tokenizer.encode(text, parseSpecial: parseSpecial)
            }
        guard !tokens.isEmpty else {
            throw BodyError("`prompt` must not be empty", param: "prompt")
        }
        guard let truncation else { return tokens }
        let room = max(1, maxModelLength - (parameters.maxTokens ?? 1))
        let kept = truncation.tokens < 0 ? room : truncation.tokens
        return Array(truncation.keepsEnd ? tokens.suffix(kept) : tokens.prefix(kept))
    }

    /// How to continue a prompt: with no more tokens than the context has room for.
    ///
    /// - Throws: where the request itself asks for more. A prompt that leaves no room at all is
    ///   the engine's to refuse.
    func parameters(
        promptLength: Int, maxModelLength: Int
    ) throws(BodyError) -> SamplingParameters {
        let room = maxModelLength - promptLength
        guard let maxTokens = parameters.maxTokens, maxTokens > room, room > 0 else {
            return parameters
        }
        guard !namesMaxTokens else {
            throw BodyError(
                "`max_tokens` is \(maxTokens) and the prompt has \(promptLength) tokens; the "
                    + "context of \(maxModelLength) tokens has room for \(room) more: lower "
                    + "`max_tokens`, shorten the prompt or raise the context length",
                param: "max_tokens")
        }
        var parameters = parameters
        parameters.maxTokens = room
        // Otherwise refused with a number that nobody gave.
        guard parameters.minTokens <= room else {
            throw BodyError(
                "`min_tokens` is \(parameters.minTokens) and the prompt has \(promptLength) "
                    + "tokens; the context of \(maxModelLength) tokens has room for \(room) more",
                param: "min_tokens")
        }
        return parameters
    }
}

extension CompletionBody {
    private static func prompts(_ reader: inout BodyReader) throws(BodyError) -> [PromptText] {
        let expected = "a string, a list of token ids, or a list of either"
        let prompts = try reader.read("prompt", expected) { value -> [PromptText]? in
            if let text = value.string { return [.text(text)] }
            guard let elements = value.array else { return nil }
            guard let first = elements.first else { return [] }
            if first.integer != nil { return BodyReader.tokens(value).map { [.tokens($0)] } }
            return BodyReader.all(value) { element in
                element.string.map { .text($0) } ?? BodyReader.tokens(element).map { .tokens($0) }
            }
        }
        guard let prompts, !prompts.isEmpty else {
            throw BodyError("`prompt` must be provided and not be empty", param: "prompt")
        }
        guard prompts.count <= maxPrompts else {
            throw BodyError(
                "prompt list length \(prompts.count) exceeds the maximum of \(maxPrompts)",
                param: "prompt")
        }
        return prompts
    }

    private static func truncation(_ reader: inout BodyReader) throws(BodyError) -> Truncation? {
        let side = try reader.string("truncation_side") ?? "left"
        guard side == "left" || side == "right" else {
            throw BodyError("`truncation_side` must be left or right", param: "truncation_side")
        }
        guard let tokens = try reader.integer("truncate_prompt_tokens") else { return nil }
        guard tokens >= 1 || tokens == -1 else {
            throw BodyError(
                "`truncate_prompt_tokens` is \(tokens); it must be -1 (as many as there is room "
                    + "for) or at least 1", param: "truncate_prompt_tokens")
        }
        return Truncation(tokens: tokens, keepsEnd: side == "left")
    }

    /// What an answer in one piece does not need, and what is not there: harmless values pass.
    private static func refuse(_ reader: inout BodyReader) throws(BodyError) {
        // Of no effect: which model answers is the command's choice, and names name nothing here.
        for name in ["model", "user", "request_id"] { _ = try reader.string(name) }
        _ = try reader.bool("spaces_between_special_tokens")
        _ = try reader.double("length_penalty")
        if try reader.bool("stream") == true {
            throw BodyError(
                "`stream` is true; a batch has no streams, leave it out", param: "stream")
        }
        if try reader.bool("use_beam_search") == true {
            throw BodyError(
                "`use_beam_search` is not available in a batch", param: "use_beam_search")
        }
        for name in [
            "stream_options", "suffix", "response_format", "structured_outputs", "prompt_embeds",
        ] where reader.value(name) != nil {
            throw BodyError("`\(name)` is not supported; leave it out", param: name)
        }
    }
}
