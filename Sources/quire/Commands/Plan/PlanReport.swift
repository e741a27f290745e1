import KVCache
import Planning

/// What `quire plan` writes.
struct PlanReport {
    /// The plan.
    let plan: ServingPlan
    /// The engine's own sum, for a model that is here and this machine.
    let here: MemoryReport?
    /// Whether a person chose the context.
    let isContextGiven: Bool
    /// What a person said of lengths.
    let lengths: String?

    init(_ plan: ServingPlan, here: MemoryReport? = nil, command: PlanModelCommand) {
        self.plan = plan
        self.here = here
        isContextGiven = command.serving.context != nil
        lengths = command.serving.lengths
    }

    /// What is taken for granted: the context, above all.
    var assumptions: String {
        let request = plan.request
        let own = request.shape.contextLength
        let whose =
            isContextGiven
            ? "as asked for"
            : (request.context < own
                ? "what the memory here holds; the model's own is \(Sizes.grouped(own))"
                : "the model's own") + "; --context sets another"
        let held =
            lengths.map { "running sequences hold \(Self.tokens(meanTokens)) (--lengths \($0))" }
            ?? "every running sequence holds all of it; --lengths says otherwise"
        return """
            Context \(Sizes.grouped(request.context)) tokens (\(whose)); \(held). Keys and values \
            \(request.dtype.rawValue), blocks of \(request.blockSize) tokens, steps of at most \
            \(Sizes.grouped(request.stepTokens)).
            """
    }

    /// Tokens that a running sequence holds on average.
    var meanTokens: Double {
        (plan.request.lengths ?? .fixed(plan.request.context)).meanTokens
    }

    private static func tokens(_ mean: Double) -> String {
        let tenths = Int((mean * 10).rounded())
        let number = Sizes.grouped(tenths / 10)
        return (tenths % 10 == 0 ? number : "\(number).\(tenths % 10)") + " tokens"
    }
}
