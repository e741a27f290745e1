import QuireEngine
package import QuireJSON
import Synchronization

/// OpenAI's Responses interface. An object, since a response may name one that was given before.
package final class ResponsesDialect: Dialect {
    private let store = Mutex(ResponseStore())

    /// Server-sent events with names, and no word at the end.
    package var framing: EventFraming { .serverSentEvents }

    /// The dialect, without responses that were given.
    package init() {}

    /// Reads a request.
    ///
    /// - Throws: `RequestError`, for what is wrong with it.
    package func exchange(
        for body: JSONValue, _ setting: ExchangeSetting
    ) throws(RequestError) -> any Exchange {
        let known = store.withLock { $0 }
        let request = try ResponsesRequest(body, store: known, unknown: .named)
        return ResponsesExchange(request, try ChatTurn(request.chat, setting), setting, self)
    }

    fileprivate func keep(
        _ answer: ChatAnswer, to request: ResponsesRequest, _ heading: ResponseHeading
    ) {
        store.withLock { $0.add(answer, to: request, heading) }
    }
}

/// A request for a response and its answer.
struct ResponsesExchange: Exchange {
    let generations: [GenerationRequest]
    private let dialect: ResponsesDialect
    private let request: ResponsesRequest
    private let heading: ResponseHeading
    private var turn: ChatTurn
    private var events: ResponseEvents
    private var answer = ChatAnswer()

    init(
        _ request: ResponsesRequest, _ turn: ChatTurn, _ setting: ExchangeSetting,
        _ dialect: ResponsesDialect
    ) {
        self.dialect = dialect
        self.request = request
        self.turn = turn
        generations = [turn.generation]
        heading = ResponseHeading(
            id: "resp_\(setting.suffix)", created: setting.created, model: setting.model.served)
        events = ResponseEvents(heading, to: request, texts: Self.texts(turn))
    }

    private static func texts(_ turn: ChatTurn) -> LogprobTexts {
        LogprobTexts(tokenizer: turn.tokenizer, after: turn.prompt.tokens)
    }

    var isStreamed: Bool { turn.request.isStreamed }
    var ignored: [String] { turn.request.ignored }
    var id: String { heading.id }

    func write(_ completions: [[Completion]], to out: inout JSONWriter) {
        let answer = turn.answers(completions[0])[0]
        do throws(RequestError) {
            out.value(
                try ResponseObject(heading, to: request, texts: Self.texts(turn)).body(answer))
            dialect.keep(answer, to: request, heading)
        } catch {
            error.write(to: &out)
        }
    }

    func begin(_ out: inout EventWriter) {}

    mutating func write(_ delta: GenerationDelta, of index: Int, to out: inout EventWriter) {
        for event in turn.events(of: delta) {
            answer.append(event)
            out.events(events.events(for: event))
        }
    }

    mutating func wait(_ out: inout EventWriter) { out.events(events.events(for: .waiting)) }

    func end(_ out: inout EventWriter) {
        if answer.end?.reason.failure == nil { dialect.keep(answer, to: request, heading) }
    }

    mutating func fail(_ error: RequestError, _ out: inout EventWriter) {
        out.events(events.events(for: turn.failure(error)))
    }
}
