package import KVCache

/// Requests that all begin with the same tokens: a system prompt before what each of them asks.
package struct SharedPrefix: Hashable, Sendable {
    /// Tokens that all begin with.
    package let tokens: Int

    /// A prefix.
    package init(tokens: Int) {
        precondition(tokens >= 0, "a prefix of a negative length")
        self.tokens = tokens
    }

    /// The requests with the prefix before their prompts, without those that are too long then.
    package func before(_ requests: [LengthSample], longest: Int) -> [LengthSample] {
        requests.compactMap { request in
            guard request.prompt + request.output <= longest - tokens else { return nil }
            return LengthSample(prompt: tokens + request.prompt, output: request.output)
        }
    }

    /// Runs requests (which `before` has lengthened) in blocks, the full blocks of the prefix held
    /// once.
    ///
    /// `tokens` of the result counts those full blocks once, and `saved` is what the other requests
    /// would hold of them.
    ///
    /// - Throws: `MemorySimulationError` when it cannot run them.
    package func run(
        _ requests: [LengthSample], blockSize: Int, in simulation: MemorySimulation
    ) throws(MemorySimulationError) -> MemoryRun {
        guard tokens < simulation.longest, (1...simulation.capacity).contains(blockSize) else {
            throw .settings(
                "a prefix of \(tokens) tokens in sequences of \(simulation.longest), in blocks of "
                    + "\(blockSize)")
        }
        let slots: PagedSlots
        do throws(KVCacheError) {
            slots = try PagedSlots(
                capacity: simulation.capacity, blockSize: blockSize, longest: simulation.longest,
                prefixTokens: tokens)
        } catch {
            throw .settings("\(error)")
        }
        return try simulation.run(slots, requests)
    }
}
