/// What a model takes of a machine and what the machine can give at most: every sum of `quire
/// plan`. A part that needs what is not known is nil, and a note says what to give.
package struct ServingPlan: Hashable, Sendable {
    /// What was asked for.
    package let request: PlanRequest
    /// Bytes of weights that a token reads when it is decoded alone: without the embedding's other
    /// rows and the experts it is not routed to; nil: not known.
    package let weightBytesRead: Int?
    /// Keys and values.
    package let keyValues: KeyValueCost
    /// Activations as a step really needs them; nil: dimensions are missing.
    package let activations: WorkingSet?
    /// Activations by the textbook's formula, for the whole context; nil: the width is missing.
    package let textbookActivations: Int?
    /// What is left for keys and values, and how much that holds; nil: no machine.
    package let fit: Fit?
    /// The same if every sequence held so many tokens: the context, a half, a quarter, an eighth.
    package let fitByTokens: [Fit]
    /// The roofline that the bounds of speed are from; nil: not known, or refused (see the notes).
    package let roofline: Roofline?
    /// Bounds of speed; nil: as the roofline.
    package let speed: Speed?
    /// When moving a sequence out and back is quicker than computing it again; nil: not known.
    package let swap: Swap?
    /// What it costs; nil: no price.
    package let cost: Cost?
    /// What a reader should know: what was assumed, and what was left out and why.
    package let notes: [String]

    /// Bounds of speed.
    package struct Speed: Hashable, Sendable {
        /// Operations a byte at which reading and computing take equally long.
        package let ridge: Double
        /// Tokens of a decoding sequence.
        package let context: Int
        /// A prompt of the whole context, alone.
        package let prefill: Roofline.Point
        /// Decodes of one sequence, and of as many as fit.
        package let decodes: [Roofline.Point]
        /// Sequences from which on decoding is bound by compute; nil: never.
        package let turningBatch: Int?
    }

    /// Moving against computing again.
    package struct Swap: Hashable, Sendable {
        /// Tokens of the sequence.
        package let tokens: Int
        /// Bytes of it, one way.
        package let bytes: Int
        /// Seconds out and back.
        package let swapSeconds: Double
        /// Seconds to compute it again, at least.
        package let recomputeSeconds: Double
        /// Bytes a second of a link at which both are equal.
        package let breakEvenLink: Double
        /// The lengths for which one or the other is quicker.
        package let stretches: [SwapOrRecompute.Stretch]
    }

    /// What it costs.
    package struct Cost: Hashable, Sendable {
        /// All devices, a day.
        package let perDay: Double
        /// A million tokens; nil: no speed is known.
        package let perMillionTokens: Double?
        /// Tokens a second that this was computed with.
        package let tokensPerSecond: Double?
        /// Whether they were measured; else they are the bound, and the cost is the least.
        package let isMeasured: Bool
    }

    /// Computes a plan.
    ///
    /// - Throws: `PlanningError` for numbers that contradict each other, `KVCacheError` for
    ///   dimensions that no cache can have.
    package init(_ request: PlanRequest) throws {
        try request.check()
        var notes = request.notes + request.contextNotes
        self.request = request
        weightBytesRead =
            request.hasAllDimensions
            ? request.weights.map {
                Int(
                    (request.shape.parametersRead(batch: 1) * $0.bytesPerParameter).rounded())
            } : nil
        keyValues = KeyValueCost(
            request.shape, dtype: request.dtype, context: request.context,
            chunk: request.stepTokens)
        activations =
            request.hasAllDimensions
            ? request.shape.workingSet(tokens: request.stepTokens, outputs: request.stepOutputs)
            : nil
        textbookActivations =
            request.shape.hidden > 0
            ? Textbook.activationBytes(
                layers: request.shape.layers.count, tokens: request.context,
                width: request.shape.hidden, elementBytes: 2) : nil
        let scratch = keyValues.scratchBytes
        let beside = (request.weights?.bytes ?? 0) + (activations?.bytes ?? 0) + scratch
        let (fit, byTokens) = try request.fits(beside: beside)
        self.fit = fit
        fitByTokens = byTokens
        let roofline = request.roofline(beside: beside, fit: fit, &notes)
        self.roofline = roofline
        speed = roofline.flatMap { roofline in fit.map { request.speed(roofline, fit: $0) } }
        swap = roofline.flatMap { request.swap($0, &notes) }
        cost = request.cost(speed, fit: fit, &notes)
        notes += request.machineNotes(fit, beside: beside)
        self.notes = notes
    }
}
