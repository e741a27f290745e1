import Scheduling
import Synchronization

/// Writes down what each step had to compute and how long it took: what a cost model is fitted to.
///
/// An engine that is given one tells it of its steps, from the thread that makes them.
package final class StepRecorder: Sendable {
    /// A step.
    package struct Record: Hashable, Sendable {
        /// Tokens of all rows.
        package var tokens = 0
        /// Rows of one token.
        package var decodes = 0
        /// Rows of logits.
        package var outputs = 0
        /// Positions that rows of one token attend to.
        package var decodeContext = 0
        /// Pairs of a token and a position that it attends to, in longer rows.
        package var prefillPairs = 0
        /// Seconds from the start of the executor to its end.
        package var seconds = 0.0
        /// Seconds from that end to the start of the next step; nil: nothing was to do in between.
        package var gap: Double?
    }

    private struct State {
        var records: [Record] = []
        /// When the last step's logits were there.
        var end: Duration?
    }

    private let state = Mutex(State())
    private let limit: Int

    /// - Parameter limit: steps that are kept; later ones are not recorded.
    package init(limit: Int = 1 << 20) { self.limit = limit }

    /// The steps so far.
    package var samples: [Record] { state.withLock { $0.records } }

    /// A step of the executor has ended.
    ///
    /// - Parameters:
    ///   - plan: what it computed.
    ///   - start: when it began.
    ///   - end: when its logits were there.
    func note(_ plan: borrowing StepPlan, from start: Duration, to end: Duration) {
        var record = Record()
        for row in plan.rows {
            record.tokens += row.queryLength
            record.outputs += row.outputLength
            if row.queryLength == 1 {
                record.decodes += 1
                record.decodeContext += row.contextLength
            } else {
                let first = row.startPosition
                record.prefillPairs +=
                    row.queryLength * first + row.queryLength * (row.queryLength + 1) / 2
            }
        }
        record.seconds = (end - start) / .seconds(1)
        state.withLock { state in
            if let last = state.end, !state.records.isEmpty {
                state.records[state.records.count - 1].gap = (start - last) / .seconds(1)
            }
            guard state.records.count < limit else {
                state.end = nil
                return
            }
            state.records.append(record)
            state.end = end
        }
    }

    /// The engine has nothing to do: what follows is no gap between steps.
    func noteIdle() { state.withLock { $0.end = nil } }
}
