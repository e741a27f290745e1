import QuireEngine
package import QuireJSON

/// OpenAI's text completions, with vLLM's additions.
package struct CompletionsDialect: Dialect {
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
        try CompletionExchange(CompletionRequest(body, unknown: .named), setting)
    }
}

/// A request for completions and its answer.
struct CompletionExchange: Exchange {
    let generations: [GenerationRequest]
    private let request: CompletionRequest
    private let heading: CompletionHeading
    private let bounds: ModelBounds
    private var events: CompletionEvents

    init(_ request: CompletionRequest, _ setting: ExchangeSetting) throws(RequestError) {
        try setting.model.check(request.model)
        self.request = request
        bounds = setting.bounds
        generations = try request.generations(for: setting.bounds)
        heading = CompletionHeading(
            id: "cmpl-\(setting.suffix)", created: setting.created, model: setting.model.served)
        events = CompletionEvents(
            heading, to: request, prompts: generations.map(\.prompt), tokenizer: bounds.tokenizer)
    }

    var isStreamed: Bool { request.isStreamed }
    var ignored: [String] { request.ignored }
    var id: String { heading.id }

    func write(_ completions: [[Completion]], to out: inout JSONWriter) {
        CompletionAnswer(
            heading, to: request, completions: completions, tokenizer: bounds.tokenizer
        ).write(to: &out)
    }

    func begin(_ out: inout EventWriter) {}

    mutating func write(_ delta: GenerationDelta, of index: Int, to out: inout EventWriter) {
        out.event { events.write(delta, of: index, to: &$0) }
    }

    func wait(_ out: inout EventWriter) {
        out.event { events.writeNothing(to: &$0) }
    }

    func end(_ out: inout EventWriter) {
        if request.streamsUsage { out.event { _ = events.writeUsage(to: &$0) } }
        out.done()
    }

    func fail(_ error: RequestError, _ out: inout EventWriter) {
        out.event { error.write(to: &$0) }
        out.done()
    }
}
