import QuireEngine

/// How far a batch is: a line that is drawn over on a terminal, a plain line now and then
/// elsewhere.
struct BatchProgress {
    private static let plainInterval = Duration.seconds(30)
    private static let drawnInterval = Duration.milliseconds(100)

    /// What requests ask for.
    struct Work: Equatable {
        /// Tokens of the prompts.
        var prompt = 0
        /// Tokens that the answers may have.
        var answer = 0
    }

    /// Requests of the whole batch.
    let total: Int
    /// Requests that have a result.
    var finished: Int { tally.finished }

    private var tally: Tally
    private let isTerminal: Bool
    private let began: ContinuousClock.Instant
    private var shown: ContinuousClock.Instant
    private var isDrawn = false

    /// The progress of a batch, some of whose requests were answered by earlier runs.
    init(total: Int, finished: Int, isTerminal: Bool = Terminal.stderrIsTerminal) {
        self.total = total
        tally = Tally(finished: finished)
        self.isTerminal = isTerminal
        began = .now
        shown = began
    }

    /// A request is taken up.
    mutating func begin(_ work: Work) { tally.begin(work) }

    /// A request has its answers, with so many tokens.
    mutating func finish(_ work: Work, tokens: Int) { tally.finish(work, tokens: tokens) }

    /// A request has an error for its result.
    ///
    /// - Parameter work: nil where it was never taken up.
    mutating func fail(_ work: Work?) { tally.fail(work) }

    /// Answers have grown.
    mutating func advance(tokens: Int) {
        tally.tokens += tokens
        let now = ContinuousClock.now
        guard now - shown >= (isTerminal ? Self.drawnInterval : Self.plainInterval) else { return }
        shown = now
        let text = tally.text(of: total, seconds: (now - began).seconds)
        guard isTerminal else { return Terminal.note(text) }
        isDrawn = true
        let share = total > 0 ? Double(finished) / Double(total) : 1
        let line = ProgressLine.bar(share: share, text: "  " + text, width: Terminal.width)
        Terminal.write("\r\u{1B}[K" + line)
    }

    /// Takes the line away.
    mutating func clear() {
        if isDrawn { Terminal.write("\r\u{1B}[K") }
        isDrawn = false
    }
}

extension BatchProgress.Work {
    /// What requests ask for, within the context.
    init(_ requests: [GenerationRequest], maxModelLength: Int) {
        for request in requests {
            prompt += request.prompt.count
            let parameters = request.parameters
            answer += min(parameters.maxTokens ?? .max, maxModelLength) * parameters.n
        }
    }

    static func += (left: inout Self, right: Self) {
        left.prompt += right.prompt
        left.answer += right.answer
    }

    static func -= (left: inout Self, right: Self) {
        left.prompt -= right.prompt
        left.answer -= right.answer
    }
}

extension BatchProgress {
    /// What is done, counted in tokens: requests differ by orders of magnitude in length.
    struct Tally {
        /// Requests that have a result, those of earlier runs included.
        var finished: Int
        /// Tokens of answers, as they come.
        var tokens = 0

        /// Requests that were taken up, those among them that have a result, and their work.
        private var begun = 0
        private var ended = 0
        private var begunWork = Work()
        private var endedWork = Work()
        /// Tokens of the answers of those that have a result.
        private var endedTokens = 0

        init(finished: Int) { self.finished = finished }

        mutating func begin(_ work: Work) {
            begun += 1
            begunWork += work
        }

        mutating func finish(_ work: Work, tokens: Int) {
            finished += 1
            ended += 1
            endedWork += work
            endedTokens += tokens
        }

        mutating func fail(_ work: Work?) {
            finished += 1
            guard let work else { return }
            begun -= 1
            begunWork -= work
        }

        /// Seconds that the rest will take; nil before anything can be said.
        ///
        /// A request that was taken up has its prompt and, by the measure of those that have ended,
        /// a share of the tokens that it asks for; one that was not is like those that were.
        func secondsLeft(of total: Int, after seconds: Double) -> Double? {
            guard ended > 0, seconds > 0 else { return nil }
            let share = endedWork.answer > 0 ? Double(endedTokens) / Double(endedWork.answer) : 1
            let expected = Double(begunWork.prompt) + share * Double(begunWork.answer)
            let open = max(0, tokens - endedTokens)
            let done = Double(endedWork.prompt + endedTokens + open)
            guard done > 0 else { return nil }
            let unread = max(0, total - finished - (begun - ended))
            let all = expected + Double(unread) * expected / Double(begun)
            return max(0, all - done) * seconds / done
        }

        /// The line: `12 of 250 requests  532 tokens/s  12 s left`.
        func text(of total: Int, seconds: Double) -> String {
            var text = "\(finished) of \(total) requests"
            guard seconds > 0 else { return text }
            text += "  \(Int((Double(tokens) / seconds).rounded())) tokens/s"
            guard let left = secondsLeft(of: total, after: seconds) else { return text }
            if left < 36_000_000 { text += "  \(ProgressLine.duration(left)) left" }
            return text
        }
    }
}
