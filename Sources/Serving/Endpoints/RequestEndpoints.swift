import Conversation
import Hummingbird
import QuireEngine
import QuireIdentifiers
import QuireJSON

/// The requests that have not ended: where they are, and how to end them.
struct RequestEndpoints: Sendable {
    let slot: ModelSlot
    let live: LiveExchanges

    var routes: [Route] {
        [
            Route(
                .get, "/v1/requests",
                about: Operation(
                    "The requests that have not ended",
                    answer: .object([
                        "object": .constant("list"), "total": .integer(from: 0),
                        "data": .list(of: RequestText.schema),
                    ]), failures: .ofModel)
            ) { _ in try await list() },
            Route(
                .get, "/v1/requests/{id}",
                about: Operation(
                    "A request", answer: RequestText.schema, failures: .ofModel + [.notFound])
            ) { call in
                let exchange = try exchange(call)
                let statuses = try await statuses([exchange])
                return Reply.json { RequestText.write(exchange, statuses, to: &$0) }
            },
            Route(
                .delete, "/v1/requests/{id}",
                about: Operation(
                    "Ends a request",
                    answer: .object([
                        "id": .string, "object": .constant("request"), "cancelled": .constant(true),
                    ]), failures: [.notFound])
            ) { call in
                let exchange = try exchange(call)
                guard live.cut(exchange.name, Self.cancelled) else { throw Self.unknown(call) }
                return Reply.json { out in
                    out.beginObject()
                    out.key("id")
                    out.string(exchange.name)
                    out.key("object")
                    out.string("request")
                    out.key("cancelled")
                    out.bool(true)
                    out.endObject()
                }
            },
        ]
    }

    private static let cancelled = RequestError(
        "the request was cancelled through /v1/requests", code: .cancelled)

    private static func unknown(_ call: Call) -> RequestError {
        let name = call.parameters[0].prefix(FixedLimits.pathCharacters)
        return RequestError("no request \(name) waits or runs", code: .notFound)
    }

    private func exchange(_ call: Call) throws(RequestError) -> LiveExchange {
        guard let found = live.find(call.parameters[0]) else { throw Self.unknown(call) }
        return found
    }

    private func list() async throws -> Response {
        let (exchanges, total) = live.oldest(FixedLimits.listedRequests)
        let statuses = try await statuses(exchanges)
        return Reply.json { out in
            out.beginObject()
            out.key("object")
            out.string("list")
            out.key("total")
            out.integer(total)
            out.key("data")
            out.array(exchanges) { RequestText.write($1, statuses, to: &$0) }
            out.endObject()
        }
    }

    /// Where the engine's requests are, by their numbers.
    private func statuses(_ exchanges: [LiveExchange]) async throws -> [QuireIdentifiers.RequestID:
        RequestStatus]
    {
        let statuses = try await slot.model().engine.statuses(of: exchanges.flatMap(\.requests))
        return Dictionary(uniqueKeysWithValues: statuses.map { ($0.id, $0) })
    }
}
