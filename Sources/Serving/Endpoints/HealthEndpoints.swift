import Conversation
import Hummingbird
import QuireJSON

/// Whether the server lives and answers; none of them needs a key or the engine.
struct HealthEndpoints: Sendable {
    let slot: ModelSlot
    let version: String

    var routes: [Route] {
        [
            Route(.get, "/health", isOpen: true) { _ in Self.status("ok") },
            Route(.get, "/ready", isOpen: true) { _ in
                _ = try slot.model()
                return Self.status("ready")
            },
            Route(.get, "/version", isOpen: true) { _ in
                Reply.json { out in
                    out.beginObject()
                    out.key("version")
                    out.string(version)
                    out.endObject()
                }
            },
        ]
    }

    private static func status(_ word: String) -> Response {
        Reply.json { out in
            out.beginObject()
            out.key("status")
            out.string(word)
            out.endObject()
        }
    }
}
