internal import CKernels

/// Attention as it was before flash attention: measured beside the paged kernel, and nothing else
/// uses it.
package enum AttentionBaseline: Hashable, Sendable {
    /// All scores at once: a matrix of tokens x tokens, one for each thread.
    case standard
    /// Chunks of so many queries and keys, with running maxima and sums (Rabe and Staats 2021).
    case memoryEfficient(chunk: Int)

    /// Bytes of scratch that a thread needs.
    package func scratchBytes(tokens: Int, headDim: Int) -> Int {
        switch self {
        case .standard: 4 * qk_standard_scratch(tokens, headDim)
        case .memoryEfficient(let chunk):
            4 * qk_memory_efficient_scratch(min(chunk, max(tokens, 1)), headDim)
        }
    }
}

/// Queries, keys and values of one sequence side by side, as a projection leaves them.
package struct AttentionInput {
    /// [tokens, (heads + 2 * kvHeads) * headDim]: queries, keys, values.
    package let matrix: FloatMatrix
    /// Query heads.
    package let heads: Int
    /// Heads of keys and values.
    package let kvHeads: Int
    /// Elements of a head.
    package let headDim: Int
    /// The column of the first query head.
    package let column: Int

    /// Describes rows of a matrix from a column on.
    package init(
        _ matrix: FloatMatrix, column: Int = 0, heads: Int, kvHeads: Int, headDim: Int
    ) {
        precondition(kvHeads > 0 && heads % kvHeads == 0 && headDim > 0 && column >= 0)
        precondition(column + (heads + 2 * kvHeads) * headDim <= matrix.columns)
        self.matrix = matrix
        self.column = column
        self.heads = heads
        self.kvHeads = kvHeads
        self.headDim = headDim
    }

    /// The column where the keys begin.
    package var keyColumn: Int { column + heads * headDim }
    /// The column where the values begin.
    package var valueColumn: Int { keyColumn + kvHeads * headDim }
}

extension Compute {
    /// Causal attention of a whole sequence by a baseline, in parallel over the query heads.
    ///
    /// - Parameters:
    ///   - scratch: a row for each thread, of `scratchBytes / 4` floats.
    ///   - out: [tokens, heads * headDim]
    package func attention(
        _ baseline: AttentionBaseline, _ input: AttentionInput, scale: Float,
        scratch: FloatMatrix, into out: FloatMatrix
    ) {
        let x = input.matrix
        let d = input.headDim
        precondition(out.rows >= x.rows && out.columns >= input.heads * d)
        precondition(scratch.rows >= pool.threads)
        precondition(
            4 * scratch.columns >= baseline.scratchBytes(tokens: x.rows, headDim: d))
        guard x.rows > 0 else { return }
        let baselines = unsafe table.c.pointee.baselines
        pool.run(tasks: input.heads) { head, worker in
            let kvHead = head / (input.heads / input.kvHeads)
            var work = unsafe qk_baseline(
                q: x.pointer(0, input.column + head * d),
                k: x.pointer(0, input.keyColumn + kvHead * d),
                v: x.pointer(0, input.valueColumn + kvHead * d),
                out: out.pointer(0, head * d), q_stride: x.stride, kv_stride: x.stride,
                out_stride: out.stride, tokens: x.rows, head_dim: d, scale: scale, chunk: 0,
                scratch: scratch.pointer(worker))
            switch baseline {
            case .standard: unsafe baselines.standard(&work)
            case .memoryEfficient(let chunk):
                unsafe work.chunk = min(chunk, x.rows)
                unsafe baselines.memory_efficient(&work)
            }
        }
    }
}

extension AttentionWorkspace {
    /// The bytes of scratch, of all threads together.
    package var bytes: Int { 4 * (memory.rows * memory.stride + states.rows * states.stride) }
}
