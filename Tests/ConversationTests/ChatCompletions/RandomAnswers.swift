import Conversation
import QuireIdentifiers
import TestSupport

@testable import QuireEngine

/// Random events of answers, in an order that a parser of a model's text may give.
struct RandomAnswers {
    private var random: SeededGenerator
    private static let texts = ["", "a", "é", "\"quoted\"", "\n", "👩‍👩‍👧", "\u{0}", "</think>", "{"]

    init(seed: UInt64) { random = SeededGenerator(seed: seed) }

    mutating func number(_ range: Range<Int>) -> Int { Int.random(in: range, using: &random) }

    private mutating func text() -> String {
        (0..<number(1..<4)).map { _ in Self.texts[number(0..<Self.texts.count)] }.joined()
    }

    /// The events of an answer.
    mutating func events(reports: Bool) -> [AnswerEvent] {
        var events: [AnswerEvent] = [.began(promptTokens: number(1..<100))]
        var calls = 0
        for _ in 0..<number(0..<12) {
            if reports {
                let entries = (0..<number(0..<3)).map { _ in
                    let token = TokenID(UInt32(number(0..<28)))
                    return TokenLogprob(
                        token: token, logprob: -Double(number(0..<9)), rank: 1,
                        top: [TokenLogprob.Entry(token: token, logprob: -1)])
                }
                events.append(.logprobs(entries))
            }
            switch number(0..<5) {
            case 0: events.append(.waiting)
            case 1: events.append(.reasoning(text()))
            case 2, 3: events.append(.text(text()))
            default:
                events.append(.callBegan(index: calls, id: "id\(calls)", name: "f\(calls)"))
                for _ in 0..<number(0..<4) {
                    events.append(.callArguments(index: calls, text()))
                }
                events.append(.callEnded(index: calls))
                calls += 1
            }
        }
        var usage = AnswerUsage()
        usage.promptTokens = 7
        usage.cachedTokens = number(0..<7)
        usage.answerTokens = number(0..<100)
        usage.reasoningTokens = number(0..<usage.answerTokens + 1)
        let reasons: [AnswerEnd.Reason] = [.stop, .length, .stopCondition(.string("x"))]
        events.append(
            .ended(AnswerEnd(calls > 0 ? .calls : reasons[number(0..<3)], usage)))
        return events
    }

    /// The events in groups, as steps of an engine would give them.
    mutating func steps(_ events: [AnswerEvent]) -> [[AnswerEvent]] {
        var steps: [[AnswerEvent]] = []
        var rest = events[...]
        while !rest.isEmpty {
            let count = min(number(1..<5), rest.count)
            steps.append(Array(rest.prefix(count)))
            rest = rest.dropFirst(count)
        }
        return steps
    }
}

extension ChatAnswer {
    /// The answer that events add up to.
    init(_ events: [AnswerEvent]) {
        self.init()
        for event in events { append(event) }
    }
}
