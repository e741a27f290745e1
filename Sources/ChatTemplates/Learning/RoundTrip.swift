package import QuireJSON

/// Answers that a template writes, cut as a stream would be and read back.
package struct RoundTrip: Sendable {
    let template: ChatTemplate
    let learned: LearnedFormat
    let names: [JSONValue.Member]
    private var random: RoundTripRandom

    /// What came of it.
    package struct Report: Hashable, Sendable {
        /// Conversations that the template wrote.
        package var written = 0
        /// Of those, the ones that were read back as they were.
        package var equal = 0
        /// Of those, the ones in which tools are called.
        package var withCalls = 0
        /// The first that was not: what was written, and what was read.
        package var difference: String?
    }

    /// A check by random conversations.
    package init(
        _ template: ChatTemplate, _ learned: LearnedFormat, names: [JSONValue.Member] = [],
        seed: UInt64 = 1
    ) {
        self.template = template
        self.learned = learned
        self.names = names
        random = RoundTripRandom(seed: seed)
    }

    /// Writes and reads conversations.
    package mutating func check(conversations: Int) -> Report {
        var report = Report()
        for index in 0..<conversations {
            let tools = random.tools()
            let message = random.answer(
                tools: tools, several: learned.format.calls?.allowsSeveral ?? false,
                hasCalls: learned.format.calls != nil && index % 3 != 0,
                hasReasoning: learned.form.reasoningKey != nil && index % 2 == 0)
            guard let text = written(message, tools) else { continue }
            report.written += 1
            report.withCalls += message.calls.isEmpty ? 0 : 1
            let expected = ReadAnswer(visible: message, in: text)
            let found = read(text, tools)
            if found == expected {
                report.equal += 1
            } else if report.difference == nil {
                report.difference =
                    "written \(text.debugDescription)\nexpected \(expected)\nread \(found)"
            }
        }
        return report
    }

    /// The answer as the template writes it, behind its header.
    private func written(_ message: ChatMessage, _ tools: [ToolDefinition]) -> String? {
        let user = "qvxk"
        let context = TemplateContext(
            [ChatMessage(.user, user), message], tools: tools, form: learned.form,
            beginsAnswer: false, names: names)
        guard let date = TemplateDate("2024-07-26"),
            let text = try? template.render(context, now: date)
        else { return nil }
        let bytes = Array(text.string.utf8)
        guard let place = Bytes.find(user + learned.format.header, in: bytes) else { return nil }
        let body = Bytes.text(bytes, place.upperBound..<bytes.count)
        guard learned.form.reasoningKey == nil, let reasoning = learned.format.reasoning,
            Bytes.find(reasoning.close.text.trimmed, in: Array(body.utf8)) == nil
        else { return body }
        // Some templates begin thoughts before every message and end them in none.
        return body.dropping(prefix: reasoning.open.text.trimmed)
    }

    private mutating func read(_ text: String, _ tools: [ToolDefinition]) -> ReadAnswer {
        var parser = AnswerParser(learned.format, tools: tools)
        var answer = ReadAnswer()
        var scalars = text.unicodeScalars[...]
        while !scalars.isEmpty {
            let count = min(random.below(8) + 1, scalars.count)
            var part = String.UnicodeScalarView()
            part.append(contentsOf: scalars.prefix(count))
            scalars = scalars.dropFirst(count)
            answer.append(parser.append(String(part)))
        }
        answer.append(parser.finish())
        return answer.normalized
    }
}

/// An answer as it was read, or should be.
struct ReadAnswer: Hashable, CustomStringConvertible {
    struct Call: Hashable {
        var name: String
        var text: String
        var arguments: JSONValue?
    }

    var text = ""
    var reasoning = ""
    var calls: [Call] = []

    init() {}

    /// What of a message its text shows: templates leave out what they do not repeat.
    init(visible message: ChatMessage, in text: String) {
        let bytes = Array(text.utf8)
        func isVisible(_ text: String) -> Bool { Bytes.find(text, in: bytes) != nil }
        if isVisible(message.text) { self.text = message.text }
        if let thought = message.reasoning, isVisible(thought) { reasoning = thought }
        calls = message.calls.filter { isVisible($0.name) }.map {
            Call(name: $0.name, text: $0.arguments, arguments: nil)
        }
        self = normalized
    }

    mutating func append(_ pieces: [AnswerPiece]) {
        for piece in pieces {
            switch piece {
            case .text(let more): text += more
            case .reasoning(let more): reasoning += more
            case .callBegan(_, let name): calls.append(Call(name: name, text: ""))
            case .callArguments(let more):
                if !calls.isEmpty { calls[calls.count - 1].text += more }
            case .callEnded: break
            }
        }
    }

    /// With arguments by their values: spaces do not count.
    var normalized: ReadAnswer {
        var copy = self
        copy.text = text.trimmed
        copy.reasoning = reasoning.trimmed
        copy.calls = calls.map { call in
            let value = try? JSONValue(parsing: Array(call.text.utf8))
            return Call(
                name: call.name, text: value == nil ? call.text : "", arguments: value?.sorted)
        }
        return copy
    }

    var description: String {
        let calls = calls.map { "\($0.name) \($0.text) \($0.arguments.map { "\($0)" } ?? "-")" }
        return "\(text.debugDescription) thinking \(reasoning.debugDescription) calling \(calls)"
    }
}

extension JSONValue {
    /// With the members of objects in the order of their keys.
    fileprivate var sorted: JSONValue {
        switch self {
        case .array(let elements): .array(elements.map(\.sorted))
        case .object(let members):
            .object(
                members.map { Member($0.key, $0.value.sorted) }.sorted { $0.key < $1.key })
        default: self
        }
    }
}
