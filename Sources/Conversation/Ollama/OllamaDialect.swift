import QuireEngine
package import QuireJSON

/// Ollama's interface: `/api/chat` and `/api/generate`.
package struct OllamaDialect: Dialect {
    let kind: OllamaAnswer.Kind

    /// A line for each event.
    package var framing: EventFraming { .lines }

    /// The dialect of one of the two.
    package init(_ kind: OllamaAnswer.Kind) { self.kind = kind }

    /// Reads a request.
    ///
    /// - Throws: `RequestError`, for what is wrong with it.
    package func exchange(
        for body: JSONValue, _ setting: ExchangeSetting
    ) throws(RequestError) -> any Exchange {
        let length = setting.bounds.maxModelLength
        let request =
            kind == .chat
            ? try OllamaRequest(chat: body, maxModelLength: length)
            : try OllamaRequest(generate: body, maxModelLength: length)
        switch request {
        case .load(let model, let unloads):
            try setting.model.check(model)
            return OllamaLoadExchange(kind, unloads: unloads, setting)
        case .chat(let chat):
            return OllamaExchange(kind, try ChatTurn(chat, setting), setting)
        case .raw(let chat):
            return OllamaExchange(kind, try ChatTurn(raw: chat, setting), setting)
        }
    }

    /// Writes the body of a refusal.
    package func write(_ error: RequestError, to out: inout JSONWriter) {
        OllamaError.write(error, to: &out)
    }
}

/// A request of Ollama's and its answer.
struct OllamaExchange: Exchange {
    let generations: [GenerationRequest]
    let id: String
    private var turn: ChatTurn
    private var answer: OllamaAnswer

    init(_ kind: OllamaAnswer.Kind, _ turn: ChatTurn, _ setting: ExchangeSetting) {
        self.turn = turn
        generations = [turn.generation]
        id = "ollama-\(setting.suffix)"
        answer = OllamaAnswer(
            kind, OllamaHeading(model: setting.model.served, created: setting.created),
            to: turn.request, prompt: turn.prompt.tokens, tokenizer: turn.tokenizer)
    }

    var isStreamed: Bool { turn.request.isStreamed }
    var ignored: [String] { turn.request.ignored }

    func write(_ completions: [[Completion]], to out: inout JSONWriter) {
        var copy = answer
        let completion = completions[0][0]
        do throws(RequestError) {
            try copy.write(
                turn.answers([completion])[0], took: OllamaDurations(completion.timings), to: &out)
        } catch {
            OllamaError.write(error, to: &out)
        }
    }

    func begin(_ out: inout EventWriter) {}

    mutating func write(_ delta: GenerationDelta, of index: Int, to out: inout EventWriter) {
        let took = delta.completion.map { OllamaDurations($0.timings) } ?? OllamaDurations()
        out.events(answer.objects(turn.events(of: delta), took: took))
    }

    mutating func wait(_ out: inout EventWriter) { out.events(answer.objects([.waiting])) }

    func end(_ out: inout EventWriter) {}

    func fail(_ error: RequestError, _ out: inout EventWriter) {
        out.event { OllamaError.write(error, to: &$0) }
    }
}

/// A request without a prompt: the model is there, which is all that it asks.
struct OllamaLoadExchange: Exchange {
    let generations: [GenerationRequest] = []
    let isStreamed = false
    let ignored: [String] = []
    let id: String
    private let kind: OllamaAnswer.Kind
    private let heading: OllamaHeading
    private let unloads: Bool

    init(_ kind: OllamaAnswer.Kind, unloads: Bool, _ setting: ExchangeSetting) {
        self.kind = kind
        self.unloads = unloads
        id = "ollama-\(setting.suffix)"
        heading = OllamaHeading(model: setting.model.served, created: setting.created)
    }

    func write(_ completions: [[Completion]], to out: inout JSONWriter) {
        OllamaModel.writeLoaded(kind, heading, unloads: unloads, to: &out)
    }

    func begin(_ out: inout EventWriter) {}
    func write(_ delta: GenerationDelta, of index: Int, to out: inout EventWriter) {}
    func wait(_ out: inout EventWriter) {}
    func end(_ out: inout EventWriter) {}
    func fail(_ error: RequestError, _ out: inout EventWriter) {}
}
