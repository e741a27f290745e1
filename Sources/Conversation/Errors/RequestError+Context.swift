extension RequestError {
    /// What does not fit into the context, in the words by which agents know that it is time to
    /// shorten their history: they look for the first sentence and read its numbers.
    ///
    /// - Parameters:
    ///   - input: what the tokens are of, `messages` or `prompt`.
    ///   - answer: the tokens that are asked for; nil: the input is too long whatever is asked for.
    ///   - param: the member that asks for them.
    package static func contextExceeded(
        context: Int, prompt: Int, of input: String = "messages", answer: Int? = nil,
        param: String? = nil
    ) -> RequestError {
        let overflow = ContextOverflow(promptTokens: prompt, contextTokens: context)
        let start = "This model's maximum context length is \(context) tokens. However, "
        guard let answer else {
            return RequestError(
                start + "your \(input) resulted in \(prompt) tokens, which leaves no room for an "
                    + "answer. Please reduce the length of the \(input), or raise the context "
                    + "length", param: param, code: .contextExceeded, overflow: overflow)
        }
        let (sum, overflows) = prompt.addingReportingOverflow(answer)
        return RequestError(
            start + "you requested \(overflows ? .max : sum) tokens (\(prompt) in the \(input), "
                + "\(answer) in the completion), and there is room for \(context - prompt) more. "
                + "Please lower `\(param ?? "max_tokens")`, reduce the length of the \(input), or "
                + "raise the context length",
            param: param, code: .contextExceeded)
    }
}
