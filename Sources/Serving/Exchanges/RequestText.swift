import Conversation
import QuireEngine
import QuireIdentifiers
import QuireJSON
import Scheduling

/// What is told of a request.
enum RequestText {
    /// A request of a client, which is one of the engine's for each of its prompts.
    static func write(
        _ exchange: LiveExchange, _ statuses: [RequestID: RequestStatus], to out: inout JSONWriter
    ) {
        let prompts = exchange.requests.map { statuses[$0] }
        out.beginObject()
        for (name, value) in [
            ("id", exchange.name), ("object", "request"), ("route", exchange.route),
            ("request_id", exchange.requestID), ("state", state(prompts)),
        ] {
            out.key(name)
            out.string(value)
        }
        out.key("stream")
        out.bool(exchange.isStreamed)
        out.key("created")
        out.integer(exchange.created)
        for (name, field) in counts {
            out.key(name)
            out.integer(prompts.reduce(0) { $0 + ($1?[keyPath: field] ?? 0) })
        }
        out.key("prompts")
        out.array(prompts) { write($1, to: &$0) }
        out.endObject()
    }

    /// What `write` writes.
    static let schema = BodySchema.object(
        .joined(
            SchemaMembers(counts.map(\.0), .integer(from: 0)),
            [
                "id": .string, "object": .constant("request"), "route": .string,
                "request_id": .string, "state": .string, "stream": .flag,
                "created": .integer(from: 0), "prompts": .list(of: .object(["state": .string])),
            ]))

    /// Of all its prompts: it runs if one does, and is written when all have ended.
    private static func state(_ prompts: [RequestStatus?]) -> String {
        let states = prompts.compactMap { $0?.state }
        return (states.first { $0 == .running } ?? states.first)?.rawValue ?? "ended"
    }

    private static var counts: [(String, KeyPath<RequestStatus, Int>)] {
        [
            ("prompt_tokens", \.promptTokens), ("cached_tokens", \.timeline.cachedTokens),
            ("generated_tokens", \.generatedTokens),
        ]
    }

    private static func write(_ status: RequestStatus?, to out: inout JSONWriter) {
        out.beginObject()
        out.key("state")
        out.string(status?.state.rawValue ?? "ended")
        if let status {
            out.key("wait_reason")
            if let reason = status.waitReason { out.string(reason.rawValue) } else { out.null() }
            for (name, field) in counts + [("computed_tokens", \.computedTokens)] {
                out.key(name)
                out.integer(status[keyPath: field])
            }
            status.timeline.prefixMiss.write(to: &out)
            out.key("preemptions")
            out.integer(status.timeline.preemptions.count)
            out.key("seconds")
            out.beginObject()
            for (name, time) in [
                ("queued", status.queuedTime), ("prefill", status.prefillTime),
                ("decode", status.decodeTime),
            ] {
                out.key(name)
                out.double(time / .seconds(1))
            }
            out.endObject()
        }
        out.endObject()
    }
}
