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

    func route(_ path: String, _ dialect: any Dialect) -> Route {
        Route(.post, path, dialect: dialect) { try await answer($0) }
    }

    /// Where Anthropic's clients have a conversation's tokens counted.
    func count(_ path: String) -> Route {
        Route(.post, path, dialect: MessagesDialect()) { call in
            let setting = setting(try slot.model())
            let count = try MessagesDialect.count(try await call.json(), setting)
            return Reply.json { $0.value(count) }
        }
    }

    private func setting(_ model: ServedModel) -> ExchangeSetting {
        ExchangeSetting(
            bounds: model.bounds, model: model.names, suffix: AnswerName.random(), created: now())
    }

    private func answer(_ call: Call) async throws -> Response {
        let model = try slot.model()
        let setting = setting(model)
        var body = try await call.json()
        let own = try RequestTime.take(from: &body)
        let exchange = try call.dialect.exchange(for: body, setting)
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
