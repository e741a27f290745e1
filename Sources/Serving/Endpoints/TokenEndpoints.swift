import Conversation
import Hummingbird
import QuireIdentifiers
import QuireJSON
import Tokenization

/// Text to tokens and back, as vLLM has it.
struct TokenEndpoints: Sendable {
    let slot: ModelSlot

    var routes: [Route] {
        [
            Route(.post, "/tokenize") { try await tokenize($0) },
            Route(.post, "/detokenize") { try await detokenize($0) },
        ]
    }

    private func tokenize(_ call: Call) async throws -> Response {
        let model = try slot.model()
        var reader = try MemberReader(try await call.json())
        try model.names.check(try reader.string("model"))
        guard reader.value("messages") == nil else {
            throw RequestError(
                "`messages` is not supported here yet; send the whole text as `prompt`, or count a "
                    + "conversation's tokens with /v1/messages/count_tokens", param: "messages",
                code: .notSupported)
        }
        guard let prompt = try reader.string("prompt") else {
            throw RequestError("`prompt` must be a string", param: "prompt")
        }
        let addsSpecial = try reader.bool("add_special_tokens") ?? true
        let namesTokens = try reader.bool("return_token_strs") ?? false
        let ignored = try reader.finish(.named)
        let tokenizer = model.bounds.tokenizer
        let special = model.bounds.parseSpecial
        let tokens =
            addsSpecial
            ? tokenizer.encodePrompt(prompt, parseSpecial: special)
            : tokenizer.encode(prompt, parseSpecial: special)
        let response = Reply.json { out in
            out.beginObject()
            out.key("count")
            out.integer(tokens.count)
            out.key("max_model_len")
            out.integer(model.bounds.maxModelLength)
            out.key("tokens")
            out.array(tokens) { $0.integer($1.rawValue) }
            out.key("token_strs")
            if namesTokens {
                out.array(tokens) { $0.string(tokenizer.decode([$1], skipSpecial: false)) }
            } else {
                out.null()
            }
            out.endObject()
        }
        return response.naming(ignored: ignored)
    }

    private func detokenize(_ call: Call) async throws -> Response {
        let model = try slot.model()
        var reader = try MemberReader(try await call.json())
        try model.names.check(try reader.string("model"))
        guard let tokens = try reader.tokens("tokens") else {
            throw RequestError("`tokens` must be a list of token ids", param: "tokens")
        }
        let ignored = try reader.finish(.named)
        let size = model.bounds.tokenizer.vocabularySize
        if let unknown = tokens.first(where: { $0.rawValue >= size }) {
            throw RequestError(
                "token \(unknown) is out of vocabulary: this model has \(size) tokens",
                param: "tokens")
        }
        let text = model.bounds.tokenizer.decode(tokens, skipSpecial: false)
        let response = Reply.json { out in
            out.beginObject()
            out.key("prompt")
            out.string(text)
            out.endObject()
        }
        return response.naming(ignored: ignored)
    }
}
