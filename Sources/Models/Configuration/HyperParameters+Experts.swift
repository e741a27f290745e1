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

    /// A width of experts, which a file need not have.
    func expertWidth(_ name: String) throws(ModelError) -> Int? {
        try optionalInteger(name, in: 1...ModelLimits.maximumWidth)
    }
}
