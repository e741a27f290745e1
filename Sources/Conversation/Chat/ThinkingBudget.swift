import ChatTemplates
import QuireEngine
import QuireIdentifiers
import Tokenization

/// Ends a model's thoughts once they have had their tokens: the next ones are the template's own
/// end of thoughts, and the answer goes on as the model likes.
///
/// ```
/// <think> a b </think> The answer      in a budget of 3 or more: nothing happens
/// <think> a b [</think>] The answer    in a budget of 2: the end is forced
/// ```
///
/// What thoughts are is what the reader of the answer takes for them; the tokens that begin and
/// end them do not count. Thoughts that begin again share what is left.
struct ThinkingBudget: TokenConstraint {
    private let budget: Int
    private let end: [TokenID]
    private var parser: AnswerParser
    private var detokenizer: StreamingDetokenizer
    /// Tokens of thoughts so far.
    private var used = 0
    /// How much of the end is there, of one that is forced.
    private var forced = 0

    /// A budget; nil where the format's end of thoughts does not end them.
    ///
    /// - Parameter prompt: where an answer begins, perhaps within thoughts.
    init?(_ budget: Int, _ format: AnswerFormat, after prompt: ChatPrompt, _ tokenizer: Tokenizer) {
        guard let reasoning = format.reasoning else { return nil }
        self.budget = budget
        var format = format
        // Calls are not its business.
        format.calls = nil
        end = tokenizer.encode(reasoning.close.text, parseSpecial: true)
        parser = AnswerParser(format)
        detokenizer = tokenizer.makeDetokenizer(skipSpecial: false, continuing: true)
        var other = parser
        _ = other.append(reasoning.open.text + ".")
        guard !end.isEmpty, other.isThinking else { return nil }
        _ = other.append(tokenizer.decode(end, skipSpecial: false))
        guard !other.isThinking else { return nil }
        _ = parser.begin(after: prompt.text)
    }

    private var isForced: Bool { forced > 0 || parser.isThinking && used >= budget }

    var isComplete: Bool { !isForced }

    func mask(_ allowed: inout TokenMask) {
        if isForced { allowed.keep(end[forced]) }
    }

    mutating func advance(_ token: TokenID) {
        let wasForced = isForced
        if wasForced { forced = forced + 1 < end.count ? forced + 1 : 0 }
        let wasThinking = parser.isThinking
        _ = parser.append(detokenizer.append(token))
        if wasThinking, parser.isThinking, !wasForced { used += 1 }
    }

    /// The detokenizer follows from the tokens that the parser has seen.
    static func == (left: ThinkingBudget, right: ThinkingBudget) -> Bool {
        left.budget == right.budget && left.end == right.end && left.parser == right.parser
            && left.used == right.used && left.forced == right.forced
    }

    func hash(into hasher: inout Hasher) {
        hasher.combine(budget)
        hasher.combine(end)
        hasher.combine(used)
        hasher.combine(forced)
    }
}
