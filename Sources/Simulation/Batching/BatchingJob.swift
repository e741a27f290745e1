/// A request as batching sees it: when it comes, and how long a slot works on it.
package struct BatchingJob: Hashable, Sendable {
    /// When it comes, in seconds.
    package var arrival: Double
    /// How long it takes in a slot, in seconds, whatever its neighbours are.
    package var work: Double

    /// A request.
    package init(arrival: Double = 0, work: Double) {
        precondition(arrival >= 0 && work > 0, "a request comes at a time and takes some")
        self.arrival = arrival
        self.work = work
    }

    /// The examples that the lessons on head-of-line blocking use, in seconds.
    package static let examples: [(name: String, times: [Double])] = [
        ("eight", [10, 12, 45, 8, 11, 9, 13, 10]),
        ("four", [8, 11, 16, 4]),
        ("sixteen", [5, 8, 12, 45, 6, 7, 9, 11, 5, 6, 8, 10, 52, 7, 8, 9]),
    ]
}

/// How long requests take, as a cost model of two numbers: batching is compared by who waits for
/// whom, so a step is taken to be as long with few requests as with many.
package struct BatchingCosts: Hashable, Sendable {
    /// Seconds of a token of a prompt.
    package var promptToken: Double
    /// Seconds of a generated token: a step.
    package var outputToken: Double

    /// Costs.
    package init(promptToken: Double, outputToken: Double) {
        precondition(promptToken >= 0 && outputToken > 0, "steps that take no time")
        self.promptToken = promptToken
        self.outputToken = outputToken
    }

    /// The requests of a trace; those without an answer are left out.
    package func jobs(_ trace: Trace) -> [BatchingJob] {
        trace.requests.compactMap { request in
            guard request.outputTokens > 0 else { return nil }
            let (seconds, attoseconds) = request.arrival.components
            return BatchingJob(
                arrival: Double(seconds) + Double(attoseconds) * 1e-18,
                work: Double(request.promptTokens) * promptToken
                    + Double(request.outputTokens) * outputToken)
        }
    }
}
