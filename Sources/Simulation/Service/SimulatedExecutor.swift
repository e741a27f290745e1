import KVCache
import QuireIdentifiers
package import Scheduling

/// A model that computes nothing: a step takes the time that a cost model says it would, and every
/// answer is as long as it is asked to be.
///
/// It keeps no pages. What it is given to move costs the time of moving it.
package final class SimulatedExecutor: Executor {
    /// Every number of 32 bits is a token.
    package var vocabularySize: Int { SimulatedTokens.vocabularySize }

    /// It has no pages to find.
    package var readsBlockTables: Bool { false }

    /// Tokens that one step may have.
    package let maxStepTokens: Int

    /// Outputs that one step may have.
    package let maxStepOutputs: Int

    /// What the last step had to compute.
    package private(set) var work = StepWork()

    /// Steps so far.
    package private(set) var steps = 0

    /// Nanoseconds that all steps have taken together.
    package private(set) var busy: Int64 = 0

    private let clock: VirtualClock
    private let costs: any CostModel
    private let meter: TokenMeter
    private let window: Int?
    /// Is told of every step too; nil: nobody.
    var tenants: TenantMeter?
    private var answers: [UInt32] = []

    /// An executor whose steps move a clock on.
    ///
    /// - Parameters:
    ///   - clock: what is moved.
    ///   - costs: by how much.
    ///   - meter: is told of every token.
    ///   - window: how many positions layers with a window see; nil: there are none.
    ///   - maxStepTokens: tokens that one step may have.
    ///   - maxStepOutputs: outputs that one step may have.
    package init(
        clock: VirtualClock, costs: any CostModel, meter: TokenMeter, window: Int? = nil,
        maxStepTokens: Int, maxStepOutputs: Int
    ) {
        self.clock = clock
        self.costs = costs
        self.meter = meter
        self.window = window
        self.maxStepTokens = maxStepTokens
        self.maxStepOutputs = maxStepOutputs
    }

    /// Lets the time of a step pass.
    package func execute(_ plan: borrowing StepPlan) throws {
        // Own copies: fields of an object are guarded at every access.
        var work = StepWork()
        var answers: [UInt32] = []
        swap(&answers, &self.answers)
        answers.removeAll(keepingCapacity: true)
        let rows = plan.rows.span
        for index in rows.indices {
            work.add(rows[index], window: window)
            let row = rows[index]
            guard row.outputLength > 0 else { continue }
            answers.append(SimulatedTokens.answer(row.sequence.rawValue, at: row.contextLength))
        }
        swap(&answers, &self.answers)
        work.transfers = plan.transfers.count
        self.work = work
        let time = nanoseconds(costs.seconds(work))
        clock.advance(by: time)
        busy += time
        steps += 1
        meter.note(plan, at: clock.nanoseconds)
        tenants?.note(plan, at: clock.nanoseconds)
    }

    /// There are none: who takes the likeliest token needs no more than the peak.
    @_lifetime(borrow self)
    package func logits(_ index: Int) -> Span<Float> { Span() }

    /// The token that the model wants at an output of the last step.
    package func peak(_ index: Int) -> LogitPeak? {
        LogitPeak(token: Int(answers[index]), logit: 1)
    }
}

/// A time in whole nanoseconds, which is what a simulation counts in: sums are exact in any order.
func nanoseconds(_ seconds: Double) -> Int64 {
    precondition(seconds >= 0 && seconds < 9e9, "a step of \(seconds) seconds")
    return Int64((seconds * 1e9).rounded())
}
