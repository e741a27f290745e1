import ChatTemplates
import QuireEngine
package import QuireJSON

/// The body of an answer to a request for messages.
package struct MessagesAnswer {
    private let id: String
    private let model: String
    private let thoughts: MessagesRequest.Thoughts

    /// An answer.
    ///
    /// - Parameter id: its name, as `msg_1`.
    package init(id: String, model: String, thoughts: MessagesRequest.Thoughts) {
        self.id = id
        self.model = model
        self.thoughts = thoughts
    }

    /// The body.
    ///
    /// - Throws: what the answer failed with.
    package func body(_ answer: ChatAnswer) throws(RequestError) -> JSONValue {
        let stop = try answer.end.map { end throws(RequestError) in try MessagesStop(end, answer) }
        let answer = thoughts == .none ? answer.withoutReasoning : answer
        return message(
            content: answer.items.map { block($0) }, stop: stop,
            usage: MessagesUsage(answer.end?.usage ?? AnswerUsage()))
    }

    /// The answer to a request to count tokens.
    package static func count(_ promptTokens: Int) -> JSONValue {
        ["input_tokens": .integer(promptTokens)]
    }

    /// The object of an answer.
    func message(content: [JSONValue], stop: MessagesStop?, usage: MessagesUsage) -> JSONValue {
        [
            "id": .string(id), "type": "message", "role": "assistant", "model": .string(model),
            "content": .array(content), "stop_reason": JSONValue(stop?.reason),
            "stop_sequence": JSONValue(stop?.sequence), "usage": .object(usage.members),
        ]
    }

    private func block(_ item: ChatAnswer.Item) -> JSONValue {
        switch item {
        case .text(let text): ["type": "text", "text": .string(text)]
        case .reasoning(let thought): MessagesThought(thought, thoughts).block
        case .call(let call):
            [
                "type": "tool_use", "id": .string(call.id), "name": .string(call.name),
                "input": Self.input(call.arguments),
            ]
        }
    }

    /// The object that a call's arguments are. The interface has no place for arguments that are
    /// none: they become one of their own, so that the tool can say what it misses.
    private static func input(_ arguments: String) -> JSONValue {
        if let object = JSONValue.object(in: arguments) { return object }
        return arguments.allSatisfy(\.isWhitespace) ? [:] : ["arguments": .string(arguments)]
    }
}

/// A thought as a block: its text, or the text hidden where clients keep it and do not show it.
struct MessagesThought {
    let text: String
    let signature: String

    init(_ thought: String, _ thoughts: MessagesRequest.Thoughts) {
        text = thoughts == .omitted ? "" : thought
        // Clients take thoughts without a signature for forged ones and drop them.
        signature = thoughts == .omitted ? CarriedThought.field(thought) : CarriedThought.mark
    }

    var block: JSONValue {
        ["type": "thinking", "thinking": .string(text), "signature": .string(signature)]
    }
}

/// Why an answer ended, in the words of the interface.
struct MessagesStop {
    let reason: String
    private(set) var sequence: String?

    init(_ end: AnswerEnd, _ answer: ChatAnswer) throws(RequestError) {
        switch end.reason {
        case .length: reason = "max_tokens"
        case .stopCondition(.string(let text)):
            reason = "stop_sequence"
            sequence = text
        case .stop, .calls, .stopCondition:
            reason = answer.calls.isEmpty ? "end_turn" : "tool_use"
        case .cancelled: throw RequestError("the request was cancelled", code: .modelFailed)
        case .failed(let error): throw error
        }
    }
}

/// What an answer took, in the words of the interface, which counts cached tokens apart.
struct MessagesUsage {
    let members: [JSONValue.Member]

    init(_ usage: AnswerUsage) {
        members = [
            JSONValue.Member("input_tokens", .integer(usage.promptTokens - usage.cachedTokens)),
            JSONValue.Member("cache_creation_input_tokens", 0),
            JSONValue.Member("cache_read_input_tokens", .integer(usage.cachedTokens)),
            JSONValue.Member("output_tokens", .integer(usage.answerTokens)),
            JSONValue.Member(
                "output_tokens_details", ["thinking_tokens": .integer(usage.reasoningTokens)]),
        ]
    }
}
