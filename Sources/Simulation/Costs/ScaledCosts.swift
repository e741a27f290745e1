/// Another cost model's steps and host, `factor` times as long: how much a result depends on an
/// error of the costs.
package struct ScaledCosts: CostModel {
    private let costs: any CostModel
    private let factor: Double

    /// Costs times a factor above 0.
    package init(_ costs: any CostModel, factor: Double) {
        precondition(factor > 0, "steps take time")
        self.costs = costs
        self.factor = factor
    }

    /// As the other.
    package var name: String { costs.name }

    /// A multiple of the other's.
    package func seconds(_ work: borrowing StepWork) -> Double { factor * costs.seconds(work) }

    /// A multiple of the other's.
    package func hostSeconds(_ work: borrowing StepWork) -> Double {
        factor * costs.hostSeconds(work)
    }

    /// As the other.
    package func arrivalSeconds(promptTokens: Int) -> Double {
        costs.arrivalSeconds(promptTokens: promptTokens)
    }

    /// As the other.
    package var deliverySeconds: Double { costs.deliverySeconds }
}
