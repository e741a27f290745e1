import ChatTemplates
import QuireEngine
import QuireJSON

/// An item of an answer: a thought, a text or a call, with a name of its own.
struct ResponseItem {
    let id: String
    let piece: ChatAnswer.Item
    private let logprobs: [JSONValue]
    private let status: String

    init(
        _ piece: ChatAnswer.Item, index: Int, of heading: ResponseHeading,
        _ request: ResponsesRequest, logprobs: [JSONValue] = [], status: String = "completed"
    ) {
        self.piece = piece
        self.logprobs = logprobs
        self.status = status
        let prefix =
            switch piece {
            case .reasoning: "rs"
            case .text: "msg"
            case .call(let call):
                switch request.tools.origin(of: call.name).kind {
                case .function: "fc"
                case .custom: "ctc"
                case .search: "tsc"
                }
            }
        let start = "resp_"
        let suffix =
            heading.id.hasPrefix(start) ? heading.id.dropFirst(start.count) : heading.id[...]
        id = "\(prefix)_\(suffix)_\(index)"
    }

    /// The item.
    ///
    /// - Parameter isBeginning: whether it has begun only, and has nothing yet.
    func value(to request: ResponsesRequest, isBeginning: Bool = false) -> JSONValue {
        let status = JSONValue.string(isBeginning ? "in_progress" : status)
        switch piece {
        case .reasoning(let text):
            var members: [JSONValue.Member] = [
                .init("type", "reasoning"), .init("id", .string(id)), .init("summary", []),
                .init("content", .array(isBeginning ? [] : [Self.reasoningPart(text)])),
            ]
            if request.carriesThoughts {
                let field = isBeginning ? "" : CarriedThought.field(text)
                members.append(.init("encrypted_content", .string(field)))
            }
            return .object(members + [.init("status", status)])
        case .text(let text):
            return [
                "type": "message", "id": .string(id), "role": "assistant", "status": status,
                "content": .array(isBeginning ? [] : [Self.textPart(text, logprobs)]),
            ]
        case .call(let call):
            return .object(Self.call(call, id, request) + [.init("status", status)])
        }
    }

    /// The part that the text of a message is.
    static func textPart(_ text: String, _ logprobs: [JSONValue]) -> JSONValue {
        [
            "type": "output_text", "text": .string(text), "annotations": [],
            "logprobs": .array(logprobs),
        ]
    }

    /// The part that the text of a thought is.
    static func reasoningPart(_ text: String) -> JSONValue {
        ["type": "reasoning_text", "text": .string(text)]
    }

    private static func call(
        _ call: ToolCall, _ id: String, _ request: ResponsesRequest
    ) -> [JSONValue.Member] {
        let origin = request.tools.origin(of: call.name)
        var members: [JSONValue.Member] = [
            .init("id", .string(id)), .init("call_id", .string(call.id)),
        ]
        switch origin.kind {
        case .function:
            members.insert(.init("type", "function_call"), at: 0)
            members += [
                .init("name", .string(origin.name)), .init("arguments", .string(call.arguments)),
            ]
        case .custom:
            members.insert(.init("type", "custom_tool_call"), at: 0)
            let input = FreeformInput.text(of: call.arguments)
            members += [.init("name", .string(origin.name)), .init("input", .string(input))]
        case .search:
            members.insert(.init("type", "tool_search_call"), at: 0)
            members += [
                .init("execution", "client"),
                .init("arguments", JSONValue.object(in: call.arguments) ?? [:]),
            ]
        }
        if let namespace = origin.namespace {
            members.append(.init("namespace", .string(namespace)))
        }
        return members
    }
}

/// Log probabilities of tokens that follow one another, as the interface has them.
struct ResponseLogprobs {
    private var texts: LogprobTexts?

    /// - Parameter texts: the texts of the tokens; nil: none are reported.
    init(_ texts: LogprobTexts?) { self.texts = texts }

    /// An entry for each of the next tokens.
    mutating func entries(_ logprobs: [TokenLogprob]) -> [JSONValue] {
        guard texts != nil else { return [] }
        return logprobs.map { entry in
            let names = texts?.next(entry.token, top: entry.top.map(\.token))
            let top = zip(names?.top ?? [], entry.top).map {
                JSONValue.object(Self.members($0, $1.logprob))
            }
            return .object(
                Self.members(names?.token ?? "", entry.logprob)
                    + [.init("top_logprobs", .array(top))])
        }
    }

    private static func members(_ name: String, _ logprob: Double) -> [JSONValue.Member] {
        [
            .init("token", .string(name)), .init("logprob", .number(LogprobLists.finite(logprob))),
            .init("bytes", .array(name.utf8.map { .integer(Int($0)) })),
        ]
    }
}
