import Conversation
import Hummingbird
import QuireEngine
import QuireJSON
import Tokenization

/// What there is to know of the model.
struct ModelEndpoints: Sendable {
    let slot: ModelSlot

    var routes: [Route] {
        [
            Route(
                .get, "/v1/models",
                about: Operation(
                    "The model, in a list",
                    answer: .object([
                        "object": .constant("list"), "data": .list(of: Self.card),
                    ]), failures: .ofModel)
            ) { _ in
                let model = try slot.model()
                return Reply.json { out in
                    out.beginObject()
                    out.key("object")
                    out.string("list")
                    out.key("data")
                    out.array([model]) { Self.write($1, to: &$0) }
                    out.endObject()
                }
            },
            Route(
                .get, "/v1/models/{model...}",
                about: Operation("The model", answer: Self.card, failures: .ofNamedModel)
            ) { call in
                let model = try slot.model()
                try model.names.check(call.parameters[0])
                return Reply.json { Self.write(model, to: &$0) }
            },
            Route(
                .get, "/props",
                about: Operation(
                    "What the server is set to", answer: Self.properties, failures: .ofModel)
            ) { _ in
                let model = try slot.model()
                return Reply.json { Self.writeProperties(model, to: &$0) }
            },
        ]
    }

    private static let card = BodySchema.object([
        "id": .string, "object": .constant("model"), "created": .integer(from: 0),
        "owned_by": .string, "root": .string, "parent": .absent,
        "max_model_len": .integer(from: 1),
    ])

    private static let properties = BodySchema.object([
        "model": .string, "max_model_len": .integer(from: 1),
        "vocabulary_size": .integer(from: 1), "total_slots": .integer(from: 1),
        "max_logprobs": .integer(from: -1), "parses_special_tokens": .flag,
        "chat_template": BodySchema.object.orNull,
    ])

    private static func write(_ model: ServedModel, to out: inout JSONWriter) {
        out.beginObject()
        out.key("id")
        out.string(model.names.served)
        out.key("object")
        out.string("model")
        out.key("created")
        out.integer(model.created)
        out.key("owned_by")
        out.string("quire")
        out.key("root")
        out.string(model.names.served)
        out.key("parent")
        out.null()
        out.key("max_model_len")
        out.integer(model.bounds.maxModelLength)
        out.endObject()
    }

    private static func writeProperties(_ model: ServedModel, to out: inout JSONWriter) {
        out.beginObject()
        out.key("model")
        out.string(model.names.served)
        out.key("max_model_len")
        out.integer(model.bounds.maxModelLength)
        out.key("vocabulary_size")
        out.integer(model.bounds.tokenizer.vocabularySize)
        out.key("total_slots")
        out.integer(model.slots)
        out.key("max_logprobs")
        out.integer(model.bounds.maxLogprobs)
        out.key("parses_special_tokens")
        out.bool(model.bounds.parseSpecial)
        out.key("chat_template")
        if let chat = model.bounds.chat { chat.writeProperties(to: &out) } else { out.null() }
        out.endObject()
    }
}
