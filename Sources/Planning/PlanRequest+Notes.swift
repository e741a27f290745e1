import KVCache

extension PlanRequest {
    /// What the model keeps, and of what.
    var contextNotes: [String] {
        var notes: [String] = []
        let windows = shape.layers.compactMap { layer -> Int? in
            guard case .slidingWindow(let window) = layer.span else { return nil }
            return window
        }
        if let largest = windows.max() {
            notes.append(
                "\(windows.count) of \(shape.layers.count) layers see a window of "
                    + "\(Numbers.grouped(largest)) "
                    + "tokens: they keep that and one step at most "
                    + "(\(Numbers.grouped(stepTokens)) tokens)"
            )
        }
        if shape.layers.contains(where: { $0.attention.kind == "MLA" }) {
            notes.append(
                "latent attention keeps one vector a layer and token, of the latent rank and the "
                    + "key's rotary part (RoPE), for all heads together")
        }
        if let experts = shape.layers.lazy.map(\.feedForward).first(where: { $0.expertCount > 0 }) {
            notes.append(
                "all \(experts.expertCount) experts of a layer are resident; each token is routed "
                    + "to \(experts.expertsUsed), and a step reads each that any of its tokens "
                    + "meets (taken as uniform)")
        }
        if context > shape.contextLength, shape.contextLength > 0 {
            notes.append(
                "the model was made for \(Numbers.grouped(shape.contextLength)) tokens; its "
                    + "answers beyond that are its own")
        }
        return notes
    }

    /// What does not fit, and what a sum of devices is.
    func machineNotes(_ fit: Fit?, beside: Int) -> [String] {
        guard let device, let fit else { return [] }
        var notes: [String] = []
        if devices > 1 {
            notes.append(
                "the memory of \(devices) devices is only a sum; to run one copy of the model in "
                    + "it takes tensor parallelism, which Quire does not have yet")
        }
        if weights == nil {
            notes.append(
                "weights are not known and not counted: give --params, or --hidden, --ffn and "
                    + "--vocab")
        }
        let memory = devices * device.memoryBytes - reserveBytes
        if roomBytes == nil, beside > memory {
            notes.append(
                "the model does not fit: beside keys and values it takes "
                    + "\(Numbers.both(beside)), and \(Numbers.both(memory)) are there; take more "
                    + "memory, or weights of fewer bits")
        } else if fit.reserved == 0 {
            notes.append(
                fit.longestContext > 0
                    ? "not one sequence of \(context) tokens fits; --context "
                        + "\(fit.longestContext) would"
                    : "not one token's keys and values fit beside the model")
        }
        return notes
    }
}
