import QuireIdentifiers
package import Scheduling

/// Takes the time of every token: the gaps between the tokens of an answer.
///
/// In virtual time the tokens of a step are there at one moment, so nearly all of a step's gaps are
/// one number; they are kept as that number and how often it came.
package final class TokenMeter {
    /// Gaps of one length, in nanoseconds.
    package struct Gaps: Hashable, Sendable {
        /// Nanoseconds.
        package var length: Int64
        /// How many there are.
        package var count: Int
    }

    /// What is known of an answer.
    private struct Answer {
        /// When its last token was there.
        var last: Int64 = -1
        /// Gaps that were longer than the target.
        var slow: Int32 = 0
    }

    /// All gaps so far, in the order of the steps.
    package private(set) var gaps: [Gaps] = []

    private let target: Int64
    /// By the numbers of sequences, which the engine counts from 0.
    private var answers: [Answer] = []

    /// - Parameter target: the longest gap, in nanoseconds, that is not counted as slow.
    package init(target: Int64 = .max) { self.target = target }

    /// Notes the tokens of a step.
    package func note(_ plan: borrowing StepPlan, at time: Int64) {
        var run = Gaps(length: -1, count: 0)
        // A copy of its own: fields of an object are guarded at every access.
        var answers: [Answer] = []
        swap(&answers, &self.answers)
        defer { swap(&answers, &self.answers) }
        let rows = plan.rows.span
        for index in rows.indices where rows[index].samples {
            let number = Int(rows[index].sequence.rawValue)
            while answers.count <= number { answers.append(Answer()) }
            let last = answers[number].last
            answers[number].last = time
            guard last >= 0 else { continue }
            let gap = time - last
            if gap > target { answers[number].slow += 1 }
            if gap == run.length {
                run.count += 1
            } else {
                if run.count > 0 { gaps.append(run) }
                run = Gaps(length: gap, count: 1)
            }
        }
        if run.count > 0 { gaps.append(run) }
    }

    /// Gaps of a sequence's answer that were longer than the target.
    package func slowGaps(of number: Int) -> Int {
        answers.indices.contains(number) ? Int(answers[number].slow) : 0
    }
}
