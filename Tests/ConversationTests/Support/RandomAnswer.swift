import ChatTemplates
import QuireIdentifiers
import QuireJSON
import TestSupport

@testable import Conversation
@testable import QuireEngine

/// Events of answers as they might come, a function of a seed.
struct RandomAnswer {
    private var random: SeededGenerator
    private var calls = 0
    private(set) var events: [AnswerEvent] = []

    /// - Parameters:
    ///   - tools: the names of functions that are called.
    ///   - reports: whether log probabilities come before texts, of tokens below 26.
    init(seed: UInt64, tools: [String], reports: Bool = false) {
        random = SeededGenerator(seed: seed)
        events.append(.began(promptTokens: Int.random(in: 1..<100, using: &random)))
        for _ in 0..<Int.random(in: 0..<6, using: &random) {
            switch Int.random(in: 0..<4, using: &random) {
            case 0: addTexts(reports: reports) { .reasoning($0) }
            case 1, 2: addTexts(reports: reports) { .text($0) }
            default: addCall(tools)
            }
        }
        addEnd()
    }

    /// What the events add up to.
    var answer: ChatAnswer {
        events.reduce(into: ChatAnswer()) { $0.append($1) }
    }

    private mutating func text() -> String {
        let pieces = ["a", "é", "😀", "\n", "\"", "\\", " b", "{", "}", "\u{0}", "</x>", ""]
        let count = Int.random(in: 0..<4, using: &random)
        return (0..<count).map { _ in pieces.randomElement(using: &random) ?? "" }.joined()
    }

    private mutating func addTexts(reports: Bool, _ event: (String) -> AnswerEvent) {
        for _ in 0..<Int.random(in: 1..<5, using: &random) {
            if Int.random(in: 0..<8, using: &random) == 0 { events.append(.waiting) }
            if reports {
                let token = TokenID(UInt32.random(in: 0..<26, using: &random))
                let top = TokenLogprob.Entry(token: 3, logprob: -2)
                events.append(
                    .logprobs([TokenLogprob(token: token, logprob: -1, rank: 1, top: [top])]))
            }
            events.append(event(text()))
        }
    }

    private mutating func addCall(_ tools: [String]) {
        let name = tools.randomElement(using: &random) ?? "f"
        let value = JSONValue.string(text())
        let key = ["input", "path"].randomElement(using: &random) ?? ""
        var arguments = JSONValue.object([.init(key, value)]).text
        if Int.random(in: 0..<6, using: &random) == 0 { arguments = "" }
        events.append(.callBegan(index: calls, id: "call_\(calls)", name: name))
        var rest = Substring(arguments)
        while !rest.isEmpty {
            let piece = rest.prefix(Int.random(in: 1..<6, using: &random))
            rest = rest.dropFirst(piece.count)
            events.append(.callArguments(index: calls, String(piece)))
        }
        events.append(.callEnded(index: calls))
        calls += 1
    }

    private mutating func addEnd() {
        var usage = AnswerUsage()
        usage.promptTokens = 20
        usage.cachedTokens = 16
        usage.answerTokens = 7
        usage.reasoningTokens = 3
        let reasons: [AnswerEnd.Reason] =
            calls > 0
            ? [.calls, .calls, .length]
            : [.stop, .stop, .length, .stopCondition(.string("x")), .stopCondition(.repetition)]
        events.append(.ended(AnswerEnd(reasons.randomElement(using: &random) ?? .stop, usage)))
    }
}

extension JSONValue {
    /// A value from text.
    static func parsed(_ text: String) throws -> JSONValue {
        try JSONValue(parsing: Array(text.utf8))
    }

    /// The elements or members at a path of keys and indices, for tests that look deep.
    subscript(path: Any...) -> JSONValue? {
        var value: JSONValue? = self
        for step in path {
            if let key = step as? String { value = value?[key: key] }
            if let index = step as? Int {
                let list = value?.array ?? []
                value = list.indices.contains(index) ? list[index] : nil
            }
        }
        return value
    }

    private subscript(key name: String) -> JSONValue? { members?.last { $0.key == name }?.value }
}
