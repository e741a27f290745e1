import ChatTemplates
import QuireEngine
package import QuireJSON

/// A request of Anthropic's Messages interface: a conversation to go on with, or to count.
package struct MessagesRequest: Hashable, Sendable {
    /// What becomes of the model's thoughts.
    package enum Thoughts: Hashable, Sendable {
        /// They are part of the answer.
        case shown
        /// Their blocks are, without their text; it comes back with the conversation all the same.
        case omitted
        /// They are left out.
        case none
    }

    /// What is asked for.
    package var chat: ChatRequest

    /// What becomes of the model's thoughts.
    package let thoughts: Thoughts

    /// Reads a body.
    ///
    /// - Parameters:
    ///   - unknown: what becomes of members that the interface does not have.
    ///   - counts: whether only the prompt's tokens are asked for, as by `count_tokens`; then
    ///     `max_tokens` may be missing.
    /// - Throws: `RequestError`, for what is wrong whatever the model.
    package init(
        _ body: JSONValue, unknown: UnknownMembers = .named, counts: Bool = false
    ) throws(RequestError) {
        var reader = try MemberReader(body)
        var conversation = MessagesReader()
        try conversation.readSystem(&reader)
        try conversation.readMessages(&reader)
        var chat = ChatRequest(
            messages: conversation.messages, parameters: try Self.parameters(&reader, counts))
        chat.model = try reader.string("model")
        try Self.readTools(&reader, &chat, conversation, unknown)
        chat.isStreamed = try reader.bool("stream") ?? false
        (chat.reasoning, thoughts) = try Self.reasoning(&reader)
        if let last = chat.messages.last, last.role == .assistant {
            guard last.calls.isEmpty else {
                throw reader.wrong("messages", "must not end with a `tool_use` without its result")
            }
            chat.continuesLastMessage = !last.text.isEmpty
            chat.beginsAnswer = last.text.isEmpty
        }
        try reader.refuse(["mcp_servers"])
        try reader.passHarmless()
        try reader.passHarmless(HarmlessFields.messages)
        chat.ignored += try reader.finish(unknown) + conversation.ignored
        chat.ignored = Array(chat.ignored.prefix(ConversationLimits.maxListedNames))
        self.chat = chat
    }
}

extension MessagesRequest {
    private static func parameters(
        _ reader: inout MemberReader, _ counts: Bool
    ) throws(RequestError) -> SamplingParameters {
        let hottest = EngineLimits.maxTemperature
        var parameters = SamplingParameters(
            temperature: try reader.double("temperature", in: 0...hottest) ?? 1)
        parameters.topP = try reader.double("top_p", above0AndAtMost: 1) ?? 1
        parameters.topK = try reader.integer("top_k", from: -1) ?? 0
        parameters.stop =
            try reader.texts(
                "stop_sequences", maxCount: EngineLimits.maxStopStrings,
                maxBytes: EngineLimits.maxStopBytes) ?? []
        parameters.maxTokens = try reader.integer("max_tokens", from: 1)
        guard counts || parameters.maxTokens != nil else {
            throw reader.wrong("max_tokens", "is missing; it must be at least 1")
        }
        return parameters
    }

    /// How much a model thinks, in the words of this interface.
    enum Effort: String, CaseIterable {
        case low
        case medium
        case high
        case xhigh
        case max
    }

    enum Thinking: String, CaseIterable {
        case enabled
        case adaptive
        case disabled
        case betweenTools = "between_tools"
    }

    enum Display: String, CaseIterable {
        case summarized
        case omitted
    }

    /// Without `thinking` the interface has no thoughts, and clients expect none.
    private static func reasoning(
        _ reader: inout MemberReader
    ) throws(RequestError) -> (ReasoningOptions, Thoughts) {
        var options = ReasoningOptions()
        var thoughts = Thoughts.none
        if let value = reader.value("thinking") {
            var thinking = try MemberReader(value, at: "thinking")
            guard let type = try thinking.word("type", as: Thinking.self) else {
                throw thinking.wrong("type", "is missing")
            }
            let display = try thinking.word("display", as: Display.self) ?? .summarized
            switch type {
            case .disabled: options.isEnabled = false
            case .enabled:
                options.isEnabled = true
                options.budget = try thinking.integer("budget_tokens", from: 1)
                options.budgetName = "thinking.budget_tokens"
                // Every client that wants thoughts has to send one, whatever the model.
                options.requiresBudget = false
            case .adaptive, .betweenTools: break
            }
            if type != .disabled { thoughts = display == .omitted ? .omitted : .shown }
        } else {
            options.isEnabled = false
        }
        options.isShown = thoughts != .none
        if let value = reader.value("output_config") {
            var config = try MemberReader(value, at: "output_config")
            options.effort = try config.word("effort", as: Effort.self)?.rawValue
            guard config.value("format") == nil else {
                throw config.wrong(
                    "format", "is not supported yet: answers are not held to a schema; leave it out"
                )
            }
        }
        return (options, thoughts)
    }
}
