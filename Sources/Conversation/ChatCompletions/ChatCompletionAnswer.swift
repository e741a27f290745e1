import ChatTemplates
package import QuireEngine
package import QuireIdentifiers
package import QuireJSON
package import Tokenization

/// The body of an answer to a request for a chat completion.
package struct ChatCompletionAnswer {
    private let heading: CompletionHeading
    private let request: ChatRequest
    private let answers: [ChatAnswer]
    private let completions: [Completion]
    private let prompt: [TokenID]
    private let tokenizer: Tokenizer

    /// An answer.
    ///
    /// - Parameters:
    ///   - answers: one for each choice, all of them ended.
    ///   - completions: what they were made of, where tokens are wanted too.
    ///   - prompt: the tokens that the template made of the conversation.
    /// - Throws: why there is none, where one of them failed or was cancelled.
    package init(
        _ heading: CompletionHeading, to request: ChatRequest, answers: [ChatAnswer],
        completions: [Completion] = [], prompt: [TokenID], tokenizer: Tokenizer
    ) throws(RequestError) {
        for answer in answers {
            if let failure = answer.end?.reason.failure { throw failure }
        }
        self.heading = heading
        self.request = request
        self.answers = answers
        self.completions = completions
        self.prompt = prompt
        self.tokenizer = tokenizer
    }

    /// Writes it.
    package func write(to out: inout JSONWriter) {
        out.beginObject()
        heading.write("chat.completion", to: &out)
        out.key("choices")
        out.array(answers.enumerated()) { out, answer in
            write(answer.element, index: answer.offset, to: &out)
        }
        if request.returnsTokenIDs {
            out.key("prompt_token_ids")
            out.array(prompt) { $0.integer($1.rawValue) }
        }
        if let completion = completions.first, completion.promptLogprobs != nil {
            out.key("prompt_logprobs")
            PromptLogprobs.write(of: completion, tokenizer, to: &out)
        }
        out.key("usage")
        AnswerUsage(of: answers.compactMap { $0.end?.usage }).write(to: &out)
        out.endObject()
    }

    private func write(_ answer: ChatAnswer, index: Int, to out: inout JSONWriter) {
        out.beginObject()
        out.key("index")
        out.integer(index)
        out.key("message")
        writeMessage(answer, to: &out)
        out.key("logprobs")
        if var logprobs = ChatLogprobs(request, after: prompt, tokenizer) {
            out.beginObject()
            out.key("content")
            logprobs.write(answer.logprobs, to: &out)
            out.endObject()
        } else {
            out.null()
        }
        answer.end.write(of: request, to: &out)
        if request.returnsTokenIDs, completions.indices.contains(index) {
            out.key("token_ids")
            out.array(completions[index].tokens) { $0.integer($1.rawValue) }
        }
        out.endObject()
    }

    private func writeMessage(_ answer: ChatAnswer, to out: inout JSONWriter) {
        out.beginObject()
        out.key("role")
        out.string("assistant")
        if request.reasoning.isShown, let reasoning = answer.reasoning {
            out.key("reasoning_content")
            out.string(reasoning)
        }
        let calls = answer.calls
        let text = (request.echo ?? "") + answer.text
        out.key("content")
        if text.isEmpty, !calls.isEmpty { out.null() } else { out.string(text) }
        if request.answersWithFunctionCall, let call = calls.first {
            out.key("function_call")
            Self.writeFunction(call, to: &out)
        } else if !calls.isEmpty {
            out.key("tool_calls")
            out.array(calls) { out, call in
                out.beginObject()
                out.key("id")
                out.string(call.id)
                out.key("type")
                out.string("function")
                out.key("function")
                Self.writeFunction(call, to: &out)
                out.endObject()
            }
        }
        out.endObject()
    }

    private static func writeFunction(_ call: ToolCall, to out: inout JSONWriter) {
        out.beginObject()
        out.key("name")
        out.string(call.name)
        out.key("arguments")
        out.string(call.arguments)
        out.endObject()
    }
}
