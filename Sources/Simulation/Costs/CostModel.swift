/// What the steps of a machine and a model take.
///
/// Times are seconds of the machine that is simulated. A cost model is a pure function: equal work
/// takes equal time.
package protocol CostModel: Sendable {
    /// What it is called in results.
    var name: String { get }

    /// The time from the start of a step to its logits.
    func seconds(_ work: borrowing StepWork) -> Double

    /// The time between such a step's logits and the start of the next step: sampling, texts,
    /// streams, bookkeeping, and the next plan.
    func hostSeconds(_ work: borrowing StepWork) -> Double

    /// The time from a request's arrival to the queue: reading it and making tokens of its text.
    func arrivalSeconds(promptTokens: Int) -> Double

    /// The time from a token to whoever reads it.
    var deliverySeconds: Double { get }
}
