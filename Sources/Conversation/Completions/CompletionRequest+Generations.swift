package import QuireEngine
import QuireIdentifiers
package import Tokenization

/// What a request must suit: the model and the choices of its operator.
package struct ModelBounds: Sendable {
    /// The model's tokens and texts.
    package let tokenizer: Tokenizer
    /// Tokens of the longest sequence.
    package let maxModelLength: Int
    /// Log probabilities beside each token at most; -1: all.
    package let maxLogprobs: Int
    /// Whether the names of special tokens in prompts stand for them.
    package let parseSpecial: Bool
    /// How it is talked to; nil: it has no chat template.
    package let chat: ChatModel?

    /// What requests must suit.
    package init(
        tokenizer: Tokenizer, maxModelLength: Int, maxLogprobs: Int = EngineLimits.maxLogprobs,
        parseSpecial: Bool = false, chat: ChatModel? = nil
    ) {
        self.chat = chat
        self.tokenizer = tokenizer
        self.maxModelLength = maxModelLength
        self.maxLogprobs = maxLogprobs
        self.parseSpecial = parseSpecial
    }
}

extension CompletionRequest {
    /// What the engine is asked for: one request for each prompt, in their order.
    ///
    /// - Throws: `RequestError`, for what does not suit the model.
    package func generations(
        for bounds: ModelBounds
    ) throws(RequestError) -> [GenerationRequest] {
        do throws(EngineError) {
            // The engine checks again; here it is done before a bad number cuts prompts short, or
            // prompts are tokenized in vain.
            try parameters.validate(
                vocabularySize: bounds.tokenizer.vocabularySize, maxLogprobs: bounds.maxLogprobs)
        } catch {
            throw RequestError(error)
        }
        var requests: [GenerationRequest] = []
        for prompt in prompts {
            let tokens = try tokens(of: prompt, bounds)
            var request = GenerationRequest(
                prompt: tokens, parameters: try parameters(promptLength: tokens.count, bounds))
            request.priority = priority
            request.cacheSalt = cacheSalt
            requests.append(request)
        }
        return requests
    }

    /// The tokens to feed for a prompt.
    private func tokens(
        of prompt: CompletionPrompt, _ bounds: ModelBounds
    ) throws(RequestError) -> [TokenID] {
        if let suffix { return try bounds.fill(prompt, before: suffix, addsSpecialTokens) }
        let tokens =
            if case .text(let text) = prompt, !addsSpecialTokens {
                bounds.tokenizer.encode(text, parseSpecial: bounds.parseSpecial)
            } else {
                prompt.tokens(bounds.tokenizer, parseSpecial: bounds.parseSpecial)
            }
        guard !tokens.isEmpty else {
            throw RequestError("`prompt` must not be empty", param: "prompt")
        }
        guard let truncation else { return tokens }
        return truncation.cut(
            tokens, context: bounds.maxModelLength, answer: parameters.maxTokens)
    }

    /// How to continue a prompt: with no more tokens than the context has room for.
    ///
    /// - Throws: where the request itself asks for more, or the prompt leaves no room at all; one
    ///   that fills the context may still be scored.
    private func parameters(
        promptLength: Int, _ bounds: ModelBounds
    ) throws(RequestError) -> SamplingParameters {
        let room = bounds.maxModelLength - promptLength
        guard room > 0 || (room == 0 && parameters.maxTokens == 0) else {
            throw .contextExceeded(
                context: bounds.maxModelLength, prompt: promptLength, of: "prompt")
        }
        guard let maxTokens = parameters.maxTokens, maxTokens > room else {
            return parameters
        }
        func refusal(_ name: String, _ value: Int) -> RequestError {
            .contextExceeded(
                context: bounds.maxModelLength, prompt: promptLength, of: "prompt", answer: value,
                param: name)
        }
        guard !namesMaxTokens else { throw refusal("max_tokens", maxTokens) }
        guard parameters.minTokens <= room else {
            throw refusal("min_tokens", parameters.minTokens)
        }
        var parameters = parameters
        parameters.maxTokens = room
        return parameters
    }
}

extension ModelBounds {
    /// The prompt that asks for what is between a text and its end.
    ///
    /// - Throws: `RequestError` where the model was not made for it.
    fileprivate func fill(
        _ prompt: CompletionPrompt, before suffix: String, _ addsSpecialTokens: Bool
    ) throws(RequestError) -> [TokenID] {
        let before: [TokenID] =
            switch prompt {
            case .text(let text): tokenizer.encodeData(text)
            case .tokens(let tokens): tokens
            }
        let tokens = tokenizer.encodeFill(
            before: before, after: suffix, beginsPrompt: addsSpecialTokens)
        guard let tokens else { throw .noFill(param: "suffix") }
        return tokens
    }
}

extension RequestError {
    /// The model has no tokens that ask for the middle of a text.
    static func noFill(param: String) -> RequestError {
        RequestError(
            "`\(param)`: this model cannot fill in the middle of a text, its vocabulary has no "
                + "tokens for it; leave it out, or serve a model that can, as qwen2.5-coder-0.5b",
            param: param)
    }
}
