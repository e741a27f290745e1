import Conversation
import Hummingbird
import ModelStore
import QuireJSON

/// What there is to know of the model, for Ollama's clients.
struct OllamaEndpoints: Sendable {
    let slot: ModelSlot
    let version: String

    var routes: [Route] {
        let chat = OllamaDialect(.chat)
        return [
            Route(
                .get, "/api/tags", dialect: chat,
                about: Operation(
                    "The models", answer: OllamaModel.tagsSchema, failures: .ofModel)
            ) { _ in
                let model = try slot.model()
                return Reply.json { OllamaModel.writeTags([model.ollama], to: &$0) }
            },
            Route(
                .get, "/api/ps", dialect: chat,
                about: Operation(
                    "The models that are loaded", answer: OllamaModel.runningSchema,
                    failures: .ofModel)
            ) { _ in
                let model = try slot.model()
                return Reply.json { OllamaModel.writeRunning([model.ollama], to: &$0) }
            },
            Route(
                .post, "/api/show", dialect: chat,
                about: Operation(
                    "A model", body: OllamaModel.shownSchema, answer: OllamaModel.showSchema,
                    failures: .ofNamedModel)
            ) { call in
                let model = try slot.model()
                try model.names.check(try await call.body { try OllamaModel.shown($0) })
                return Reply.json { model.ollama.writeShow(to: &$0) }
            },
            Route(
                .get, "/api/version", isOpen: true, dialect: chat,
                about: Operation("The server's version", answer: .object(["version": .string]))
            ) { _ in
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
        if let summary {
            model.family = summary.architecture ?? ""
            model.parameterSize = OllamaModel.size(parameters: summary.parameterCount)
            model.quantization = summary.quantization
            model.metadata = Self.metadata(summary)
        }
        model.hasTools = bounds.chat?.callsTools ?? false
        model.hasThinking = bounds.chat?.thinks ?? false
        return model
    }

    /// What clients look for in a file's metadata: the context before all.
    private static func metadata(_ summary: ModelSummary) -> [JSONValue.Member] {
        let architecture = summary.architecture ?? ""
        let sizes = [
            ("context_length", summary.contextLength), ("block_count", summary.layerCount),
            ("embedding_length", summary.embeddingLength),
        ]
        return [
            .init("general.architecture", .string(architecture)),
            .init("general.parameter_count", .integer(summary.parameterCount)),
        ]
            + sizes.compactMap { name, size in
                size.map { JSONValue.Member("\(architecture).\(name)", .integer($0)) }
            }
    }
}
