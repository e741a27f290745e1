import Conversation
import Hummingbird
import QuireEngine
import QuireJSON
import Scheduling

/// The KV cache: what it holds, and how to empty it.
struct CacheEndpoints: Sendable {
    let slot: ModelSlot

    var routes: [Route] {
        [
            Route(
                .get, "/v1/cache",
                about: Operation(
                    "What the KV cache holds", answer: Self.schema, failures: .ofModel)
            ) { _ in
                let engine = try slot.model().engine
                return Reply.json {
                    Self.write(engine.statistics, blockSize: engine.blockSize, to: &$0)
                }
            },
            Route(
                .post, "/v1/cache/reset",
                about: Operation(
                    "Forgets all cached prefixes", answer: .object(["reset": .constant(true)]),
                    failures: .ofModel + [.invalidRequest, .conflict],
                    query: [(Self.preempts, .flag)])
            ) { try await reset($0) },
        ]
    }

    private static func write(
        _ statistics: EngineStatistics, blockSize: Int, to out: inout JSONWriter
    ) {
        let scheduling = statistics.scheduling
        let blocks = CacheBlocks(scheduling)
        out.beginObject()
        out.key("object")
        out.string("cache")
        out.key("block_size")
        out.integer(blockSize)
        out.key("blocks")
        out.beginObject()
        for (name, count) in [
            ("total", blocks.total), ("used", blocks.used), ("cached", blocks.cached),
            ("free", blocks.free),
        ] {
            out.key(name)
            out.integer(count)
        }
        out.endObject()
        out.key("usage")
        out.double(blocks.usage)
        out.key("queried_tokens")
        out.integer(scheduling.queriedTokens)
        out.key("hit_tokens")
        out.integer(scheduling.hitTokens)
        out.key("hit_rate")
        out.double(
            scheduling.queriedTokens == 0
                ? 0 : Double(scheduling.hitTokens) / Double(scheduling.queriedTokens))
        out.key("recent_hit_rate")
        out.double(statistics.prefixHitRate)
        out.endObject()
    }

    private static let preempts = "preempt_running"

    private static let schema = BodySchema.object([
        "object": .constant("cache"), "block_size": .integer(from: 1),
        "blocks": .object(SchemaMembers(["total", "used", "cached", "free"], .integer(from: 0))),
        "usage": .number(0...1), "queried_tokens": .integer(from: 0),
        "hit_tokens": .integer(from: 0), "hit_rate": .number(0...1),
        "recent_hit_rate": .number(0...1),
    ])

    private func reset(_ call: Call) async throws -> Response {
        let engine = try slot.model().engine
        let name = Self.preempts
        let preempts: Bool
        switch call.request.uri.queryParameters[name[...]] {
        case nil, "false"?: preempts = false
        case "true"?: preempts = true
        default: throw RequestError("`\(name)` must be true or false", param: name)
        }
        guard await engine.resetPrefixCache(preemptRunning: preempts) else {
            throw RequestError(
                "requests hold blocks of the cache; wait until they have ended, or have them "
                    + "computed again with ?\(name)=true", code: .conflict)
        }
        return Reply.json { out in
            out.beginObject()
            out.key("reset")
            out.bool(true)
            out.endObject()
        }
    }
}
