package import KVCache

/// What runs a step: a model on some device.
///
/// The wall between the control plane and the arithmetic: `Scheduling` says what an executor is,
/// `Models` has one for the CPU, tests have one that hashes the token history. An executor keeps
/// the bytes of the KV arena and nothing else from step to step: a sequence's whole state is in
/// its blocks.
///
/// Not `Sendable`: one owner calls it, one call at a time.
package protocol Executor: AnyObject {
    /// Entries of a row of logits.
    var vocabularySize: Int { get }

    /// Tokens that one step may have.
    var maxStepTokens: Int { get }

    /// Outputs that one step may have. Logits of a large vocabulary are a megabyte a position, so
    /// the buffer for them is small and scoring a long text takes many steps.
    var maxStepOutputs: Int { get }

    /// Whether it reads the plan's block tables. One that does not is spared their making.
    var readsBlockTables: Bool { get }

    /// Moves the plan's pages, in order, then computes the step: writes keys and values into the
    /// plan's blocks and makes the logits of the plan's outputs.
    ///
    /// - Parameter plan: at most `maxStepTokens` tokens and `maxStepOutputs` outputs, every
    ///   position's entry in every table allocated unless it is out of the group's window.
    /// - Throws: when the device fails. The step then had no effect that a later step may rely on.
    func execute(_ plan: borrowing StepPlan) throws

    /// The logits of output `index` of the last step: `vocabularySize` numbers, valid until the
    /// next `execute`.
    @_lifetime(borrow self)
    func logits(_ index: Int) -> Span<Float>

    /// The largest of the logits of output `index` of the last step; nil when the executor does
    /// not know it without reading them all.
    func peak(_ index: Int) -> LogitPeak?

    /// Begins work of the file tier, which goes on beside the steps.
    ///
    /// A slot that an operation names is not touched by transfers until its completion.
    func start(_ operations: [TierOperation])

    /// The work of the file tier that has ended since the last call.
    ///
    /// - Parameter waiting: whether to wait for one when none has ended and any is under way.
    func takeCompletions(waiting: Bool) -> [TierCompletion]

    /// What has gone wrong with the file tier since the last call, in words for a person.
    func takeWarnings() -> [String]

    /// Bytes of pages that it moves in a second, as far as it has measured that.
    var copyBandwidth: Double? { get }
}

/// The largest of a row of logits.
package struct LogitPeak: Hashable, Sendable {
    /// The first token that has it; any where a logit is NaN.
    package var token: Int

    /// The logit: NaN where any is NaN.
    package var logit: Float

    /// A peak.
    package init(token: Int, logit: Float) {
        self.token = token
        self.logit = logit
    }
}

extension Executor {
    /// It does.
    package var readsBlockTables: Bool { true }

    /// It is not known.
    package func peak(_ index: Int) -> LogitPeak? { nil }

    /// There is no file tier.
    package func start(_ operations: [TierOperation]) {
        precondition(operations.isEmpty, "work for a file tier that is not there")
    }

    /// There is no file tier.
    package func takeCompletions(waiting: Bool) -> [TierCompletion] { [] }

    /// There is no file tier.
    package func takeWarnings() -> [String] { [] }

    /// Nothing was measured.
    package var copyBandwidth: Double? { nil }
}
