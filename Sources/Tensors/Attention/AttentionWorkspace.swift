internal import CKernels

/// The scratch memory of attention: made once for the largest layer, one part per thread.
package final class AttentionWorkspace: Sendable {
    /// The query rows of a work item: enough to share the conversion of keys and values, few
    /// enough to keep them and a tile in the nearest caches.
    static let rowsPerItem = 32

    /// The threads that it has scratch for.
    package let threads: Int

    let memory: FloatMatrix

    /// What items that share a row's context leave behind for the last of them to merge.
    let states: FloatMatrix

    /// The plan of calls that bring none.
    let plan: AttentionPlan

    /// Scratch for layers of at most `group` query heads per KV head, of at most `headDim`
    /// elements. Throws `outOfMemory`.
    package init(threads: Int, headDim: Int, group: Int) throws(TensorError) {
        let rows = max(Self.rowsPerItem, group)
        self.threads = threads
        memory = try FloatMatrix(rows: threads, columns: Self.floats(headDim, rows: rows))
        states = try FloatMatrix(rows: 1, columns: TensorLimits.attentionStateFloats)
        plan = try AttentionPlan()
    }

    /// The bytes that such scratch takes.
    package static func byteCount(threads: Int, headDim: Int, group: Int) -> Int {
        let perThread = floats(headDim, rows: max(rowsPerItem, group))
        return 4 * (threads * perThread + TensorLimits.attentionStateFloats)
    }

    /// The workspace's own plan, made for a call.
    func planned(
        _ rows: [AttentionRow], _ parameters: AttentionParameters, _ placement: KVPlacement,
        threads: Int
    ) -> AttentionPlan {
        plan.make(
            rows, parameters: parameters, kvHeads: placement.kvHeads, headDim: placement.headDim,
            threads: threads)
        return plan
    }

    static func floats(_ headDim: Int, rows: Int) -> Int {
        qk_attention_scratch(headDim, rows)
    }
}
