/// What a chaos run came to.
package struct ChaosResult: Hashable, Sendable {
    /// What was found to be wrong; nil: nothing.
    package var failure: ChaosFailure?
    /// The states that were reached.
    package var marks: Set<ChaosMark> = []
    /// A hash of everything that was planned, moved, answered and counted, in order: equal for two
    /// runs of a script, in whatever process.
    package var digest: UInt64 = 0xCBF2_9CE4_8422_2325
    /// Turns that were made.
    package var turns = 0
    /// Steps that were executed.
    package var steps = 0
    /// Virtual time.
    package var time = Duration.zero
}

/// What is wrong with a run.
package struct ChaosFailure: Error, Hashable, Sendable {
    /// Which checker found it.
    package enum Checker: String, Hashable, Sendable, CaseIterable {
        /// What lies in the slots that a query sees.
        case executor
        /// The tokens, texts and reports of answers.
        case answers
        /// How requests end, and when.
        case ends
        /// Whether every request is answered in time.
        case liveness
        /// Whether all blocks, pins and tickets come back.
        case leaks
        /// Whether times go on.
        case times
        /// Whether counts agree with what was seen.
        case statistics
        /// Whether requests start in the order of the policy.
        case order
        /// The cache's own account of its changes.
        case events
        /// An invariant of scheduler or cache: the process ended.
        case trap
        /// Two runs of one script differ.
        case determinism
        /// The script says what cannot be.
        case script
    }

    /// Which checker found it.
    package var checker: Checker
    /// What it found.
    package var text: String

    /// A failure.
    package init(_ checker: Checker, _ text: String) {
        self.checker = checker
        self.text = text
    }
}
