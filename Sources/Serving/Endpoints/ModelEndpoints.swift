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
            Route(.get, "/v1/models") { _ in
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
            Route(.get, "/v1/models/{...}") { call in
                let model = try slot.model()
                try model.names.check(call.parameters[0])
                return Reply.json { Self.write(model, to: &$0) }
            },
            Route(.get, "/props") { _ in
                let model = try slot.model()
                return Reply.json { Self.writeProperties(model, to: &$0) }
            },
        ]
    }

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
        out.endObject()
    }
}
