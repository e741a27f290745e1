import Conversation
import HTTPTypes
import Hummingbird
import HummingbirdCore
import NIOCore
import QuireJSON
import Scheduling

/// Where the requests of a dialect are answered.
struct ExchangeEndpoint: Sendable {
    let slot: ModelSlot
    let live: LiveExchanges
    let longest: Duration?
    let now: @Sendable () -> Int

    func route(_ path: String, _ summary: String, _ dialect: any Dialect) -> Route {
        let schemas = dialect.schemas
        let about = Operation(
            summary, body: schemas.request, answer: schemas.answer,
            stream: dialect.framing.contentType, failures: .ofExchange)
        return Route(.post, path, dialect: dialect, about: about) { try await answer($0) }
    }

    /// Where Anthropic's clients have a conversation's tokens counted.
    func count(_ path: String) -> Route {
        let schemas = MessagesDialect.countSchemas
        let about = Operation(
            "The tokens of a conversation", body: schemas.request, answer: schemas.answer,
            failures: .ofNamedModel)
        return Route(.post, path, dialect: MessagesDialect(), about: about) { call in
            let setting = try slot.model().setting(created: now())
            let count = try await call.body { try MessagesDialect.count($0, setting) }
            return Reply.json { $0.value(count) }
        }
    }

    private func answer(_ call: Call) async throws -> Response {
        let model = try slot.model()
        let setting = model.setting(created: now())
        let dialect = call.dialect
        let (own, exchange) = try await call.body { body in
            var body = body
            let own = try RequestTime.take(from: &body)
            return (own, try dialect.exchange(for: body, setting))
        }
        do {
            let run = try await ExchangeRun(
                exchange, call, engine: model.engine, live: live,
                longest: [own, longest].compactMap(\.self).min())
            return try await answer(exchange, run, call).naming(ignored: exchange.ignored)
        } catch is ExchangeRun.ClientGone {
            // Nobody reads an answer: where the client has closed its side only, it is told so.
            call.channel.close(promise: nil)
            throw CancellationError()
        }
    }

    private func answer(
        _ exchange: any Exchange, _ run: ExchangeRun, _ call: Call
    ) async throws -> Response {
        guard exchange.isStreamed else {
            let completions = try await run.whole()
            return Reply.json { exchange.write(completions, to: &$0) }
        }
        var fields = HTTPFields()
        fields[.contentType] = call.dialect.framing.contentType
        fields[.cacheControl] = "no-cache"
        fields[.accelBuffering] = "no"
        return Response(
            status: .ok, headers: fields,
            body: ResponseBody { writer in
                try await run.write(to: &writer)
                try await writer.finish(nil)
            })
    }
}

extension ServedModel {
    /// What an exchange with it is held in.
    func setting(created: Int) -> ExchangeSetting {
        ExchangeSetting(
            bounds: bounds, model: names, suffix: AnswerName.random(), created: created)
    }
}
