import ChatTemplates
import Conversation
import QuireEngine

/// A conversation at the prompt: its instructions, its messages and its settings.
///
/// A value without a terminal or a model: what a command does to it is done here.
struct ChatConversation: Hashable {
    /// The instructions of the model.
    var system: String?

    /// What user and model have said.
    private(set) var messages: [ChatMessage] = []

    /// A message that could not be answered and is no part of the conversation.
    private(set) var unsent: String?

    /// How tokens are chosen.
    private(set) var parameters: SamplingParameters

    /// Whether the model thinks first; nil: as its template has it.
    private(set) var thinks: Bool?

    /// Whether each answer is followed by what it took.
    private(set) var isVerbose: Bool

    /// What the last answer took.
    private(set) var summary: AnswerSummary?

    /// Whether the template has a switch for thinking.
    private let knowsThinking: Bool

    /// A conversation without messages.
    init(
        system: String? = nil, parameters: SamplingParameters, thinks: Bool? = nil,
        isVerbose: Bool = false, knowsThinking: Bool = false
    ) throws(ChatRefusal) {
        self.system = system
        self.parameters = parameters
        self.isVerbose = isVerbose
        self.knowsThinking = knowsThinking
        if let thinks { try set(.thinks(thinks)) }
    }

    /// What the model is asked for by another message of the user.
    func request(for text: String) -> ChatRequest {
        let question = ChatMessage(.user, text)
        var request = ChatRequest(messages: whole + [question], parameters: parameters)
        request.reasoning.isEnabled = thinks
        return request
    }

    /// The instructions and what was said.
    var whole: [ChatMessage] { (system.map { [ChatMessage(.system, $0)] } ?? []) + messages }
}

extension ChatConversation {
    /// Takes in a message and what the model said to it, or the beginning of that.
    mutating func append(_ text: String, _ answer: ChatAnswer, _ summary: AnswerSummary? = nil) {
        messages.append(ChatMessage(.user, text))
        messages += answer.messages
        self.summary = summary
        unsent = nil
    }

    /// Keeps a message that could not be answered for `/retry`.
    mutating func keep(unsent text: String) { unsent = text }

    /// Changes a setting.
    ///
    /// - Throws: `ChatRefusal`, for a value out of its range or a switch that there is not.
    mutating func set(_ setting: ChatSetting) throws(ChatRefusal) {
        var changed = parameters
        switch setting {
        case .temperature(let value): changed.temperature = value
        case .topP(let value): changed.topP = value
        case .topK(let value): changed.topK = value
        case .minP(let value): changed.minP = value
        case .seed(let value): changed.seed = value
        case .maxTokens(let value):
            guard value != 0 else { throw ChatRefusal("max_tokens is 0; it must be at least 1.") }
            changed.maxTokens = value
        case .thinks(let value):
            guard knowsThinking || value == nil else {
                throw ChatRefusal(
                    "think: the model's chat template has no switch for thinking "
                        + "(enable_thinking).")
            }
            thinks = value
        case .verbose(let value): isVerbose = value
        }
        do throws(EngineError) {
            try changed.validate(vocabularySize: .max, maxLogprobs: -1)
        } catch {
            throw ChatRefusal(error.message)
        }
        parameters = changed
    }

    /// Forgets what was said.
    mutating func clear() {
        messages = []
        summary = nil
    }

    /// Takes the last message of the user and all that followed it back.
    ///
    /// - Returns: the message.
    @discardableResult
    mutating func undo() throws(ChatRefusal) -> String {
        guard let index = messages.lastIndex(where: { $0.role == .user }) else {
            throw ChatRefusal("There is no message to take back.")
        }
        let text = messages[index].text
        messages.removeSubrange(index...)
        summary = nil
        return text
    }

    /// The message that is to be answered again, and the conversation before it.
    func retried() throws(ChatRefusal) -> (before: ChatConversation, text: String) {
        if let unsent { return (self, unsent) }
        var before = self
        guard let text = try? before.undo() else {
            throw ChatRefusal("There is no message to answer again.")
        }
        return (before, text)
    }

    /// Puts the conversation of a file in the place of this one.
    mutating func load(_ messages: [ChatMessage]) {
        system = messages.first.flatMap { $0.role == .system ? $0.text : nil }
        self.messages = Array(messages.dropFirst(system == nil ? 0 : 1))
        summary = nil
        unsent = nil
    }
}
