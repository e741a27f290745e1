import ChatTemplates
import Conversation
import QuireIdentifiers
import QuireJSON
import Tokenization

/// What a scripted model answers: `{"answers": [{"when": "...", "text": "...", "calls": [...]}]}`.
///
/// The answer to a prompt is the one whose `when` stands last in it: a tool's result comes behind
/// the question, and side questions of an agent have words of their own. Without any, it is the
/// first answer that has no `when`.
struct Script {
    /// One of the answers.
    private struct Answer {
        let name: String
        let when: [UInt8]
        let tokens: [TokenID]
    }

    /// Why a script cannot be used.
    struct Fault: Error, CustomStringConvertible {
        let description: String
    }

    private let answers: [Answer]
    private let tokenizer: Tokenizer

    /// Reads a script; calls are written as the template writes them.
    init(_ bytes: [UInt8], template source: String, _ chat: ChatModel) throws {
        tokenizer = chat.tokenizer
        let template = try ChatTemplate(parsing: source)
        answers = try (JSONValue(parsing: bytes)["answers"]?.array ?? []).enumerated().map {
            index, value in
            let message = try Self.message(value)
            let text = try Self.text(of: message, template, chat)
            return Answer(
                name: value["name"]?.string ?? "answer \(index)",
                when: Array((value["when"]?.string ?? "").utf8),
                tokens: try Self.tokens(of: text, chat.tokenizer))
        }
        guard answers.contains(where: { $0.when.isEmpty }) else {
            throw Fault(description: "the script has no answer without `when`")
        }
    }

    /// The answer to a prompt, and its name.
    func answer(to prompt: [TokenID]) -> (name: String, tokens: [TokenID]) {
        let text = Array(tokenizer.decode(prompt, skipSpecial: false).utf8)
        var best: (answer: Answer, place: Int)?
        for answer in answers {
            guard let place = Self.lastPlace(of: answer.when, in: text) else { continue }
            if best.map({ place > $0.place }) ?? true { best = (answer, place) }
        }
        guard let answer = best?.answer else { preconditionFailure("a script without an answer") }
        return (answer.name, answer.tokens)
    }

    /// Where a text stands last; an empty one stands before everything.
    private static func lastPlace(of word: [UInt8], in text: [UInt8]) -> Int? {
        guard let first = word.first else { return -1 }
        return (0...max(0, text.count - word.count)).reversed().first { start in
            text.indices.contains(start) && text[start] == first
                && text[start...].starts(with: word)
        }
    }

    private static func message(_ value: JSONValue) throws -> ChatMessage {
        let text = value["text"]?.string ?? ""
        var message = ChatMessage(.assistant, text.isEmpty ? [] : [.text(text)])
        message.reasoning = value["reasoning"]?.string
        for (index, call) in (value["calls"]?.array ?? []).enumerated() {
            guard let name = call["name"]?.string, let arguments = call["arguments"] else {
                throw Fault(description: "a call of the script has no name or no arguments")
            }
            var writer = JSONWriter()
            writer.value(arguments)
            message.calls.append(
                ToolCall(id: "scripted\(index)", name: name, arguments: writer.text))
        }
        return message
    }

    /// What the template writes behind the beginning of an answer.
    private static func text(
        of message: ChatMessage, _ template: ChatTemplate, _ chat: ChatModel
    ) throws -> String {
        guard message.calls.isEmpty || chat.callsTools, let day = TemplateDate("2024-07-26") else {
            throw Fault(description: "calls are not understood in this template")
        }
        let tools = message.calls.map {
            ToolDefinition(name: $0.name, parameters: .object([.init("type", "object")]))
        }
        let context = TemplateContext(
            [ChatMessage(.user, "?"), message], tools: tools, form: chat.learned.form,
            beginsAnswer: false)
        let text = try template.render(context, now: day).string
        let header = chat.learned.format.header
        guard !header.isEmpty, let place = text.ranges(of: header).last else {
            throw Fault(description: "the template has no beginning of an answer")
        }
        return String(text[place.upperBound...])
    }

    /// The tokens up to the one that ends an answer.
    private static func tokens(of text: String, _ tokenizer: Tokenizer) throws -> [TokenID] {
        let tokens = tokenizer.encode(text, parseSpecial: true)
        guard let end = tokens.firstIndex(where: tokenizer.endOfGeneration.contains) else {
            throw Fault(description: "nothing ends an answer of this template")
        }
        return Array(tokens[...end])
    }
}
