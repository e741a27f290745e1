import ChatTemplates
package import QuireEngine
import QuireJSON

/// The events of a streamed answer of the Responses interface.
///
/// Items follow one another: each begins, gains and ends before the next one begins. The last event
/// has the whole answer.
package struct ResponseEvents {
    private let object: ResponseObject
    private var logprobs: ResponseLogprobs

    /// All that the client has been told.
    private var answer = ChatAnswer()
    private var hasBegun = false
    private var sequence = 0

    /// The item that has begun.
    private var open: Open?
    private var items = 0
    /// The log probabilities of tokens whose text is still to come.
    private var pending: [JSONValue] = []
    /// What the event at hand is to the client.
    private var events: [DialectEvent] = []

    private struct Open {
        let item: ResponseItem
        let kind: ChatAnswer.Item
        /// Its text, or a call's arguments; it grows where it is.
        var text = ""
        var logprobs: [JSONValue] = []
        var input: FreeformInput?

        /// The item as it has come to be.
        var piece: ChatAnswer.Item {
            switch kind {
            case .text: return .text(text)
            case .reasoning: return .reasoning(text)
            case .call(var call):
                call.arguments = text
                return .call(call)
            }
        }
    }

    /// The events of an answer.
    ///
    /// - Parameter texts: the texts of tokens after the prompt; nil: there are no log
    ///   probabilities.
    package init(
        _ heading: ResponseHeading, to request: ResponsesRequest, texts: LogprobTexts? = nil
    ) {
        object = ResponseObject(heading, to: request, texts: texts)
        logprobs = ResponseLogprobs(object.texts)
    }

    /// What an event of the answer is to the client.
    package mutating func events(for event: AnswerEvent) -> [DialectEvent] {
        events.removeAll()
        if !hasBegun {
            hasBegun = true
            tell("response.created")
            tell("response.in_progress")
        }
        answer.append(event)
        switch event {
        case .reasoning where !request.chat.reasoning.isShown: pending = []
        case .began, .text(""), .reasoning(""), .callArguments(_, ""): break
        case .waiting:
            if events.isEmpty { tell("response.in_progress") }
        case .logprobs(let more): pending += logprobs.entries(more)
        case .reasoning(let text): add(.reasoning(text))
        case .text(let text): add(.text(text))
        case .callBegan(_, let id, let name):
            close()
            begin(.call(ToolCall(id: id, name: name, arguments: "")))
        case .callArguments(_, let text): addArguments(text)
        case .callEnded: close()
        case .ended(let end):
            let state = ResponseState(end.reason)
            close(isCut: state.isCut)
            tell(state.lastEvent)
        }
        return events
    }
}

extension ResponseEvents {
    private var request: ResponsesRequest { object.request }

    private mutating func emit(
        _ name: String, _ members: KeyValuePairs<String, JSONValue>
    ) {
        events.append(
            DialectEvent(
                name,
                [.init("sequence_number", .integer(sequence))]
                    + members.map { JSONValue.Member($0.key, $0.value) }))
        sequence += 1
    }

    /// An event with the whole answer so far.
    private mutating func tell(_ name: String) {
        emit(name, ["response": object.value(answer)])
    }

    /// An event of the open item.
    private mutating func emit(
        _ name: String, ofPart isPart: Bool = false, _ key: String, _ value: JSONValue,
        _ more: JSONValue.Member? = nil
    ) {
        guard let open else { return }
        var members: [JSONValue.Member] = [
            .init("sequence_number", .integer(sequence)), .init("item_id", .string(open.item.id)),
            .init("output_index", .integer(items)),
        ]
        if isPart { members.append(.init("content_index", 0)) }
        members.append(.init(key, value))
        if let more { members.append(more) }
        events.append(DialectEvent(name, members))
        sequence += 1
    }

    private mutating func begin(_ piece: ChatAnswer.Item) {
        let item = ResponseItem(piece, index: items, of: object.heading, request)
        var open = Open(item: item, kind: piece)
        if case .call(let call) = piece, request.tools.origin(of: call.name).kind == .custom {
            open.input = FreeformInput()
        }
        self.open = open
        emit(
            "response.output_item.added",
            ["output_index": .integer(items), "item": item.value(to: request, isBeginning: true)])
        switch piece {
        case .call: break
        case .text:
            emit(
                "response.content_part.added", ofPart: true, "part",
                ResponseItem.textPart("", []))
        case .reasoning:
            emit(
                "response.content_part.added", ofPart: true, "part",
                ResponseItem.reasoningPart(""))
        }
    }

    private mutating func add(_ piece: ChatAnswer.Item) {
        let more = pending
        pending = []
        switch (open?.kind, piece) {
        case (.text?, .text), (.reasoning?, .reasoning): break
        default:
            close()
            begin(piece)
        }
        open?.logprobs += more
        switch piece {
        case .text(let text):
            open?.text += text
            emit(
                "response.output_text.delta", ofPart: true, "delta", .string(text),
                .init("logprobs", .array(more)))
        case .reasoning(let text):
            open?.text += text
            emit("response.reasoning_text.delta", ofPart: true, "delta", .string(text))
        case .call: break
        }
    }

    private mutating func addArguments(_ text: String) {
        guard case .call(let call)? = open?.kind else { return }
        pending = []
        open?.text += text
        switch request.tools.origin(of: call.name).kind {
        case .function:
            emit("response.function_call_arguments.delta", "delta", .string(text))
        case .custom:
            let input = open?.input?.append(text) ?? ""
            if !input.isEmpty {
                emit("response.custom_tool_call_input.delta", "delta", .string(input))
            }
        case .search: break
        }
    }

    private mutating func close(isCut: Bool = false) {
        guard let open else { return }
        let piece = open.piece
        var status = isCut ? "incomplete" : "completed"
        switch piece {
        case .text(let text):
            let logprobs = open.logprobs
            emit(
                "response.output_text.done", ofPart: true, "text", .string(text),
                .init("logprobs", .array(logprobs)))
            emit(
                "response.content_part.done", ofPart: true, "part",
                ResponseItem.textPart(text, logprobs))
        case .reasoning(let text):
            emit("response.reasoning_text.done", ofPart: true, "text", .string(text))
            emit(
                "response.content_part.done", ofPart: true, "part",
                ResponseItem.reasoningPart(text))
        case .call(let call):
            status = "completed"
            end(call)
        }
        let item = ResponseItem(
            piece, index: items, of: object.heading, request, logprobs: open.logprobs,
            status: status)
        emit(
            "response.output_item.done",
            ["output_index": .integer(items), "item": item.value(to: request)])
        self.open = nil
        items += 1
    }

    private mutating func end(_ call: ToolCall) {
        let origin = request.tools.origin(of: call.name)
        switch origin.kind {
        case .function:
            emit(
                "response.function_call_arguments.done", "arguments", .string(call.arguments),
                .init("name", .string(origin.name)))
        case .custom:
            let rest = open?.input?.end() ?? ""
            if !rest.isEmpty {
                emit("response.custom_tool_call_input.delta", "delta", .string(rest))
            }
            emit(
                "response.custom_tool_call_input.done", "input",
                .string(FreeformInput.text(of: call.arguments)))
        case .search: break
        }
    }
}
