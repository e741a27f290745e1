import Conversation
import Hummingbird

/// What there is to know of the model, for Ollama's clients.
struct OllamaEndpoints: Sendable {
    let slot: ModelSlot
    let version: String

    var routes: [Route] {
        let chat = OllamaDialect(.chat)
        return [
            Route(.get, "/api/tags", dialect: chat) { _ in
                let model = try slot.model()
                return Reply.json { OllamaModel.writeTags([model.ollama], to: &$0) }
            },
            Route(.get, "/api/ps", dialect: chat) { _ in
                let model = try slot.model()
                return Reply.json { OllamaModel.writeRunning([model.ollama], to: &$0) }
            },
            Route(.post, "/api/show", dialect: chat) { call in
                let model = try slot.model()
                try model.names.check(try OllamaModel.shown(try await call.json()))
                return Reply.json { model.ollama.writeShow(to: &$0) }
            },
            Route(.get, "/api/version", isOpen: true, dialect: chat) { _ in
                Reply.json { OllamaModel.writeVersion(version, to: &$0) }
            },
        ]
    }
}

extension ServedModel {
    /// The model as Ollama's interface tells of it.
    var ollama: OllamaModel {
        var model = OllamaModel(name: names.served)
        model.modified = created
        model.bytes = fileBytes
        model.contextLength = bounds.maxModelLength
        model.hasTools = bounds.chat?.callsTools ?? false
        model.hasThinking = bounds.chat?.thinks ?? false
        return model
    }
}
