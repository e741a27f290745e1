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
/// Thoughts that begin again share what is left.
struct ThinkingBudget: TokenConstraint, Hashable {
    private let budget: Int
    /// The end of thoughts: the template's own. Of an answer of several messages it is what ends
    /// one, so that the next may be a call.
    let end: [TokenID]
    private var thoughts: ThoughtCounter
    /// How much of the end is there, of one that is forced.
    private var forced = 0

    /// A budget; nil where the format's end of thoughts does not end them.
    ///
    /// - Parameter prompt: where an answer begins, perhaps within thoughts.
    init?(
        _ budget: Int, _ model: ChatModel, _ request: ChatRequest, after prompt: ChatPrompt
    ) {
        guard let reasoning = model.learned.format.reasoning,
            let thoughts = ThoughtCounter(model, request, after: prompt)
        else { return nil }
        self.budget = budget
        self.thoughts = thoughts
        let tokenizer = model.tokenizer
        let close = tokenizer.encode(reasoning.close.text, parseSpecial: true)
        var thinking = request.parser(of: model)
        _ = thinking.append(reasoning.open.text + ".")
        guard thinking.isThinking else { return nil }
        let ends = (1..<close.count + 1).filter { count in
            var other = thinking
            _ = other.append(tokenizer.decode(Array(close.prefix(count)), skipSpecial: false))
            return !other.isThinking
        }
        guard let first = ends.first, ends.last == close.count else { return nil }
        end = Array(close.prefix(model.learned.format.heads == nil ? close.count : first))
    }

    private var isForced: Bool {
        forced > 0 || thoughts.isThinking && thoughts.count >= budget
    }

    var isComplete: Bool { !isForced }

    func mask(_ allowed: inout TokenMask) {
        if isForced { allowed.keep(end[forced]) }
    }

    mutating func advance(_ token: TokenID) {
        let wasForced = isForced
        if wasForced { forced = forced + 1 < end.count ? forced + 1 : 0 }
        thoughts.append(token, counts: !wasForced)
    }
}
