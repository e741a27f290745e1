/// How far a batch is: a line that is drawn over on a terminal, a plain line now and then
/// elsewhere.
struct BatchProgress {
    private static let plainInterval = Duration.seconds(30)
    private static let drawnInterval = Duration.milliseconds(100)

    /// Requests of the whole batch.
    let total: Int
    /// Requests that have a result.
    private(set) var finished: Int

    private let finishedBefore: Int
    private let isTerminal: Bool
    private let began: ContinuousClock.Instant
    private var shown: ContinuousClock.Instant
    private var tokens = 0
    private var isDrawn = false

    /// The progress of a batch, some of whose requests were answered by earlier runs.
    init(total: Int, finished: Int, isTerminal: Bool = Terminal.stderrIsTerminal) {
        self.total = total
        self.finished = finished
        self.isTerminal = isTerminal
        finishedBefore = finished
        began = .now
        shown = began
    }

    /// A request has its result.
    mutating func finishOne() { finished += 1 }

    /// Answers have grown.
    mutating func advance(tokens: Int) {
        self.tokens += tokens
        let now = ContinuousClock.now
        guard now - shown >= (isTerminal ? Self.drawnInterval : Self.plainInterval) else { return }
        shown = now
        let text = Self.text(
            finished: finished, of: total, done: finished - finishedBefore, tokens: self.tokens,
            seconds: (now - began).seconds)
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

    /// The line: `12 of 250 requests  532 tokens/s  12 s left`.
    static func text(
        finished: Int, of total: Int, done: Int, tokens: Int, seconds: Double
    ) -> String {
        var text = "\(finished) of \(total) requests"
        guard seconds > 0 else { return text }
        text += "  \(Int((Double(tokens) / seconds).rounded())) tokens/s"
        guard done > 0 else { return text }
        let left = Double(total - finished) * seconds / Double(done)
        if left < 36_000_000 { text += "  \(ProgressLine.duration(left)) left" }
        return text
    }
}
