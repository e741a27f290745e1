import QuireEngine
package import QuireJSON

/// OpenAI's chat completions, with vLLM's additions.
package struct ChatCompletionsDialect: Dialect {
    /// Server-sent events without names, `[DONE]` at the end.
    package var framing: EventFraming { .serverSentEvents }

    /// The dialect.
    package init() {}

    /// Reads a request.
    ///
    /// - Throws: `RequestError`, for what is wrong with it.
    package func exchange(
        for body: JSONValue, _ setting: ExchangeSetting
    ) throws(RequestError) -> any Exchange {
        let request = try ChatRequest(chatCompletion: body, unknown: .named)
        return ChatCompletionExchange(try ChatTurn(request, setting), setting)
    }
}

/// A request for chat completions and its answer.
struct ChatCompletionExchange: Exchange {
    let generations: [GenerationRequest]
    private var turn: ChatTurn
    private let heading: CompletionHeading
    private var chunks: ChatCompletionChunks

    init(_ turn: ChatTurn, _ setting: ExchangeSetting) {
        self.turn = turn
        generations = [turn.generation]
        heading = CompletionHeading(
            id: "chatcmpl-\(setting.suffix)", created: setting.created,
            model: setting.model.served)
        chunks = ChatCompletionChunks(
            heading, to: turn.request, prompt: turn.prompt.tokens, tokenizer: turn.tokenizer)
    }

    var isStreamed: Bool { turn.request.isStreamed }
    var ignored: [String] { turn.request.ignored }
    var id: String { heading.id }

    func write(_ completions: [[Completion]], to out: inout JSONWriter) {
        do throws(RequestError) {
            try ChatCompletionAnswer(
                heading, to: turn.request, answers: turn.answers(completions[0]),
                completions: completions[0], prompt: turn.prompt.tokens, tokenizer: turn.tokenizer
            ).write(to: &out)
        } catch {
            error.write(to: &out)
        }
    }

    func begin(_ out: inout EventWriter) {}

    mutating func write(_ delta: GenerationDelta, of index: Int, to out: inout EventWriter) {
        let events = turn.events(of: delta)
        out.events(chunks.objects(events, choice: delta.choice, tokens: delta.tokens))
    }

    mutating func wait(_ out: inout EventWriter) {
        out.events(chunks.objects([.waiting], choice: 0))
    }

    func end(_ out: inout EventWriter) { out.done() }

    func fail(_ error: RequestError, _ out: inout EventWriter) {
        out.event { error.write(to: &$0) }
        out.done()
    }
}
