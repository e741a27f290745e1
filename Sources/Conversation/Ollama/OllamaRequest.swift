import ChatTemplates
import QuireEngine
package import QuireJSON

/// A request of Ollama's interface to `/api/chat` or `/api/generate`, where an answer is a stream
/// unless the request says otherwise.
package enum OllamaRequest: Hashable, Sendable {
    /// No message or prompt: the model is to be loaded, or unloaded; there is nothing to answer.
    case load(model: String?, unloads: Bool)
    /// A conversation: of `/api/chat`, or the prompt and system message of `/api/generate`.
    case chat(ChatRequest)
    /// A prompt to be continued as it is, without a template, its special tokens named in the text:
    /// the text of the request's only message.
    case raw(ChatRequest)

    /// Reads the body of a request to `/api/chat`.
    ///
    /// - Parameters:
    ///   - maxModelLength: tokens of the longest sequence, which `num_ctx` may not be above.
    ///   - unknown: what becomes of members that are not known.
    package init(
        chat body: JSONValue, maxModelLength: Int, unknown: UnknownMembers = .named
    ) throws(RequestError) {
        var reader = try MemberReader(body)
        let list = try reader.array("messages") ?? []
        var messages = MessageReader()
        var request = ChatRequest(
            messages: try messages.messages(list, at: "messages"),
            parameters: SamplingParameters())
        var tools = ToolReader()
        (request.tools, request.ignored) = try tools.tools("tools", &reader, unknown: unknown)
        try request.readOllama(&reader, maxModelLength: maxModelLength, unknown)
        self =
            request.messages.isEmpty
            ? .load(model: request.model, unloads: Self.unloads(body)) : .chat(request)
    }

    /// Reads the body of a request to `/api/generate`.
    package init(
        generate body: JSONValue, maxModelLength: Int, unknown: UnknownMembers = .named
    ) throws(RequestError) {
        var reader = try MemberReader(body)
        let prompt = try reader.string("prompt") ?? ""
        let system = try reader.string("system") ?? ""
        let isRaw = try reader.bool("raw") ?? false
        try reader.refuse("images", unless: "an empty list") { $0 == [] }
        try reader.refuse("context", unless: "an empty list") { $0 == [] }
        for name in ["template", "suffix"] {
            try reader.refuse(name, unless: "an empty string") { $0 == "" }
        }
        guard !isRaw || system.isEmpty else {
            throw reader.wrong("system", "is part of the template, which `raw` leaves out")
        }
        var request = ChatRequest(
            messages: [ChatMessage(.user, prompt)], parameters: SamplingParameters())
        if !system.isEmpty { request.messages.insert(ChatMessage(.system, system), at: 0) }
        try request.readOllama(&reader, maxModelLength: maxModelLength, unknown)
        if prompt.isEmpty {
            self = .load(model: request.model, unloads: Self.unloads(body))
        } else {
            self = isRaw ? .raw(request) : .chat(request)
        }
    }

    /// Whether the model is to be forgotten at once.
    private static func unloads(_ body: JSONValue) -> Bool {
        guard let value = body["keep_alive"] else { return false }
        return value.double == 0 || value == "0" || value == "0s"
    }
}

extension ChatRequest {
    /// Reads what both kinds of requests have.
    fileprivate mutating func readOllama(
        _ reader: inout MemberReader, maxModelLength: Int, _ unknown: UnknownMembers
    ) throws(RequestError) {
        model = try reader.string("model")
        isStreamed = try reader.bool("stream") ?? true
        streamsUsage = true
        try reasoning.readThink(&reader)
        var options = try MemberReader(reader.value("options") ?? .object([]), at: "options")
        parameters = try SamplingParameters(ollama: &options, maxModelLength: maxModelLength)
        try options.passHarmless(HarmlessFields.ollamaOptions)
        ignored += try options.finish(unknown)
        let reports = try reader.bool("logprobs") ?? false
        let top = try reader.integer("top_logprobs", from: 0)
        if reports { parameters.logprobs = top ?? 0 }
        try parameters.validateAlone()
        try reader.refuse("format", unless: "an empty string") { $0 == "" }
        for name in ["width", "height", "steps"] {
            try reader.refuse(name, unless: "0") { $0.integer == 0 }
        }
        try reader.passHarmless()
        ignored += try reader.finish(unknown)
        ignored = Array(ignored.prefix(ConversationLimits.maxListedNames))
    }
}

extension ReasoningOptions {
    /// Reads `think`: whether, or a word for how much.
    fileprivate mutating func readThink(_ reader: inout MemberReader) throws(RequestError) {
        guard let value = reader.value("think") else { return }
        if let enabled = value.bool {
            isEnabled = enabled
            return
        }
        guard let word = value.string, ["low", "medium", "high", "max"].contains(word) else {
            throw reader.wrong("think", "must be true, false, low, medium, high or max")
        }
        isEnabled = true
        effort = word
    }
}
