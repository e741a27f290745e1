package import ChatTemplates
package import QuireEngine
package import QuireJSON

/// A conversation to go on with, whatever dialect it came in.
///
/// A dialect is two pure functions around this value: one reads a body into it, the other writes
/// the `AnswerEvent`s of its answers. What a dialect cannot say has its default here.
package struct ChatRequest: Hashable, Sendable {
    /// The model that is asked for; nil: the one there is.
    package var model: String?

    /// The conversation, at least one message.
    package var messages: [ChatMessage]

    /// The tools that may be called.
    package var tools: [ToolDefinition] = []

    /// Whether and which of them must be.
    package var toolChoice = ToolChoice.auto

    /// Whether one answer may call several.
    package var allowsParallelCalls = true

    /// How much the model thinks before it answers.
    package var reasoning = ReasoningOptions()

    /// How tokens are chosen and where answers end; `maxTokens` nil: what the context has room
    /// for.
    package var parameters: SamplingParameters

    /// Its class: lower runs first.
    package var priority = 0

    /// What keeps its cached prefixes apart from others'.
    package var cacheSalt: String?

    /// Whether the answer begins a message of its own; false with `continuesLastMessage`.
    package var beginsAnswer = true

    /// Whether the answer goes on with the last message, an assistant's.
    package var continuesLastMessage = false

    /// Whether messages at the beginning are dropped where the prompt is longer than the context
    /// has room for; without, that is an error.
    package var dropsOldestMessages = false

    /// Values that the template sees besides the conversation, by name.
    package var templateArguments: [JSONValue.Member] = []

    /// Whether the answer is wanted as it comes.
    package var isStreamed = false

    /// Whether a stream ends with what the request has used, in dialects that ask.
    package var streamsUsage = false

    /// Whether every event of such a stream tells what its answer has used so far.
    package var streamsRunningUsage = false

    /// Whether the answer repeats what of the last message it goes on with.
    package var echoesLastMessage = false

    /// Whether tokens are named by their ids instead of their texts.
    package var namesTokensByID = false

    /// Whether the answer has the ids of its tokens and its prompt's too.
    package var returnsTokenIDs = false

    /// How a prompt that is too long is shortened; nil: it is not.
    package var truncation: PromptTruncation?

    /// Whether a call is told as the OpenAI interface had it before there were tools.
    package var answersWithFunctionCall = false

    /// Members of the body that the dialect does not know and that changed nothing, to be named
    /// to the client.
    package var ignored: [String] = []

    /// A request.
    package init(messages: [ChatMessage], parameters: SamplingParameters) {
        self.messages = messages
        self.parameters = parameters
    }
}

/// How much a model thinks before it answers, where its template knows thinking.
package struct ReasoningOptions: Hashable, Sendable {
    /// Whether it thinks; nil: as the template has it.
    package var isEnabled: Bool?

    /// A word for how much, as `low` or `high`; nil: as the template has it.
    package var effort: String?

    /// Tokens of thought at most; nil: within what the answer may have.
    package var budget: Int?

    /// Whether a model whose template does not say how thoughts end refuses a budget; without, the
    /// answer names it among what was ignored.
    package var requiresBudget = true

    /// What the request calls the budget.
    package var budgetName = "thinking_token_budget"

    /// Whether thoughts are part of the answer; without, they are left out of it.
    package var isShown = true

    /// Everything as the template has it.
    package init() {}
}
