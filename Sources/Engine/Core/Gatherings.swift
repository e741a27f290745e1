import QuireIdentifiers

/// Tokens of answers that are told at their end, where each token is one more and nothing else.
///
/// Apart from the jobs, so that a step which decodes hundreds of them touches one list and no
/// objects.
struct Gatherings {
    private struct Answer {
        var tokens: [TokenID] = []
        var limit: Int
        /// When the last token was there; nil before the first.
        var last: Duration?
        var isOpen = true
    }

    private var answers: [Answer] = []
    private var vacant: [Int] = []

    /// Begins an answer of at most `limit` tokens.
    mutating func open(limit: Int) -> Int {
        var answer = Answer(limit: limit)
        answer.tokens.reserveCapacity(min(limit, EngineLimits.gatheredTokens))
        guard let number = vacant.popLast() else {
            answers.append(answer)
            return answers.count - 1
        }
        answers[number] = answer
        return number
    }

    /// Whether an answer has not been handed over.
    func isOpen(_ number: Int) -> Bool { answers[number].isOpen }

    /// When an answer's last token was there; nil before the first.
    func last(of number: Int) -> Duration? { answers[number].last }

    /// Adds a token; whether the answer is complete with it.
    mutating func append(_ token: TokenID, to number: Int, at time: Duration) -> Bool {
        answers[number].tokens.append(token)
        answers[number].last = time
        return answers[number].tokens.count >= answers[number].limit
    }

    /// Ends an answer and gives its tokens.
    mutating func close(_ number: Int) -> [TokenID] {
        precondition(answers[number].isOpen, "an answer is handed over once")
        answers[number].isOpen = false
        vacant.append(number)
        var tokens: [TokenID] = []
        swap(&tokens, &answers[number].tokens)
        return tokens
    }
}
