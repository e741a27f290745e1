import ChatTemplates
import QuireEngine
package import QuireIdentifiers
package import QuireJSON
package import Tokenization

/// The objects of an answer in Ollama's interface: lines of a stream, or the one of a whole answer.
package struct OllamaAnswer {
    /// Which of the two interfaces is answered.
    package enum Kind: Hashable, Sendable {
        /// `/api/chat`: answers are messages.
        case chat
        /// `/api/generate`: answers are texts.
        case generate
    }

    private let kind: Kind
    private let heading: OllamaHeading
    private var logprobs: ChatLogprobs?
    private var pending: [TokenLogprob] = []
    private var calls: [Int: ToolCall] = [:]
    private var hasEnded = false

    /// A piece of an answer.
    private struct Piece {
        var text = ""
        var thinking = ""
        var calls: [ToolCall] = []

        var isEmpty: Bool { text.isEmpty && thinking.isEmpty && calls.isEmpty }
    }

    /// An answer.
    ///
    /// - Parameter prompt: the tokens that the template made of the conversation.
    package init(
        _ kind: Kind, _ heading: OllamaHeading, to request: ChatRequest, prompt: [TokenID],
        tokenizer: Tokenizer
    ) {
        self.kind = kind
        self.heading = heading
        logprobs = ChatLogprobs(request, after: prompt, tokenizer)
    }

    /// The objects that events make; calls are told when they are complete.
    ///
    /// - Parameter took: where the time went, once it has ended.
    package mutating func objects(
        _ events: some Sequence<AnswerEvent>, took: OllamaDurations = OllamaDurations()
    ) -> [[UInt8]] {
        var objects: [[UInt8]] = []
        var piece = Piece()
        func flush(_ answer: inout OllamaAnswer) {
            guard !piece.isEmpty else { return }
            objects.append(answer.object(piece))
            piece = Piece()
        }
        for event in events {
            switch event {
            case .began: break
            case .waiting: if piece.isEmpty { objects.append(object(piece)) }
            case .logprobs(let entries): pending += entries
            case .reasoning(let more):
                if !piece.text.isEmpty || !piece.calls.isEmpty { flush(&self) }
                piece.thinking += more
            case .text(let more):
                if !piece.calls.isEmpty { flush(&self) }
                piece.text += more
            case .callBegan(let index, let id, let name):
                calls[index] = ToolCall(id: id, name: name, arguments: "")
            case .callArguments(let index, let more): calls[index]?.arguments += more
            case .callEnded(let index):
                if let call = calls.removeValue(forKey: index) { piece.calls.append(call) }
            case .ended(let end):
                flush(&self)
                guard !hasEnded else { continue }
                hasEnded = true
                objects.append(object(piece, end: end, took: took))
            }
        }
        flush(&self)
        return objects
    }

    /// Writes a whole answer, which has ended.
    ///
    /// - Throws: why there is none, where it failed or was cancelled.
    package mutating func write(
        _ answer: ChatAnswer, took: OllamaDurations, to out: inout JSONWriter
    ) throws(RequestError) {
        if let failure = answer.end?.reason.failure { throw failure }
        pending = answer.logprobs
        let piece = Piece(
            text: answer.text, thinking: answer.reasoning ?? "", calls: answer.calls)
        write(piece, end: answer.end, took: took, to: &out)
    }
}

extension OllamaAnswer {
    private mutating func object(
        _ piece: Piece, end: AnswerEnd? = nil, took: OllamaDurations = OllamaDurations()
    ) -> [UInt8] {
        var out = JSONWriter()
        if let failure = end?.reason.failure {
            OllamaError.write(failure, to: &out)
        } else {
            write(piece, end: end, took: took, to: &out)
        }
        return out.bytes
    }

    private mutating func write(
        _ piece: Piece, end: AnswerEnd?, took: OllamaDurations, to out: inout JSONWriter
    ) {
        out.beginObject()
        heading.write(to: &out)
        switch kind {
        case .chat:
            out.key("message")
            out.beginObject()
            out.key("role")
            out.string("assistant")
            Self.write(piece, text: "content", to: &out)
            out.endObject()
        case .generate: Self.write(piece, text: "response", to: &out)
        }
        if logprobs != nil, !pending.isEmpty {
            out.key("logprobs")
            logprobs?.write(pending, to: &out)
            pending = []
        }
        out.key("done")
        out.bool(end != nil)
        if let end {
            out.key("done_reason")
            // An answer that calls tools has come to its end there.
            out.string(end.reason == .length ? "length" : "stop")
            took.write(end.usage, to: &out)
        }
        out.endObject()
    }

    private static func write(_ piece: Piece, text: String, to out: inout JSONWriter) {
        out.key(text)
        out.string(piece.text)
        if !piece.thinking.isEmpty {
            out.key("thinking")
            out.string(piece.thinking)
        }
        guard !piece.calls.isEmpty else { return }
        out.key("tool_calls")
        out.array(piece.calls.enumerated()) { out, call in
            out.beginObject()
            out.key("id")
            out.string(call.element.id)
            out.key("function")
            out.beginObject()
            out.key("index")
            out.integer(call.offset)
            out.key("name")
            out.string(call.element.name)
            out.key("arguments")
            out.value(arguments(call.element.arguments))
            out.endObject()
            out.endObject()
        }
    }

    /// The object that the text of arguments is; where the model wrote none, one with the text.
    private static func arguments(_ text: String) -> JSONValue {
        guard !text.isEmpty else { return .object([]) }
        if let value = try? JSONValue(parsing: Array(text.utf8)), value.members != nil {
            return value
        }
        return .object([JSONValue.Member("arguments", .string(text))])
    }
}
