package import QuireEngine
package import QuireJSON

/// A request for completions: OpenAI's parameters and vLLM's additions to them.
package struct CompletionRequest: Hashable, Sendable {
    /// What to continue, at least one.
    package let prompts: [CompletionPrompt]

    /// What follows the answer: it fills the place between the prompt and this text; nil: nothing
    /// does.
    package let suffix: String?

    /// How to continue all of them.
    package let parameters: SamplingParameters

    /// Whether the prompt is part of the answer.
    package let echo: Bool

    /// Whether the answer is wanted as it comes.
    package let isStreamed: Bool

    /// Whether a stream ends with what the request has used.
    package let streamsUsage: Bool

    /// Whether each event of a stream tells what the request has used so far.
    package let streamsRunningUsage: Bool

    /// Its class: lower runs first.
    package let priority: Int

    /// What keeps its cached prefixes apart from others'.
    package let cacheSalt: String?

    /// Whether a prompt of text begins and ends as the model asks for.
    package let addsSpecialTokens: Bool

    /// How a prompt that is too long is shortened; nil: it is not.
    package let truncation: PromptTruncation?

    /// Whether the answer has the token ids too.
    package let returnsTokenIDs: Bool

    /// Whether tokens are named by their ids instead of their texts.
    package let namesTokensByID: Bool

    /// The model that is asked for; nil: the one there is.
    package let model: String?

    /// Members of the body that are not known and that changed nothing, to be named to the client.
    package let ignored: [String]

    /// Whether the request itself says how many tokens it wants.
    let namesMaxTokens: Bool

    /// Reads a request.
    ///
    /// - Parameter unknown: what becomes of members that are not known.
    /// - Throws: `RequestError`, for what is wrong whatever the model. Ranges that depend on the
    ///   model are checked by `generations(for:)`.
    package init(
        _ body: JSONValue, unknown: UnknownMembers = .refused
    ) throws(RequestError) {
        var reader = try MemberReader(body)
        prompts = try Self.prompts(&reader)
        echo = try reader.bool("echo") ?? false
        suffix = try reader.string("suffix").flatMap { $0.isEmpty ? nil : $0 }
        let maxTokens = try reader.integer("max_tokens")
        namesMaxTokens = maxTokens != nil
        guard (maxTokens ?? 1) >= (echo ? 0 : 1) else {
            throw RequestError(
                "`max_tokens` is \(maxTokens ?? 0); it must be at least 1, or 0 with `echo`",
                param: "max_tokens")
        }
        var parameters = try SamplingParameters(&reader)
        parameters.bestOf = try reader.integer("best_of")
        parameters.logprobs = try reader.integer("logprobs")
        parameters.promptLogprobs = try reader.integer("prompt_logprobs")
        parameters.maxTokens = maxTokens ?? SamplingDefaults.batch.maxTokens
        if echo, let count = parameters.logprobs, parameters.promptLogprobs == nil {
            parameters.promptLogprobs = count
        }
        self.parameters = parameters
        priority = try reader.integer("priority") ?? 0
        cacheSalt = try reader.string("cache_salt", maxBytes: ConversationLimits.maxSaltBytes)
        addsSpecialTokens = try reader.bool("add_special_tokens") ?? true
        truncation = try PromptTruncation(&reader)
        for (name, isAsked) in [
            ("echo", echo), ("truncate_prompt_tokens", truncation != nil),
        ] where suffix != nil && isAsked {
            throw reader.wrong(
                name, "is not available with `suffix`, between which and the prompt the answer is")
        }
        returnsTokenIDs = try reader.bool("return_token_ids") ?? false
        namesTokensByID = try reader.bool("return_tokens_as_token_ids") ?? false
        isStreamed = try reader.bool("stream") ?? false
        let options = try StreamOptions(&reader, isStreamed: isStreamed, unknown: unknown)
        streamsUsage = options.includesUsage
        streamsRunningUsage = options.includesUsage && options.isContinuous
        guard !isStreamed || self.parameters.promptLogprobs == nil else {
            throw RequestError(
                "`prompt_logprobs`, and `logprobs` with `echo`, are not available in a stream",
                param: "prompt_logprobs")
        }
        model = try reader.string("model")
        try Self.refuse(&reader)
        try reader.passHarmless()
        ignored = options.ignored + (try reader.finish(unknown))
    }
}

extension CompletionRequest {
    private static func prompts(
        _ reader: inout MemberReader
    ) throws(RequestError) -> [CompletionPrompt] {
        let expected = "a string, a list of token ids, or a list of either"
        let prompts = try reader.read("prompt", expected) { value -> [CompletionPrompt]? in
            if let text = value.string { return [.text(text)] }
            guard let elements = value.array else { return nil }
            guard let first = elements.first else { return [] }
            if first.integer != nil { return MemberReader.tokens(value).map { [.tokens($0)] } }
            return MemberReader.all(value) { element in
                element.string.map { .text($0) }
                    ?? MemberReader.tokens(element).map { .tokens($0) }
            }
        }
        guard let prompts, !prompts.isEmpty else {
            throw RequestError("`prompt` must be provided and not be empty", param: "prompt")
        }
        let most = ConversationLimits.maxPrompts
        guard prompts.count <= most else {
            throw RequestError(
                "prompt list length \(prompts.count) exceeds the maximum of \(most)",
                param: "prompt")
        }
        return prompts
    }

    /// What is of no effect, and what is not there: harmless values pass.
    private static func refuse(_ reader: inout MemberReader) throws(RequestError) {
        if try reader.bool("use_beam_search") == true {
            throw RequestError("`use_beam_search` is not available", param: "use_beam_search")
        }
        try reader.refuse(["response_format", "structured_outputs", "prompt_embeds"])
    }
}
