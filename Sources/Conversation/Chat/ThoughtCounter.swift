import ChatTemplates
import QuireIdentifiers
import Tokenization

/// Counts the tokens of an answer's thoughts, one by one, so that the number does not depend on how
/// many come at once.
///
/// What thoughts are is what the reader of the answer takes for them; the tokens that begin and end
/// them do not count. Where an end is spelt, its first tokens do: only its last one tells.
struct ThoughtCounter: Hashable, Sendable {
    private var parser: AnswerParser
    private var detokenizer: StreamingDetokenizer
    private(set) var count = 0

    /// A counter; nil where the model's answers have no thoughts.
    init?(_ model: ChatModel?, _ request: ChatRequest, after prompt: ChatPrompt) {
        guard let model, model.learned.format.reasoning != nil else { return nil }
        parser = request.parser(of: model)
        detokenizer = model.tokenizer.makeDetokenizer(skipSpecial: false, continuing: true)
        _ = parser.begin(after: prompt.text)
    }

    var isThinking: Bool { parser.isThinking }

    /// Takes the next token.
    ///
    /// - Parameter counts: whether it counts where it is one of a thought.
    mutating func append(_ token: TokenID, counts: Bool = true) {
        let wasThinking = parser.isThinking
        _ = parser.append(detokenizer.append(token))
        if wasThinking, parser.isThinking, counts { count += 1 }
    }

    /// The detokenizer follows from the tokens that the parser has seen.
    static func == (left: ThoughtCounter, right: ThoughtCounter) -> Bool {
        left.parser == right.parser && left.count == right.count
    }

    func hash(into hasher: inout Hasher) { hasher.combine(count) }
}

extension ChatRequest {
    /// What an answer to it is read by; nobody waits for calls without tools: what looks like one
    /// is text then.
    func parser(of model: ChatModel?) -> AnswerParser {
        var format = model?.learned.format ?? AnswerFormat()
        let tools = toolChoice == .none ? [] : tools
        if tools.isEmpty { format.calls = nil }
        return AnswerParser(format, tools: tools)
    }
}
