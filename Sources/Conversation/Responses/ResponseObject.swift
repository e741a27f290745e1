import ChatTemplates
package import QuireEngine
package import QuireJSON

/// What names an answer of the Responses interface.
package struct ResponseHeading: Hashable, Sendable {
    /// Its name, as `resp_1`.
    package let id: String
    /// Seconds since 1970.
    package let created: Int
    /// The name of the model.
    package let model: String

    /// A heading.
    package init(id: String, created: Int, model: String) {
        self.id = id
        self.created = created
        self.model = model
    }
}

/// The object that an answer of the Responses interface is, whole or on its way.
package struct ResponseObject {
    let heading: ResponseHeading
    let request: ResponsesRequest
    let texts: LogprobTexts?

    /// The object of an answer.
    ///
    /// - Parameter texts: the texts of tokens after the prompt; nil: there are no log
    ///   probabilities.
    package init(
        _ heading: ResponseHeading, to request: ResponsesRequest, texts: LogprobTexts? = nil
    ) {
        self.heading = heading
        self.request = request
        self.texts = request.reportsLogprobs ? texts : nil
    }

    /// The body of a whole answer.
    ///
    /// - Throws: what the answer failed with.
    package func body(_ answer: ChatAnswer) throws(RequestError) -> JSONValue {
        if case .failed(let error) = answer.end?.reason { throw error }
        return value(answer)
    }

    /// The object, whatever the state of the answer.
    func value(_ answer: ChatAnswer) -> JSONValue {
        let state = ResponseState(answer.end?.reason)
        let items = items(of: answer)
        var members: [JSONValue.Member] = [
            .init("id", .string(heading.id)), .init("object", "response"),
            .init("created_at", .integer(heading.created)), .init("status", .string(state.status)),
            .init("background", false), .init("error", state.error),
            .init("incomplete_details", state.details), .init("model", .string(heading.model)),
            .init("output", .array(items.map { $0.value(to: request) })),
        ]
        members += request.repeated
        members.append(.init("usage", answer.end.map { Self.usage($0.usage) } ?? .null))
        return .object(members)
    }

    /// The items of an answer.
    func items(of answer: ChatAnswer) -> [ResponseItem] {
        let answer = request.chat.reasoning.isShown ? answer : answer.withoutReasoning
        var entries = ResponseLogprobs(texts)
        let last = answer.items.count - 1
        return zip(answer.items, answer.itemLogprobs).enumerated().map { index, item in
            let logprobs = entries.entries(item.1)
            // What is cut in the middle of a call is closed, so that calls are always complete.
            var isCut = index == last && ResponseState(answer.end?.reason).isCut
            if case .call = item.0 { isCut = false }
            return ResponseItem(
                item.0, index: index, of: heading, request, logprobs: logprobs,
                status: isCut ? "incomplete" : "completed")
        }
    }

    private static func usage(_ usage: AnswerUsage) -> JSONValue {
        var details = [
            JSONValue.Member("cached_tokens", .integer(usage.cachedTokens)),
            JSONValue.Member("cache_write_tokens", 0),
        ]
        if let miss = usage.miss { details.append(.init(PrefixMiss.member, miss.json)) }
        return [
            "input_tokens": .integer(usage.promptTokens),
            "input_tokens_details": .object(details),
            "output_tokens": .integer(usage.answerTokens),
            "output_tokens_details": ["reasoning_tokens": .integer(usage.reasoningTokens)],
            "total_tokens": .integer(usage.promptTokens + usage.answerTokens),
        ]
    }
}

/// The state of an answer, in the words of the interface.
struct ResponseState {
    let status: String
    private(set) var error = JSONValue.null
    private(set) var details = JSONValue.null

    /// The state of an answer that ended so; nil: it has not.
    init(_ reason: AnswerEnd.Reason?) {
        switch reason {
        case nil: status = "in_progress"
        case .stop, .stopCondition, .calls: status = "completed"
        case .length:
            status = "incomplete"
            details = ["reason": "max_output_tokens"]
        case .cancelled:
            status = "cancelled"
            error = ["code": "server_error", "message": "the request was cancelled"]
        case .failed(let failure):
            status = "failed"
            error = ["code": .string(Self.word(failure.code)), "message": .string(failure.message)]
        }
    }

    /// Whether the last item is not whole.
    var isCut: Bool { status != "completed" }

    /// The name of the event that ends a stream.
    var lastEvent: String {
        switch status {
        case "completed": "response.completed"
        case "incomplete": "response.incomplete"
        default: "response.failed"
        }
    }

    /// The words that clients tell errors apart by: what to shorten, and what to ask again later.
    private static func word(_ code: RequestError.Code) -> String {
        switch code {
        case .contextExceeded: "context_length_exceeded"
        case .invalidRequest, .notSupported, .notFound: "invalid_prompt"
        case _ where code.status.retryAfter != nil: "rate_limit_exceeded"
        default: "server_error"
        }
    }
}
