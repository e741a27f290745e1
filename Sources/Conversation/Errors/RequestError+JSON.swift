package import QuireJSON

extension RequestError {
    /// Writes the error as the body of an answer: `{"error": {...}}`.
    ///
    /// The code is the status, as vLLM has it, but where a history is too long: there clients look
    /// for OpenAI's word, or for llama-server's two numbers, and shorten it.
    package func write(to out: inout JSONWriter) {
        let status = code.status
        out.beginObject()
        out.key("error")
        out.beginObject()
        out.key("message")
        out.string(message)
        out.key("type")
        out.string(status.type)
        out.key("param")
        if let param { out.string(param) } else { out.null() }
        out.key("code")
        if code == .contextExceeded { out.string(status.word) } else { out.integer(status.http) }
        if let overflow {
            out.key("n_prompt_tokens")
            out.integer(overflow.promptTokens)
            out.key("n_ctx")
            out.integer(overflow.contextTokens)
        }
        out.endObject()
        out.endObject()
    }
}
