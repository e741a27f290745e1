import Tensors

extension HyperParameters {
    /// How many experts a model has, and how many a token chooses; nil without experts.
    func experts() throws(ModelError) -> (count: Int, chosen: Int)? {
        let count = try expertCount(in: 0...ModelLimits.maximumExperts)
        return count == 0 ? nil : (count, try integer("expert_used_count", in: 1...count))
    }

    /// Refuses a model of experts: its architecture knows none.
    func refuseExperts() throws(ModelError) {
        guard try expertCount(in: 0...Int(Int32.max)) == 0 else {
            throw ModelError(
                .unsupportedFeature, subject: key("expert_count"),
                "mixtures of experts are not supported in this architecture; use a dense model")
        }
    }

    private func expertCount(in range: ClosedRange<Int>) throws(ModelError) -> Int {
        try optionalInteger("expert_count", in: range) ?? 0
    }

    /// How a router chooses and weighs experts, where the file says it; `usual` is what scores are
    /// where it does not.
    func router(
        _ count: Int, chosen: Int, scores usual: RouterRule.Scores
    ) throws(ModelError) -> RouterRule {
        let scores: [RouterRule.Scores] = [usual, .softmax, .sigmoid, .softmaxOfChosen]
        let kind = try optionalInteger("expert_gating_func", in: 0...scores.count - 1) ?? 0
        var rule = RouterRule(experts: count, chosen: chosen, scores: scores[kind])
        rule.normalises = try optionalFlag("expert_weights_norm") ?? false
        if let scale = try optionalFactor("expert_weights_scale") { rule.scale = Float(scale) }
        let groups = try optionalInteger("expert_group_count", in: 0...count) ?? 0
        guard groups > 1 else {
            _ = try optionalInteger("expert_group_used_count", in: 0...max(groups, 1))
            return rule
        }
        rule.groups = groups
        rule.chosenGroups = try integer("expert_group_used_count", in: 1...groups)
        guard count.isMultiple(of: groups), chosen <= count / groups * rule.chosenGroups else {
            throw ModelError(
                .invalidParameter, subject: key("expert_group_count"),
                "is \(groups), into which \(count) experts cannot be divided so that a token has "
                    + "\(chosen) of \(rule.chosenGroups); " + Self.convertAnew)
        }
        return rule
    }

    /// Passes over layers after the last one that computes the next token: they guess what comes
    /// after it, which changes no answer. How many they are.
    func guessingLayers(of layers: Int) throws(ModelError) -> Int {
        let count = try optionalInteger("nextn_predict_layers", in: 0...layers - 1) ?? 0
        for layer in layers - count..<layers { log.noteLayer(layer, of: source) }
        return count
    }

    /// A width of experts, which a file need not have.
    func expertWidth(_ name: String) throws(ModelError) -> Int? {
        try optionalInteger(name, in: 1...ModelLimits.maximumWidth)
    }
}
