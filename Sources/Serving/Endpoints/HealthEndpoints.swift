import Conversation
import Hummingbird
import QuireJSON

/// Whether the server lives and answers; none of them needs a key or the engine.
struct HealthEndpoints: Sendable {
    let slot: ModelSlot
    let version: String

    var routes: [Route] {
        [
            Route(
                .get, "/health", isOpen: true,
                about: Operation("Whether the process lives", answer: Self.statusSchema)
            ) { _ in Self.status("ok") },
            Route(
                .get, "/ready", isOpen: true,
                about: Operation(
                    "Whether requests are answered", answer: Self.statusSchema, failures: .ofModel)
            ) { _ in
                _ = try slot.model()
                return Self.status("ready")
            },
            Route(
                .get, "/version", isOpen: true,
                about: Operation(
                    "The server's version",
                    answer: .object(["version": .string, "server": .string]))
            ) { _ in
                Reply.json { out in
                    out.beginObject()
                    out.key("version")
                    out.string(version)
                    out.key("server")
                    out.string("quire")
                    out.endObject()
                }
            },
        ]
    }

    private static let statusSchema = BodySchema.object(["status": .string])

    private static func status(_ word: String) -> Response {
        Reply.json { out in
            out.beginObject()
            out.key("status")
            out.string(word)
            out.endObject()
        }
    }
}
