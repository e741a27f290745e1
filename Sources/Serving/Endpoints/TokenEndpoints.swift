import Conversation
import Hummingbird
import QuireIdentifiers
import QuireJSON
import Tokenization

/// Text to tokens and back, as vLLM has it, and conversations to text, as llama-server does.
struct TokenEndpoints: Sendable {
    let slot: ModelSlot
    let now: @Sendable () -> Int

    var routes: [Route] {
        [
            Route(
                .post, "/tokenize",
                about: Operation(
                    "The tokens of a text or a conversation", body: TokenizeRequest.schema,
                    answer: .object([
                        "count": .integer(from: 0), "max_model_len": .integer(from: 1),
                        "tokens": .list(of: .token),
                        "token_strs": BodySchema.list(of: .string).orNull,
                    ]), failures: .ofNamedModel)
            ) { try await tokenize($0) },
            Route(
                .post, "/detokenize",
                about: Operation(
                    "The text of tokens",
                    body: .object(["tokens": .list(of: .token)], optional: ["model": .string]),
                    answer: .object(["prompt": .string]), failures: .ofNamedModel)
            ) { try await detokenize($0) },
            Route(
                .post, "/apply-template",
                about: Operation(
                    "The prompt that a conversation is",
                    body: ChatCompletionsDialect().schemas.request,
                    answer: .object(["prompt": .string]), failures: .ofNamedModel)
            ) { try await applyTemplate($0) },
        ]
    }

    private func tokenize(_ call: Call) async throws -> Response {
        let model = try slot.model()
        let setting = model.setting(created: now())
        let (request, tokens) = try await call.body { body in
            let request = try TokenizeRequest(body)
            return (request, try request.tokens(setting))
        }
        let response = Reply.json { out in
            out.beginObject()
            out.key("count")
            out.integer(tokens.count)
            out.key("max_model_len")
            out.integer(model.bounds.maxModelLength)
            out.key("tokens")
            out.array(tokens) { $0.integer($1.rawValue) }
            out.key("token_strs")
            if request.namesTokens {
                let tokenizer = model.bounds.tokenizer
                out.array(tokens) { $0.string(tokenizer.decode([$1], skipSpecial: false)) }
            } else {
                out.null()
            }
            out.endObject()
        }
        return response.naming(ignored: request.ignored)
    }

    private func applyTemplate(_ call: Call) async throws -> Response {
        let model = try slot.model()
        let setting = model.setting(created: now())
        let (text, ignored) = try await call.body { body in
            let request = try ChatRequest(chatCompletion: body, unknown: .named)
            return (try setting.prompt(of: request).text, request.ignored)
        }
        return Self.reply(text).naming(ignored: ignored)
    }

    private func detokenize(_ call: Call) async throws -> Response {
        let model = try slot.model()
        let (text, ignored) = try await call.body { body in
            var reader = try MemberReader(body)
            try model.names.check(try reader.string("model"))
            guard let tokens = try reader.tokens("tokens") else {
                throw RequestError("`tokens` must be a list of token ids", param: "tokens")
            }
            let ignored = try reader.finish(.named)
            return (try Self.text(of: tokens, model.bounds.tokenizer), ignored)
        }
        return Self.reply(text).naming(ignored: ignored)
    }

    private static func text(of tokens: [TokenID], _ tokenizer: Tokenizer) throws -> String {
        let size = tokenizer.vocabularySize
        if let unknown = tokens.first(where: { $0.rawValue >= size }) {
            throw RequestError(
                "token \(unknown) is out of vocabulary: this model has \(size) tokens",
                param: "tokens")
        }
        return tokenizer.decode(tokens, skipSpecial: false)
    }

    private static func reply(_ prompt: String) -> Response {
        Reply.json { out in
            out.beginObject()
            out.key("prompt")
            out.string(prompt)
            out.endObject()
        }
    }
}
