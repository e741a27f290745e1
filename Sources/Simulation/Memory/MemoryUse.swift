/// What memory held while requests waited, and what it cost.
///
/// Sums over the steps in which somebody still waits after admission; divided by `saturatedSteps`
/// and the capacity they are the paper's percentages. For every step
/// `tokens + reserved + internal + external` is the capacity.
package struct MemoryUse: Hashable, Sendable {
    /// All slots.
    package let capacity: Int
    /// Steps until everything was answered.
    package var steps = 0
    /// Those in which somebody waited.
    package var saturatedSteps = 0
    /// Slots that hold a token.
    package var tokens = 0
    /// Slots that a request holds and will use later.
    package var reserved = 0
    /// Slots that a request holds and never will use: internal fragmentation.
    package var internalWaste = 0
    /// Those of them that only the allocator's rounding has taken. The paper's figure has them
    /// among "external and others".
    package var rounding = 0
    /// Slots that nobody holds: external fragmentation, and what is kept back.
    package var external = 0
    /// Slots that sharing saves: those of shared tokens, for every running request but one.
    package var saved = 0
    /// Running requests.
    package var running = 0
    /// Most running requests at once, in any step.
    package var mostRunning = 0
    /// How often a request lost its slots to an earlier one, in all steps.
    package var preemptions = 0
    /// Tokens that were copied to other slots, in all steps.
    package var copiedTokens = 0
    /// Tokens generated, in all steps.
    package var generatedTokens = 0

    /// Nothing yet.
    package init(capacity: Int) {
        self.capacity = capacity
    }

    /// A sum as a share of the capacity, averaged over the steps; 0 where nobody ever waited.
    package func share(_ sum: Int) -> Double {
        saturatedSteps == 0 ? 0 : Double(sum) / Double(saturatedSteps) / Double(capacity)
    }

    /// Requests that run at once, averaged over the steps; 0 where nobody ever waited.
    package var meanBatch: Double {
        saturatedSteps == 0 ? 0 : Double(running) / Double(saturatedSteps)
    }

    /// Copies of a token for every token generated.
    package var copiesPerToken: Double {
        generatedTokens == 0 ? 0 : Double(copiedTokens) / Double(generatedTokens)
    }
}
