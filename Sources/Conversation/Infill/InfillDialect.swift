import QuireEngine
package import QuireJSON

/// llama-server's `/infill`, which editors call to fill in the text at the cursor.
package struct InfillDialect: Dialect {
    /// Server-sent events without names; the last one says that it is.
    package var framing: EventFraming { .serverSentEvents }

    /// The dialect.
    package init() {}

    /// Reads a request.
    ///
    /// - Throws: `RequestError`, for what is wrong with it.
    package func exchange(
        for body: JSONValue, _ setting: ExchangeSetting
    ) throws(RequestError) -> any Exchange {
        try InfillExchange(InfillRequest(body), setting)
    }
}

/// A request to fill in a text and its answer.
struct InfillExchange: Exchange {
    let generations: [GenerationRequest]
    let id: String
    private let request: InfillRequest
    private var answer: InfillAnswer

    init(_ request: InfillRequest, _ setting: ExchangeSetting) throws(RequestError) {
        try setting.model.check(request.model)
        self.request = request
        let generation = try request.generation(for: setting.bounds)
        generations = [generation]
        id = "infill-\(setting.suffix)"
        answer = InfillAnswer(
            request, model: setting.model.served, prompt: generation.prompt,
            tokenizer: setting.bounds.tokenizer)
    }

    var isStreamed: Bool { request.isStreamed }
    var ignored: [String] { request.ignored }

    func write(_ completions: [[Completion]], to out: inout JSONWriter) {
        out.value(answer.end(completions[0][0], withText: true))
    }

    func begin(_ out: inout EventWriter) {}

    mutating func write(_ delta: GenerationDelta, of index: Int, to out: inout EventWriter) {
        if let event = answer.event(delta) { out.event { $0.value(event) } }
        guard let completion = delta.completion else { return }
        out.event { $0.value(answer.end(completion, withText: false)) }
    }

    func wait(_ out: inout EventWriter) { out.event { $0.value(answer.piece()) } }

    func end(_ out: inout EventWriter) {}

    func fail(_ error: RequestError, _ out: inout EventWriter) {
        out.event { error.write(to: &$0) }
    }
}
