package import QuireEngine
package import QuireIdentifiers
package import QuireJSON
import Scheduling
package import Tokenization

/// The events of a streamed answer to a request for completions.
///
/// One for each delta of the engine, whose texts, tokens and log probabilities appended make those
/// of the answer in one piece; then one with the usage, where the request asks for it. How events
/// are framed on the wire is the server's business.
package struct CompletionEvents {
    private let heading: CompletionHeading
    private let request: CompletionRequest
    private let tokenizer: Tokenizer
    private let prompts: [[TokenID]]
    private var choices: [Int: Choice] = [:]
    private var completions: [[Completion]]

    /// What the events of a choice go on with.
    private struct Choice {
        var echo: EchoedPrompt?
        var logprobs: LogprobLists?
        var hasBegun = false
        var tokens = 0
    }

    /// The events of an answer.
    ///
    /// - Parameter prompts: the tokens that were fed for each prompt of the request.
    package init(
        _ heading: CompletionHeading, to request: CompletionRequest, prompts: [[TokenID]],
        tokenizer: Tokenizer
    ) {
        self.heading = heading
        self.request = request
        self.prompts = prompts
        self.tokenizer = tokenizer
        completions = prompts.map { _ in [] }
    }

    /// Writes the event of a delta.
    ///
    /// - Parameter prompt: which of the request's prompts it continues.
    package mutating func write(
        _ delta: GenerationDelta, of prompt: Int, to out: inout JSONWriter
    ) {
        let index = prompt * request.parameters.n + delta.choice
        var choice = choices[index] ?? makeChoice(prompt)
        if let completion = delta.completion { completions[prompt].append(completion) }
        out.beginObject()
        heading.write(to: &out)
        out.key("choices")
        out.beginArray()
        write(delta, of: prompt, index: index, &choice, to: &out)
        out.endArray()
        choice.tokens += delta.tokens.count
        if request.streamsUsage {
            out.key("usage")
            if request.streamsRunningUsage {
                CompletionUsage(prompt: prompts[prompt].count, answer: choice.tokens)
                    .write(to: &out)
            } else {
                out.null()
            }
        }
        out.endObject()
        choices[index] = choice
    }

    /// Writes an event that adds nothing to the first answer.
    package func writeNothing(to out: inout JSONWriter) {
        out.beginObject()
        heading.write(to: &out)
        out.key("choices")
        out.beginArray()
        out.beginObject()
        out.key("index")
        out.integer(0)
        out.key("text")
        out.string("")
        for name in ["logprobs", "finish_reason", "stop_reason"] {
            out.key(name)
            out.null()
        }
        out.endObject()
        out.endArray()
        if request.streamsUsage {
            out.key("usage")
            out.null()
        }
        out.endObject()
    }

    /// Writes the event after the last delta.
    ///
    /// - Returns: false, and nothing is written, where the request does not ask for it.
    package func writeUsage(to out: inout JSONWriter) -> Bool {
        guard request.streamsUsage else { return false }
        out.beginObject()
        heading.write(to: &out)
        out.key("choices")
        out.beginArray()
        out.endArray()
        out.key("usage")
        CompletionUsage(completions).write(to: &out)
        out.endObject()
        return true
    }
}

extension CompletionEvents {
    private func makeChoice(_ prompt: Int) -> Choice {
        let tokens = prompts[prompt]
        let echo = EchoedPrompt(request, prompt: request.prompts[prompt], tokens: tokens, tokenizer)
        return Choice(
            echo: request.echo ? echo : nil,
            logprobs: LogprobLists(request, after: tokens, tokenizer))
    }

    private func write(
        _ delta: GenerationDelta, of prompt: Int, index: Int, _ choice: inout Choice,
        to out: inout JSONWriter
    ) {
        let isLast = delta.finishReason != nil
        let before = choice.echo?.before(delta.text, tokens: delta.tokens, isLast: isLast) ?? ""
        out.beginObject()
        out.key("index")
        out.integer(index)
        out.key("text")
        out.string(before + delta.text)
        out.key("logprobs")
        if choice.logprobs == nil {
            out.null()
        } else {
            choice.logprobs?.offset += before.unicodeScalars.count
            choice.logprobs?.write(delta.tokens, delta.logprobs, to: &out)
        }
        out.key("finish_reason")
        if let reason = delta.finishReason { out.string(reason.rawValue) } else { out.null() }
        out.key("stop_reason")
        (delta.completion?.stopReason).write(to: &out)
        if request.returnsTokenIDs {
            if !choice.hasBegun {
                out.key("prompt_token_ids")
                out.array(prompts[prompt]) { $0.integer($1.rawValue) }
            }
            out.key("token_ids")
            out.array(delta.tokens) { $0.integer($1.rawValue) }
        }
        choice.hasBegun = true
        out.endObject()
    }
}
