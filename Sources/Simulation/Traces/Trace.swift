/// Requests with the times at which they came: what a simulation replays.
package struct Trace: Hashable, Sendable {
    /// What it is called in results: a file's name, or the words of a workload.
    package var name: String

    /// The requests, in the order of the file; `inOrderOfArrival` sorts them.
    package var requests: [TraceRequest]

    /// Tokens that each of the requests' block ids stands for; nil: there are none.
    package var tokensPerBlock: Int?

    /// Whether all its times can be counted in nanoseconds, with room for what is served after.
    package var isCountable: Bool {
        requests.allSatisfy { $0.arrival <= .seconds(SimulationLimits.traceSeconds) }
    }

    /// A trace.
    package init(name: String, requests: [TraceRequest], tokensPerBlock: Int? = nil) {
        self.name = name
        self.requests = requests
        self.tokensPerBlock = tokensPerBlock
    }
}

/// A request of a trace: when it came, and how long its prompt and its answer were.
package struct TraceRequest: Hashable, Sendable {
    /// When it came, from the start of the trace.
    package var arrival: Duration

    /// Tokens of the prompt.
    package var promptTokens: Int

    /// Tokens of the answer.
    package var outputTokens: Int

    /// Who asked; nil where the trace does not say.
    package var tenant: String?

    /// The ids of the prompt's blocks, from its head: equal ids are equal tokens with equal tokens
    /// before them. Empty where the trace has none.
    package var blocks: [UInt64]

    /// A request.
    package init(
        arrival: Duration = .zero, promptTokens: Int, outputTokens: Int, tenant: String? = nil,
        blocks: [UInt64] = []
    ) {
        self.arrival = arrival
        self.promptTokens = promptTokens
        self.outputTokens = outputTokens
        self.tenant = tenant
        self.blocks = blocks
    }
}
