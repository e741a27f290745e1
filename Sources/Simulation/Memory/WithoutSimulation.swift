package import KVCache

/// What a formula says of use of memory, to hold the simulation against.
package enum WithoutSimulation {
    /// The share of the slots that hold tokens when every request reserves the longest sequence.
    ///
    /// The cache always runs as many requests as it has chunks. A request is met at a random moment
    /// with a chance that grows with its answer, and then holds its prompt and, on average, half of
    /// its answer: E[I O] / E[O] + E[O^2] / (2 E[O]) - 1/2 tokens.
    ///
    /// - Parameter requests: at least one.
    package static func shareOfMax(
        _ requests: [LengthSample], capacity: Int, longest: Int
    ) -> Double {
        precondition(!requests.isEmpty, "no request")
        var outputs = 0.0
        var products = 0.0
        var squares = 0.0
        for request in requests {
            let output = Double(request.output)
            outputs += output
            products += Double(request.prompt) * output
            squares += output * output
        }
        let held = products / outputs + squares / (2 * outputs) - 0.5
        let chunks = BuddyAllocator(capacity: capacity).count(of: longest)
        return Double(chunks) * held / Double(capacity)
    }
}
