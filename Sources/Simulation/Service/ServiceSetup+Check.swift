import KVCache
import Scheduling

extension ServiceSetup {
    /// The most that a step computes: every place has a token, a prompt the rest, and all that the
    /// cache holds is attended to.
    private var fullStep: StepWork {
        var work = StepWork()
        work.rows = scheduling.maxRunning
        work.tokens = scheduling.maxStepTokens
        work.decodes = min(scheduling.maxRunning, scheduling.maxStepTokens)
        work.outputs = scheduling.maxStepOutputs
        let held = layout.capacity * layout.blockSize
        work.decodeContext = held
        let chunk = min(scheduling.maxChunk, layout.maxModelLength)
        work.prefillPairs = chunk * min(layout.maxModelLength, held)
        return work
    }

    /// Refuses costs of which a step takes longer than anything that is built.
    ///
    /// - Throws: `ServiceError` with the time.
    func checkFullStep() throws(ServiceError) {
        let seconds = max(
            costs.seconds(fullStep), costs.hostSeconds(fullStep),
            costs.arrivalSeconds(promptTokens: layout.maxModelLength), costs.deliverySeconds)
        guard seconds <= ServiceLimits.stepSeconds else {
            throw ServiceError(
                "with these costs a full step takes \(seconds) s; at most "
                    + "\(ServiceLimits.stepSeconds) s are simulated. Look at the costs, or make "
                    + "the batch, the chunk and the cache smaller")
        }
    }
}
