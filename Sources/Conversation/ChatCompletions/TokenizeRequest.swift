import QuireEngine
package import QuireIdentifiers
package import QuireJSON
import Tokenization

/// A request for the tokens of a text, or of the prompt that a conversation is, as vLLM has it.
package struct TokenizeRequest: Hashable, Sendable {
    /// What has tokens.
    package enum Source: Hashable, Sendable {
        /// A text.
        case text(String, model: String?)
        /// A conversation, with whatever else a request for a chat completion may have.
        case chat(ChatRequest)
    }

    /// What has tokens.
    package let source: Source

    /// Whether the tokens begin and end as the model's file asks for: by default those of a text
    /// do, and of a conversation what its template writes.
    package let addsSpecialTokens: Bool

    /// Whether the answer has the tokens' texts too.
    package let namesTokens: Bool

    /// Members of the body that are not known, to be named to the client.
    package let ignored: [String]

    /// Reads a body.
    package init(_ body: JSONValue) throws(RequestError) {
        var reader = try MemberReader(body)
        let adds = try reader.bool("add_special_tokens")
        namesTokens = try reader.bool("return_token_strs") ?? false
        let prompt = try reader.string("prompt")
        guard reader.value("messages") != nil else {
            guard let prompt else {
                throw RequestError(
                    "`prompt`, a string, or `messages` must be there", param: "prompt")
            }
            source = .text(prompt, model: try reader.string("model"))
            addsSpecialTokens = adds ?? true
            ignored = try reader.finish(.named)
            return
        }
        guard prompt == nil else {
            throw reader.wrong("prompt", "and `messages` are there; send one of them")
        }
        let own: Set = ["add_special_tokens", "return_token_strs", "prompt"]
        let rest = JSONValue.object((body.members ?? []).filter { !own.contains($0.key) })
        let chat = try ChatRequest(chatCompletion: rest, unknown: .named)
        source = .chat(chat)
        addsSpecialTokens = adds ?? false
        ignored = chat.ignored
    }

    /// The tokens.
    ///
    /// - Throws: `RequestError`, for what does not suit the model.
    package func tokens(_ setting: ExchangeSetting) throws(RequestError) -> [TokenID] {
        let tokenizer = setting.bounds.tokenizer
        let tokens: [TokenID]
        switch source {
        case .text(let text, let model):
            try setting.model.check(model)
            tokens = tokenizer.encode(text, parseSpecial: setting.bounds.parseSpecial)
        case .chat(let chat):
            tokens = try setting.prompt(of: chat).shortened(
                chat.truncation, context: setting.bounds.maxModelLength,
                answer: chat.parameters.maxTokens
            ).tokens
        }
        return addsSpecialTokens ? tokenizer.promptTokens(of: tokens) : tokens
    }
}

extension TokenizeRequest {
    /// The body.
    package static let schema = BodySchema.either(
        .object(["prompt": .string], optional: .joined(own, ["model": .string])),
        .object(
            ["messages": .messages(from: 1)],
            optional: .joined(ChatCompletionsDialect.members, own, ["prompt": .absent])))

    private static let own: SchemaMembers = [
        "add_special_tokens": .flag, "return_token_strs": .flag,
    ]
}
