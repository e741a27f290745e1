import QuireEngine
package import QuireJSON

/// Anthropic's Messages interface.
package struct MessagesDialect: Dialect {
    /// Server-sent events with names.
    package var framing: EventFraming { .serverSentEvents }

    /// The dialect.
    package init() {}

    /// Reads a request.
    ///
    /// - Throws: `RequestError`, for what is wrong with it.
    package func exchange(
        for body: JSONValue, _ setting: ExchangeSetting
    ) throws(RequestError) -> any Exchange {
        let request = try MessagesRequest(body, unknown: .named)
        return MessagesExchange(request, try ChatTurn(request.chat, setting), setting)
    }

    /// Writes the body of a refusal.
    package func write(_ error: RequestError, to out: inout JSONWriter) {
        out.value(MessagesError.body(error))
    }

    /// The answer to `count_tokens`: the tokens of a conversation.
    package static func count(
        _ body: JSONValue, _ setting: ExchangeSetting
    ) throws(RequestError) -> JSONValue {
        let request = try MessagesRequest(body, unknown: .named, counts: true)
        return MessagesAnswer.count(try setting.prompt(of: request.chat).tokens.count)
    }
}

/// A request for a message and its answer.
struct MessagesExchange: Exchange {
    let generations: [GenerationRequest]
    let id: String
    private var turn: ChatTurn
    private let answer: MessagesAnswer
    private var events: MessagesEvents

    init(_ request: MessagesRequest, _ turn: ChatTurn, _ setting: ExchangeSetting) {
        self.turn = turn
        generations = [turn.generation]
        id = "msg_\(setting.suffix)"
        let model = setting.model.served
        answer = MessagesAnswer(id: id, model: model, thoughts: request.thoughts)
        events = MessagesEvents(id: id, model: model, thoughts: request.thoughts)
    }

    var isStreamed: Bool { turn.request.isStreamed }
    var ignored: [String] { turn.request.ignored }

    func write(_ completions: [[Completion]], to out: inout JSONWriter) {
        do throws(RequestError) {
            out.value(try answer.body(turn.answers(completions[0])[0]))
        } catch {
            out.value(MessagesError.body(error))
        }
    }

    func begin(_ out: inout EventWriter) {}

    mutating func write(_ delta: GenerationDelta, of index: Int, to out: inout EventWriter) {
        for event in turn.events(of: delta) { out.events(events.events(for: event)) }
    }

    mutating func wait(_ out: inout EventWriter) { out.events(events.events(for: .waiting)) }

    func end(_ out: inout EventWriter) {}

    func fail(_ error: RequestError, _ out: inout EventWriter) {
        out.events([MessagesEvents.event(of: error)])
    }
}
