import QuireJSON

/// The events of a streamed answer to a request for messages.
///
/// Blocks follow one another: each begins, gains and ends before the next one begins. Appended they
/// are the answer in one piece.
package struct MessagesEvents {
    private let answer: MessagesAnswer
    private let thoughts: MessagesRequest.Thoughts

    /// The block that has begun.
    private enum Block: Hashable {
        case text
        case thinking
        case call
    }

    private var block: Block?
    /// The text of the thought that has begun.
    private var thought = ""
    private var blocks = 0
    private var whole = ChatAnswer()

    /// The events of an answer.
    ///
    /// - Parameter id: its name, as `msg_1`.
    package init(id: String, model: String, thoughts: MessagesRequest.Thoughts) {
        answer = MessagesAnswer(id: id, model: model, thoughts: thoughts)
        self.thoughts = thoughts
    }

    /// What an event of the answer is to the client.
    package mutating func events(for event: AnswerEvent) -> [DialectEvent] {
        switch event {
        case .began(let promptTokens): return [start(promptTokens)]
        case .waiting: return [DialectEvent("ping")]
        case .logprobs, .text(""), .reasoning(""), .callArguments(_, ""): return []
        case .text(let text):
            let before = open(.text, ["type": "text", "text": ""])
            return before + [delta(["type": "text_delta", "text": .string(text)])]
        case .reasoning(let thought): return think(thought)
        case .callBegan(_, let id, let name):
            whole.append(event)
            return close()
                + open(
                    .call,
                    [
                        "type": "tool_use", "id": .string(id), "name": .string(name), "input": [:],
                    ])
        case .callArguments(_, let text):
            guard block == .call else { return [] }
            return [delta(["type": "input_json_delta", "partial_json": .string(text)])]
        case .callEnded: return close()
        case .ended(let end): return finish(end)
        }
    }
}

extension MessagesEvents {
    private func start(_ promptTokens: Int) -> DialectEvent {
        var usage = AnswerUsage()
        usage.promptTokens = promptTokens
        let message = answer.message(content: [], stop: nil, usage: MessagesUsage(usage))
        return DialectEvent("message_start", ["message": message])
    }

    private mutating func think(_ thought: String) -> [DialectEvent] {
        guard thoughts != .none else { return [] }
        let events = open(.thinking, ["type": "thinking", "thinking": "", "signature": ""])
        self.thought += thought
        guard thoughts == .shown else { return events }
        return events + [delta(["type": "thinking_delta", "thinking": .string(thought)])]
    }

    private mutating func open(_ next: Block, _ start: JSONValue) -> [DialectEvent] {
        guard block != next else { return [] }
        let events = close()
        block = next
        return events + [
            DialectEvent(
                "content_block_start",
                ["index": .integer(blocks), "content_block": start])
        ]
    }

    private func delta(_ delta: JSONValue) -> DialectEvent {
        DialectEvent(
            "content_block_delta",
            ["index": .integer(blocks), "delta": delta])
    }

    private mutating func close() -> [DialectEvent] {
        guard let block else { return [] }
        var events: [DialectEvent] = []
        if block == .thinking {
            let signature = MessagesThought(thought, thoughts).signature
            thought = ""
            events.append(delta(["type": "signature_delta", "signature": .string(signature)]))
        }
        events.append(
            DialectEvent("content_block_stop", ["index": .integer(blocks)]))
        self.block = nil
        blocks += 1
        return events
    }

    /// The event of an error, after which nothing comes.
    package static func event(of error: RequestError) -> DialectEvent {
        DialectEvent("error", ["error": MessagesError.body(error)["error"] ?? .null])
    }

    private mutating func finish(_ end: AnswerEnd) -> [DialectEvent] {
        let last = close()
        do throws(RequestError) {
            let stop = try MessagesStop(end, whole)
            let delta: JSONValue = [
                "stop_reason": .string(stop.reason), "stop_sequence": JSONValue(stop.sequence),
            ]
            let usage = JSONValue.object(MessagesUsage(end.usage).members)
            return last + [
                DialectEvent("message_delta", ["delta": delta, "usage": usage]),
                DialectEvent("message_stop"),
            ]
        } catch {
            return last + [Self.event(of: error)]
        }
    }
}
