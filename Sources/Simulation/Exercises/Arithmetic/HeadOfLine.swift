/// The arithmetic of a batch that ends with its longest request: what the others wait for.
package struct HeadOfLine: Hashable, Sendable {
    /// The time that each request takes, from the start of the batch, in one unit.
    package let completions: [Int]

    /// A batch.
    ///
    /// - Precondition: there is a request, and each takes time.
    package init(completions: [Int]) {
        precondition(!completions.isEmpty && completions.allSatisfy { $0 > 0 }, "an empty batch")
        self.completions = completions
    }

    /// Requests, each in a slot of its own.
    package var size: Int { completions.count }
    /// When the batch ends.
    package var makespan: Int { completions.max() ?? 0 }
    /// What it saves of the batch's end to return the others at once: nothing, the longest takes
    /// as long as before.
    package var savedMakespan: Int { makespan - (completions.max() ?? 0) }
    /// The time for which slots work, all of them together.
    package var busy: Int { completions.reduce(0, +) }
    /// The time for which slots are held, all of them together.
    package var held: Int { size * makespan }
    /// The time for which slots are held and do nothing.
    package var idle: Int { held - busy }
    /// The share of the held time in which slots work.
    package var utilization: Double { Double(busy) / Double(held) }
    /// How long each request waits for the longest after its own end.
    package var waits: [Int] { completions.map { makespan - $0 } }
    /// All of those waits.
    package var totalWait: Int { waits.reduce(0, +) }
    /// The mean wait.
    package var meanWait: Double { Double(totalWait) / Double(size) }
    /// The mean time of a request's own work: its latency if it is returned at once.
    package var meanCompletion: Double { Double(busy) / Double(size) }
    /// Requests in a unit of time, batch after batch of this kind.
    package var throughput: Double { Double(size) / Double(makespan) }
    /// Requests in a unit of time when a waiting request takes every slot as it falls free, if
    /// slots are as quick as before.
    package var continuousThroughput: Double { Double(size) / meanCompletion }
    /// How many times as many that is.
    package var gain: Double { continuousThroughput / throughput }
}
