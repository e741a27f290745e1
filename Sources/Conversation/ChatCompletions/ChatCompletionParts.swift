import ChatTemplates
import QuireEngine
import QuireIdentifiers
package import QuireJSON

extension AnswerEnd.Reason {
    /// The word of the OpenAI interface for an answer's end; nil: it is no end but an error.
    ///
    /// - Parameter call: the word for an answer that calls tools.
    func finishReason(call: String = "tool_calls") -> String? {
        switch self {
        case .stop, .stopCondition: "stop"
        case .calls: call
        case .length: "length"
        case .cancelled, .failed: nil
        }
    }

    /// Why there is no answer; nil: there is one.
    package var failure: RequestError? {
        switch self {
        case .stop, .stopCondition, .calls, .length: nil
        case .cancelled:
            RequestError(
                "the request was cancelled before its answer was complete", code: .stopping)
        case .failed(let error): error
        }
    }
}

extension ChatRequest {
    /// The word for an answer that calls tools, and before there were tools a function.
    var finishReasonOfCalls: String { answersWithFunctionCall ? "function_call" : "tool_calls" }

    /// What an answer repeats before its own text; nil: nothing.
    var echo: String? {
        guard echoesLastMessage, let last = messages.last, last.role == .assistant else {
            return nil
        }
        return last.text
    }
}

extension AnswerEnd? {
    /// Writes how an answer ended, into the object of a choice.
    func write(of request: ChatRequest, to out: inout JSONWriter) {
        out.key("finish_reason")
        let word = self?.reason.finishReason(call: request.finishReasonOfCalls)
        if let word { out.string(word) } else { out.null() }
        if case .stopCondition(let reason) = self?.reason {
            out.key("stop_reason")
            Completion.StopReason?(reason).write(to: &out)
        }
    }
}

extension AnswerUsage {
    /// Writes what an answer took, as chat completions have it.
    package func write(to out: inout JSONWriter) {
        out.beginObject()
        out.key("prompt_tokens")
        out.integer(promptTokens)
        out.key("completion_tokens")
        out.integer(answerTokens)
        out.key("total_tokens")
        out.integer(promptTokens + answerTokens)
        out.key("prompt_tokens_details")
        out.beginObject()
        out.key("cached_tokens")
        out.integer(cachedTokens)
        miss.write(to: &out)
        out.endObject()
        out.key("completion_tokens_details")
        out.beginObject()
        out.key("reasoning_tokens")
        out.integer(reasoningTokens)
        out.endObject()
        out.endObject()
    }
}
