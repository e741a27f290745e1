import QuireJSON

/// What a dialect reads and writes.
package struct DialectSchemas: Sendable {
    /// The body of a request.
    package let request: BodySchema
    /// The body of an answer in one piece.
    package let answer: BodySchema

    /// The shape of both.
    package init(request: BodySchema, answer: BodySchema) {
        self.request = request
        self.answer = answer
    }
}

extension BodySchema {
    /// A refusal in OpenAI's shape.
    package static let openAIError = object([
        "error": object(
            [
                "message": string, "type": string, "param": string.orNull,
                "code": either(
                    integer(400...599),
                    constant(.string(RequestError.Code.contextExceeded.status.word))),
            ], optional: ["n_prompt_tokens": count, "n_ctx": count])
    ])

    /// A refusal in Anthropic's shape.
    package static let anthropicError = object([
        "type": constant("error"),
        "error": object(["type": string, "message": string]),
    ])

    /// A refusal in Ollama's shape.
    package static let ollamaError = object(["error": string])

    /// A count of tokens.
    static let count = integer(from: 0)
}
