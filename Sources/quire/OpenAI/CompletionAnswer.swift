import QuireEngine
import QuireIdentifiers
import QuireJSON
import Scheduling
import Tokenization

/// The body of an answer of `/v1/completions`.
struct CompletionAnswer {
    let id: String
    /// Seconds since 1970.
    let created: Int
    let model: String
    let body: CompletionBody
    /// For each prompt of the body its answers.
    let completions: [[Completion]]
    let tokenizer: Tokenizer

    /// Writes it.
    func write(to out: inout JSONWriter) {
        out.beginObject()
        out.key("id")
        out.string(id)
        out.key("object")
        out.string("text_completion")
        out.key("created")
        out.integer(created)
        out.key("model")
        out.string(model)
        out.key("choices")
        out.beginArray()
        var index = 0
        for (prompt, answers) in zip(body.prompts, completions) {
            for completion in answers {
                write(completion, of: prompt, index: index, to: &out)
                index += 1
            }
        }
        out.endArray()
        out.key("usage")
        writeUsage(to: &out)
        out.endObject()
    }

    private func write(
        _ completion: Completion, of prompt: PromptText, index: Int, to out: inout JSONWriter
    ) {
        out.beginObject()
        out.key("index")
        out.integer(index)
        out.key("text")
        out.string(text(of: completion, prompt))
        out.key("logprobs")
        writeLogprobs(of: completion, to: &out)
        out.key("finish_reason")
        out.string(completion.finishReason.rawValue)
        out.key("stop_reason")
        writeStopReason(of: completion, to: &out)
        if completion.promptLogprobs != nil, !body.echo || body.parameters.logprobs == nil {
            out.key("prompt_logprobs")
            writePromptLogprobs(of: completion, to: &out)
        }
        if body.returnsTokenIDs {
            out.key("prompt_token_ids")
            out.array(completion.promptTokens) { $0.integer($1.rawValue) }
            out.key("token_ids")
            out.array(completion.tokens) { $0.integer($1.rawValue) }
        }
        out.endObject()
    }

    private func text(of completion: Completion, _ prompt: PromptText) -> String {
        guard body.echo else { return completion.text }
        // What was fed, where that is not the text of the request.
        guard case .text(let text) = prompt, body.truncation == nil else {
            return promptText(of: completion) + completion.text
        }
        return text + completion.text
    }

    /// The text of the prompt's tokens, less the beginning of a character at its end that the
    /// answer's text has.
    private func promptText(of completion: Completion) -> String {
        var detokenizer = tokenizer.makeDetokenizer()
        let text = completion.promptTokens.map { detokenizer.append($0) }.joined()
        let rest = detokenizer.finish()
        guard !rest.isEmpty, !completion.text.isEmpty else { return text + rest }
        var answer = tokenizer.makeDetokenizer(
            skipSpecial: body.parameters.skipSpecialTokens, after: completion.promptTokens)
        for token in completion.tokens { _ = answer.append(token) }
        return answer.joinsPrompt ? text : text + rest
    }

    private func writeStopReason(of completion: Completion, to out: inout JSONWriter) {
        switch completion.stopReason {
        case nil: out.null()
        case .token(let token): out.integer(token.rawValue)
        case .string(let text): out.string(text)
        case .repetition: out.string("repetition_detected")
        }
    }

    private func writeUsage(to out: inout JSONWriter) {
        let first = completions.compactMap(\.first)
        let prompt = first.reduce(0) { $0 + $1.promptTokens.count }
        let answer = completions.joined().reduce(0) { $0 + $1.tokens.count }
        out.beginObject()
        out.key("prompt_tokens")
        out.integer(prompt)
        out.key("completion_tokens")
        out.integer(answer)
        out.key("total_tokens")
        out.integer(prompt + answer)
        out.key("prompt_tokens_details")
        out.beginObject()
        out.key("cached_tokens")
        out.integer(first.reduce(0) { $0 + $1.timeline.cachedTokens })
        out.endObject()
        out.endObject()
    }
}
