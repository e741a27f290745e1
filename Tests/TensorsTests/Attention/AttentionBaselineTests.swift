import Foundation
import TestSupport
import Testing

@testable import Tensors

/// What the paged kernel is measured against has to be attention too.
struct AttentionBaselineTests {
    private func outputs(
        _ baseline: AttentionBaseline, _ work: PagedRequests, _ inputs: FloatMatrix,
        _ kernel: KernelCase
    ) throws -> FloatMatrix {
        let input = AttentionInput(
            inputs, column: 3, heads: work.heads, kvHeads: work.kvHeads, headDim: work.headDim)
        let bytes = baseline.scratchBytes(tokens: work.tokens, headDim: work.headDim)
        let scratch = try FloatMatrix.filled(rows: 2, columns: bytes / 4, with: .nan)
        let out = try FloatMatrix.filled(rows: work.tokens, columns: work.width, with: .nan)
        try kernel.compute().attention(
            baseline, input, scale: work.scale, scratch: scratch, into: out)
        return out
    }

    @Test(arguments: [1, 31, 130], [(4, 2, 64), (3, 1, 40), (1, 1, 33)])
    func `both forms are attention by its definition`(
        _ tokens: Int, _ shape: (heads: Int, kv: Int, dim: Int)
    ) throws {
        let work = PagedRequests(
            heads: shape.heads, kvHeads: shape.kv, headDim: shape.dim, element: .f32,
            contexts: [tokens], seed: 21)
        let inputs = try work.inputs()
        let exact = try #require(Compute(pool: WorkerPool(threads: 1), level: .scalar))
        // The oracle is slow: once for all levels and forms.
        let oracle = work.oracle(inputs, every: 13, rounding: exact)
        for kernel in KernelCase.all {
            for baseline in [
                .standard, .memoryEfficient(chunk: 1), .memoryEfficient(chunk: 50),
                .memoryEfficient(chunk: 1000),
            ] as [AttentionBaseline] {
                let out = try outputs(baseline, work, inputs, kernel)
                var worst = 0.0
                for (token, wanted) in oracle {
                    for (value, wanted) in zip(out.array(token), wanted) {
                        let error = abs(Double(value) - wanted)
                        // Not max(): it would lose a NaN.
                        if !(error <= worst) { worst = error }
                    }
                }
                #expect(worst < 1e-5, "\(kernel.testDescription) \(baseline)")
            }
        }
    }

    @Test func `scratch grows with the square of the tokens, or of the chunk`() {
        let short = AttentionBaseline.standard.scratchBytes(tokens: 1000, headDim: 64)
        let long = AttentionBaseline.standard.scratchBytes(tokens: 2000, headDim: 64)
        #expect(long > 3 * short && short >= 4 * 1000 * 1000)
        let chunked = AttentionBaseline.memoryEfficient(chunk: 128)
        #expect(
            chunked.scratchBytes(tokens: 1000, headDim: 64)
                == chunked.scratchBytes(tokens: 9000, headDim: 64))
    }
}
