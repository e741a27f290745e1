package import ChatTemplates
import QuireEngine
package import QuireJSON

/// A request of OpenAI's Responses interface.
package struct ResponsesRequest: Hashable, Sendable {
    /// What is asked for.
    package var chat: ChatRequest

    /// The conversation without the instructions, which hold for this request alone.
    package let history: [ChatMessage]

    /// Whether the answer is kept for `previous_response_id`.
    package let stores: Bool

    /// The answer that the conversation goes on from.
    package let previousResponseID: String?

    /// What its tools are to the client.
    let tools: ResponseTools

    /// Whether thoughts come once more where clients keep them that drop those in the clear.
    let carriesThoughts: Bool

    /// Whether texts come with log probabilities.
    let reportsLogprobs: Bool

    /// Members of the body that the answer repeats.
    let repeated: [JSONValue.Member]

    /// Reads a body.
    ///
    /// - Parameters:
    ///   - store: the answers that the body may name.
    ///   - unknown: what becomes of members that the interface does not have.
    /// - Throws: `RequestError`, for what is wrong whatever the model.
    package init(
        _ body: JSONValue, store: ResponseStore = ResponseStore(),
        unknown: UnknownMembers = .named
    ) throws(RequestError) {
        var reader = try MemberReader(body)
        previousResponseID = try reader.string("previous_response_id")
        var conversation = ResponsesReader(
            after: try Self.previous(previousResponseID, &reader, store), store)
        try conversation.readInput(&reader)
        history = conversation.messages
        let instructions = try reader.string("instructions").map { ChatMessage(.system, $0) }
        let includes = Set(try reader.strings("include") ?? [])
        carriesThoughts = includes.contains("reasoning.encrypted_content")
        var parameters = try Self.parameters(&reader)
        reportsLogprobs =
            includes.contains("message.output_text.logprobs") || parameters.logprobs != nil
        if reportsLogprobs { parameters.logprobs = parameters.logprobs ?? 0 }
        var chat = ChatRequest(
            messages: (instructions.map { [$0] } ?? []) + history, parameters: parameters)
        chat.model = try reader.string("model")
        chat.isStreamed = try reader.bool("stream") ?? false
        chat.priority = try reader.integer("priority") ?? 0
        chat.cacheSalt = try reader.string(
            "cache_salt", maxBytes: ConversationLimits.maxSaltBytes)
        stores = try reader.bool("store") ?? true
        tools = try Self.tools(&reader, &chat, conversation, unknown)
        chat.reasoning = try Self.reasoning(&reader)
        chat.dropsOldestMessages =
            try reader.word("truncation", as: Truncation.self) == .auto
        chat.ignored = tools.ignored + conversation.ignored
        try Self.readText(&reader, &chat.ignored)
        try Self.refuseOthers(&reader)
        if reader.value("context_management") != nil { chat.ignored.append("context_management") }
        chat.ignored += try reader.finish(unknown)
        chat.ignored = Array(chat.ignored.prefix(ConversationLimits.maxListedNames))
        self.chat = chat
        repeated = Self.repeated(body, chat, stores: stores)
    }

    enum Truncation: String, CaseIterable {
        case auto
        case disabled
    }
}

extension ResponsesRequest {
    private static func previous(
        _ id: String?, _ reader: inout MemberReader, _ store: ResponseStore
    ) throws(RequestError) -> [ChatMessage] {
        guard let id else { return [] }
        guard let messages = store.conversation(id) else {
            throw reader.wrong(
                "previous_response_id",
                "is \(id.inMessage), which is not stored here, or not any "
                    + "more; send the whole conversation as `input`", code: .notFound)
        }
        return messages
    }

    private static func parameters(
        _ reader: inout MemberReader
    ) throws(RequestError) -> SamplingParameters {
        var parameters = try SamplingParameters(&reader)
        guard parameters.n == 1, parameters.bestOf ?? 1 == 1 else {
            throw reader.wrong("n", "must be 1: a response has one answer")
        }
        try reader.refuse(["prompt_logprobs"])
        parameters.promptLogprobs = nil
        parameters.maxTokens = try reader.integer("max_output_tokens", from: 1)
        parameters.logprobs = try reader.integer("top_logprobs", in: 0...20)
        return parameters
    }

    /// How much a model thinks, in the words of this interface.
    enum Effort: String, CaseIterable {
        case none
        case minimal
        case low
        case medium
        case high
        case xhigh
        case max
    }

    private static func reasoning(
        _ reader: inout MemberReader
    ) throws(RequestError) -> ReasoningOptions {
        var options = ReasoningOptions()
        guard let value = reader.value("reasoning") else { return options }
        var reasoning = try MemberReader(value, at: "reasoning")
        // A summary would be a second model's work: thoughts come whole.
        for name in ["summary", "generate_summary"] { _ = try reasoning.string(name) }
        switch try reasoning.word("effort", as: Effort.self) {
        case nil: break
        case Effort.none?: options.isEnabled = false
        case let effort?: options.effort = effort.rawValue
        }
        return options
    }

    /// Reads `text`: its form is free until answers can be held to a schema.
    private static func readText(
        _ reader: inout MemberReader, _ ignored: inout [String]
    ) throws(RequestError) {
        guard let value = reader.value("text") else { return }
        var text = try MemberReader(value, at: "text")
        if try text.string("verbosity") != nil { ignored.append("text.verbosity") }
        guard let value = text.value("format") else { return }
        var format = try MemberReader(value, at: "text.format")
        let type = try format.string("type") ?? "text"
        guard type == "text" else {
            throw format.wrong(
                "type",
                "is \(type.inMessage), which is not supported yet: answers are not held to a "
                    + "schema; it must be text")
        }
    }

    private static func refuseOthers(_ reader: inout MemberReader) throws(RequestError) {
        if try reader.bool("background") == true {
            throw reader.wrong("background", "is not supported; leave it out, or set `stream`")
        }
        try reader.refuse(["conversation", "prompt", "response_format", "structured_outputs"])
        try reader.passHarmless()
        try reader.passHarmless(HarmlessFields.responses)
    }

    /// What of the body the answer says again, with the defaults of what it left out.
    private static func repeated(
        _ body: JSONValue, _ chat: ChatRequest, stores: Bool
    ) -> [JSONValue.Member] {
        func member(_ name: String, _ fallback: JSONValue = .null) -> JSONValue.Member {
            let value = body[name] ?? .null
            return JSONValue.Member(name, value == .null ? fallback : value)
        }
        return [
            member("instructions"), member("max_output_tokens"), member("metadata", [:]),
            member("parallel_tool_calls", true), member("previous_response_id"),
            member("prompt_cache_key"), member("reasoning", ["effort": nil, "summary": nil]),
            member("safety_identifier"), member("service_tier"),
            JSONValue.Member("store", .bool(stores)),
            JSONValue.Member("temperature", .number(chat.parameters.temperature)),
            member("text", ["format": ["type": "text"]]), member("tool_choice", "auto"),
            member("tools", []), member("top_logprobs", 0),
            JSONValue.Member("top_p", .number(chat.parameters.topP)),
            member("truncation", "disabled"), member("user"),
        ]
    }
}
