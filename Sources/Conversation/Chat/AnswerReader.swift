import ChatTemplates
package import QuireEngine
import Scheduling

/// Makes the events of an answer out of what the engine generates.
package struct AnswerReader: Sendable {
    private var parser: AnswerParser
    private let request: ChatRequest
    private let promptTokens: Int
    /// What the prompt has of the answer already, until it is told.
    private var beginning: [AnswerPiece]
    private var hasBegun = false
    private var calls = 0
    private var isInCall = false
    private var thoughts: ThoughtCounter?
    private let makeID: @Sendable () -> String

    /// A reader of one answer.
    ///
    /// - Parameters:
    ///   - model: whose format it is read by; nil: it is text and nothing else.
    ///   - makeID: names calls that the model does not name; each name must be new.
    package init(
        _ model: ChatModel?, _ request: ChatRequest, _ prompt: ChatPrompt,
        makeID: @escaping @Sendable () -> String = AnswerReader.randomID
    ) {
        parser = request.parser(of: model)
        thoughts = ThoughtCounter(model, request, after: prompt)
        beginning = parser.begin(after: prompt.text)
        self.request = request
        self.makeID = makeID
        promptTokens = prompt.tokens.count
    }

    /// Nine letters and digits, the only form that every template takes back.
    package static func randomID() -> String {
        let letters = Array("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789")
        return String((0..<9).map { _ in letters[Int.random(in: 0..<letters.count)] })
    }

    /// The events of a delta.
    package mutating func read(_ delta: GenerationDelta) -> [AnswerEvent] {
        var events: [AnswerEvent] = []
        if !hasBegun {
            hasBegun = true
            events.append(.began(promptTokens: promptTokens))
            for piece in beginning where isTold(piece) { tell(piece, &events) }
            beginning = []
        }
        if !delta.logprobs.isEmpty { events.append(.logprobs(delta.logprobs)) }
        for piece in parser.append(delta.text) { tell(piece, &events) }
        for token in delta.tokens { thoughts?.append(token) }
        guard let reason = delta.finishReason else { return events }
        for piece in parser.finish() { tell(piece, &events) }
        events.append(.ended(end(reason, delta.completion)))
        return events
    }

    /// The last event of an answer that could not be generated.
    package func failure(_ error: RequestError) -> AnswerEvent {
        .ended(AnswerEnd(.failed(error), usage(nil)))
    }

    /// A call that the prompt began is the answer's; a message that it goes on with only if asked.
    private func isTold(_ piece: AnswerPiece) -> Bool {
        switch piece {
        case .text, .reasoning: request.echoesLastMessage
        case .callBegan, .callArguments, .callEnded: true
        }
    }

    private mutating func tell(_ piece: AnswerPiece, _ events: inout [AnswerEvent]) {
        switch piece {
        case .text(let text): events.append(.text(text))
        case .reasoning(let text):
            if request.reasoning.isShown { events.append(.reasoning(text)) }
        case .callBegan(let id, let name):
            isInCall = calls == 0 || request.allowsParallelCalls
            guard isInCall else { return }
            events.append(.callBegan(index: calls, id: id ?? makeID(), name: name))
            calls += 1
        case .callArguments(let text):
            if isInCall { events.append(.callArguments(index: calls - 1, text)) }
        case .callEnded:
            if isInCall { events.append(.callEnded(index: calls - 1)) }
            isInCall = false
        }
    }

    private func end(_ reason: FinishReason, _ completion: Completion?) -> AnswerEnd {
        let why: AnswerEnd.Reason =
            switch reason {
            case .stop where calls > 0: .calls
            case .stop: condition(completion).map { .stopCondition($0) } ?? .stop
            case .repetition: .stopCondition(.repetition)
            case .length: .length
            case .cancelled: .cancelled
            case .failed: .failed(RequestError("the model failed", code: .modelFailed))
            }
        return AnswerEnd(why, usage(completion))
    }

    /// What of the request's own conditions ended the answer: the end of a turn is the template's.
    private func condition(_ completion: Completion?) -> Completion.StopReason? {
        guard case .string(let text)? = completion?.stopReason else {
            return completion?.stopReason
        }
        return request.parameters.stop.contains(text) ? .string(text) : nil
    }

    private func usage(_ completion: Completion?) -> AnswerUsage {
        var usage = AnswerUsage()
        usage.promptTokens = promptTokens
        usage.cachedTokens = completion?.timeline.cachedTokens ?? 0
        usage.miss = completion?.timeline.prefixMiss
        usage.answerTokens = completion?.tokens.count ?? 0
        usage.reasoningTokens = thoughts?.count ?? 0
        return usage
    }
}
