import QuireIdentifiers
import Scheduling

/// A text to be scored: the log probability of its tokens, none generated.
final class ScoreJob: Job {
    let request: RequestID
    var live: [SequenceID] = []
    var isTouched = false

    /// Natural logarithms for the tokens from `first` on, as far as they are computed.
    private(set) var scores: [Double] = []

    /// Why the job failed; nil while it runs or succeeded.
    private(set) var error: EngineError?

    private let tokens: [TokenID]
    private let first: Int
    private var ended: FinishReason?

    /// Scores `tokens` from the token `first` on.
    ///
    /// - Parameter id: a number that no other job of the driver has.
    /// - Throws: `EngineError.invalidPrompt` when no token has one before it.
    init(_ tokens: [TokenID], from first: Int, id: RequestID) throws(EngineError) {
        guard first >= 1, first < tokens.count else {
            throw EngineError(
                .invalidPrompt,
                "a sequence of \(tokens.count) tokens cannot be scored from token \(first) "
                    + "on; the first token has nothing before it")
        }
        request = id
        self.tokens = tokens
        self.first = first
    }

    var isEnded: Bool { ended != nil }

    var reasons: [FinishReason] { ended.map { [$0] } ?? [] }

    var result: Result<[Completion], EngineError>? {
        if let error { return .failure(error) }
        return ended.map { _ in .success([]) }
    }

    func takeDeltas() -> [GenerationDelta] { [] }

    func firstRequest(_ id: SequenceID) -> Request {
        // The last token is scored and never fed.
        Request(id: id, prompt: Array(tokens.dropLast()), maxTokens: 0, firstOutput: first - 1)
    }

    func visit(_ row: StepPlan.Row, branch: Int, in core: EngineCore) -> RowOutcome {
        let executor = core.executor
        do throws(EngineError) {
            for output in 0..<row.outputLength {
                let position = row.contextLength - row.outputLength + output
                // Computed again after a preemption.
                guard position == first - 1 + scores.count else { continue }
                let logits = executor.logits(row.outputStart + output)
                let softmax = try LogSoftmax(logits, position: position)
                scores.append(softmax(logits[Int(tokens[position + 1].rawValue)]))
            }
            return .advanced
        } catch {
            fail(error, at: core.now)
            return .finished(.failed)
        }
    }

    func admitted(branch: Int, _ admission: Admission, at time: Duration) {}

    func preempted(branch: Int, _ preemption: Preemption, at time: Duration) {}

    func finished(branch: Int, _ reason: FinishReason, at time: Duration) {
        if reason == .failed {
            fail(.outOfBlocks, at: time)
        } else {
            ended = ended ?? reason
        }
    }

    func cancel(at time: Duration) {
        ended = ended ?? .cancelled
    }

    func fail(_ error: EngineError, at time: Duration) {
        guard !isEnded else { return }
        self.error = error
        ended = .failed
    }
}
