import ChatTemplates
import QuireEngine
package import QuireJSON

/// Requests for chat completions: OpenAI's parameters and vLLM's additions to them.
extension ChatRequest {
    /// Reads the body of a request for a chat completion.
    ///
    /// - Parameter unknown: what becomes of members that are not known.
    /// - Throws: `RequestError`, for what is wrong whatever the model.
    package init(
        chatCompletion body: JSONValue, unknown: UnknownMembers
    ) throws(RequestError) {
        var reader = try MemberReader(body)
        guard let list = try reader.array("messages"), !list.isEmpty else {
            throw RequestError(
                "`messages` must be a list of at least one message", param: "messages")
        }
        var messages = MessageReader()
        self.init(
            messages: try messages.messages(list, at: "messages"),
            parameters: try Self.parameters(&reader))
        model = try reader.string("model")
        try readTools(&reader, unknown)
        reasoning = try Self.reasoning(&reader)
        try readTemplateArguments(&reader)
        try readBeginning(&reader)
        priority = try reader.integer("priority") ?? 0
        cacheSalt = try reader.string("cache_salt", maxBytes: ConversationLimits.maxSaltBytes)
        namesTokensByID = try reader.bool("return_tokens_as_token_ids") ?? false
        returnsTokenIDs = try reader.bool("return_token_ids") ?? false
        truncation = try PromptTruncation(&reader)
        isStreamed = try reader.bool("stream") ?? false
        guard !isStreamed || parameters.promptLogprobs == nil else {
            throw reader.wrong("prompt_logprobs", "is not available in a stream")
        }
        let options = try StreamOptions(&reader, isStreamed: isStreamed, unknown: unknown)
        streamsUsage = options.includesUsage
        streamsRunningUsage = options.includesUsage && options.isContinuous
        try Self.refuseUnsupported(&reader)
        try reader.passHarmless()
        ignored += options.ignored
        ignored += try reader.finish(unknown)
        ignored = Array(ignored.prefix(ConversationLimits.maxListedNames))
    }

    private static func parameters(
        _ reader: inout MemberReader
    ) throws(RequestError) -> SamplingParameters {
        var parameters = try SamplingParameters(&reader)
        let newer = try reader.integer("max_completion_tokens", from: 1)
        let older = try reader.integer("max_tokens", from: 1)
        parameters.maxTokens = newer ?? older
        let reports = try reader.bool("logprobs") ?? false
        let top = try reader.integer("top_logprobs", from: -1)
        guard reports || (top ?? 0) == 0 else {
            throw reader.wrong("top_logprobs", "is \(top ?? 0); set `logprobs` to have them")
        }
        // Named tokens take the place of the likeliest, and their number is theirs.
        if reports, parameters.logprobTokens == nil || top != nil { parameters.logprobs = top ?? 0 }
        parameters.promptLogprobs = try reader.integer("prompt_logprobs")
        try parameters.validateAlone()
        return parameters
    }

    private mutating func readTools(
        _ reader: inout MemberReader, _ unknown: UnknownMembers
    ) throws(RequestError) {
        var tools = ToolReader()
        (self.tools, ignored) = try tools.tools("tools", &reader, unknown: unknown)
        allowsParallelCalls = try reader.bool("parallel_tool_calls") ?? true
        try readFunctions(&reader, &tools, unknown)
        if let choice = reader.value("tool_choice") {
            try readToolChoice(choice, reader)
        }
    }

    private static func reasoning(
        _ reader: inout MemberReader
    ) throws(RequestError) -> ReasoningOptions {
        var options = ReasoningOptions()
        options.isEnabled = try reader.bool("enable_thinking")
        try options.readEffort("reasoning_effort", &reader)
        let budget = try reader.integer("thinking_token_budget", from: -1)
        options.budget = budget == -1 ? nil : budget
        options.isShown = try reader.bool("include_reasoning") ?? true
        return options
    }
}

extension ReasoningOptions {
    /// The words for how much to think, in OpenAI's interface.
    static let efforts = Effort.words

    /// The words for how much to think.
    private enum Effort: String, CaseIterable {
        case none
        case minimal
        case low
        case medium
        case high
        case xhigh
        case max
    }

    /// Reads how much to think: a word of which `none` is not at all.
    package mutating func readEffort(
        _ name: String, _ reader: inout MemberReader
    ) throws(RequestError) {
        guard let word = try reader.word(name, as: Effort.self) else { return }
        if word == .none {
            isEnabled = isEnabled ?? false
        } else {
            effort = word.rawValue
        }
    }
}
