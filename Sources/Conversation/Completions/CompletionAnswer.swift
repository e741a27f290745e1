package import QuireEngine
import QuireIdentifiers
package import QuireJSON
import Scheduling
package import Tokenization

/// The body of an answer to a request for completions.
package struct CompletionAnswer {
    private let heading: CompletionHeading
    private let request: CompletionRequest
    private let completions: [[Completion]]
    private let tokenizer: Tokenizer

    /// The answer to a request, of one or more prompts.
    ///
    /// - Parameter completions: for each prompt of the request its answers.
    package init(
        _ heading: CompletionHeading, to request: CompletionRequest,
        completions: [[Completion]], tokenizer: Tokenizer
    ) {
        self.heading = heading
        self.request = request
        self.completions = completions
        self.tokenizer = tokenizer
    }

    /// Writes the answer as a JSON object.
    package func write(to out: inout JSONWriter) {
        out.beginObject()
        heading.write(to: &out)
        out.key("choices")
        out.beginArray()
        var index = 0
        for (prompt, answers) in zip(request.prompts, completions) {
            for completion in answers {
                write(completion, of: prompt, index: index, to: &out)
                index += 1
            }
        }
        out.endArray()
        out.key("usage")
        CompletionUsage(completions).write(to: &out)
        out.endObject()
    }

    private func write(
        _ completion: Completion, of prompt: CompletionPrompt, index: Int,
        to out: inout JSONWriter
    ) {
        out.beginObject()
        out.key("index")
        out.integer(index)
        out.key("text")
        let before = echo(before: completion, prompt)
        out.string(before + completion.text)
        out.key("logprobs")
        writeLogprobs(of: completion, after: before, to: &out)
        out.key("finish_reason")
        out.string(completion.finishReason.rawValue)
        out.key("stop_reason")
        completion.stopReason.write(to: &out)
        if completion.promptLogprobs != nil, !request.echo || request.parameters.logprobs == nil {
            out.key("prompt_logprobs")
            PromptLogprobs.write(of: completion, tokenizer, to: &out)
        }
        if request.returnsTokenIDs {
            out.key("prompt_token_ids")
            out.array(completion.promptTokens) { $0.integer($1.rawValue) }
            out.key("token_ids")
            out.array(completion.tokens) { $0.integer($1.rawValue) }
        }
        out.endObject()
    }

    private func echo(before completion: Completion, _ prompt: CompletionPrompt) -> String {
        guard request.echo else { return "" }
        var echo = EchoedPrompt(
            request, prompt: prompt, tokens: completion.promptTokens, tokenizer)
        return echo.before(completion.text, tokens: completion.tokens, isLast: true)
    }

    private func writeLogprobs(
        of completion: Completion, after echo: String, to out: inout JSONWriter
    ) {
        let entries: [TokenLogprob?] = completion.logprobs ?? []
        let prompt = completion.promptTokens
        if request.echo, let reported = completion.promptLogprobs {
            guard var lists = LogprobLists(request, after: [], tokenizer) else { return out.null() }
            lists.write(prompt + completion.tokens, reported + entries, to: &out)
        } else {
            guard var lists = LogprobLists(request, after: prompt, tokenizer) else {
                return out.null()
            }
            lists.offset = echo.unicodeScalars.count
            lists.write(completion.tokens, entries, to: &out)
        }
    }
}
