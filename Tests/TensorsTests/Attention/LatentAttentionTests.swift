import TestSupport
import Testing

@testable import Tensors

/// Attention over latent vectors, which are kept once, is attention over keys of which the first
/// elements are values too.
struct LatentAttentionTests {
    /// A request's queries over one key a token.
    private struct Work {
        var heads = 5
        var headDim = 72
        var latentDim: Int? = 40
        var element = KVElement.f16
        var blockSize = 16
        var chunk = Int.max
        var threads = 1
        var context = 700

        /// The outputs, [tokens][heads * valueDim].
        func run(_ level: ISALevel) throws -> [[Float]] {
            var generator = SeededGenerator(seed: 11)
            let queries = try FloatMatrix.random(
                rows: context, columns: heads * headDim, using: &generator)
            let keys = try FloatMatrix.random(rows: context, columns: headDim, using: &generator)
            let compute = try #require(
                Compute(pool: WorkerPool(threads: threads), level: level))
            let bytes = (latentDim == nil ? 2 : 1) * blockSize * element.slotBytes(headDim)
            let placement = KVPlacement(
                offset: 0, kvHeads: 1, headDim: headDim, blockSize: blockSize,
                latentDim: latentDim)
            let blocks = (context + blockSize - 1) / blockSize
            let arena = try KVArena(pages: blocks + 1, pageBytes: bytes, element: element)
            let table = (1...UInt32(blocks)).shuffled(using: &generator)
            let all = AttentionRow(
                queryStart: 0, queryLength: context, contextLength: context, tableStart: 0)
            compute.writeKV(
                keys: keys, values: keys, rows: [all], blockTable: table, placement: placement,
                arena: arena)
            let workspace = try AttentionWorkspace(
                threads: threads, headDim: headDim, group: heads)
            let out = try FloatMatrix(rows: context, columns: heads * placement.valueDim)
            for start in stride(from: 0, to: context, by: min(chunk, context)) {
                let count = min(chunk, context - start)
                compute.attention(
                    queries,
                    rows: [
                        AttentionRow(
                            queryStart: start, queryLength: count, contextLength: start + count,
                            tableStart: 0)
                    ], blockTable: table,
                    parameters: AttentionParameters(heads: heads, scale: 0.3),
                    placement: placement, arena: arena, workspace: workspace, into: out)
            }
            return (0..<context).map { out.array($0) }
        }
    }

    private static let levels = [ISALevel.scalar] + ISALevel.others

    @Test(arguments: levels, [KVElement.f16, .f32, .bf16])
    func `its bits are those of keys and values that are kept apart`(
        _ level: ISALevel, _ element: KVElement
    ) throws {
        for (headDim, latentDim) in [(72, 40), (56, 40), (576, 512), (30, 25)] {
            // bf16 keys of whole runs of 32 are multiplied in pairs, and latent vectors are not.
            if element == .bf16, headDim % 32 == 0 { continue }
            var work = Work(headDim: headDim, latentDim: latentDim, element: element, context: 90)
            let latent = try work.run(level)
            work.latentDim = nil
            let apart = try work.run(level)
            for (found, wanted) in zip(latent, apart) {
                for head in 0..<work.heads {
                    let kept = wanted[head * headDim..<head * headDim + latentDim]
                    let own = found[head * latentDim..<(head + 1) * latentDim]
                    #expect(bits(Array(own)) == bits(Array(kept)))
                }
            }
        }
    }

    @Test(arguments: levels, [KVElement.f16, .bf16, .f32])
    func `blocks, chunks, threads and levels change no bit`(
        _ level: ISALevel, _ element: KVElement
    ) throws {
        for headDim in [72, 64] {
            var work = Work(headDim: headDim, element: element)
            let wanted = try work.run(.scalar).map(bits)
            for (blockSize, chunk, threads) in [(16, Int.max, 1), (3, 50, 2), (64, 1, 2)] {
                (work.blockSize, work.chunk, work.threads) = (blockSize, chunk, threads)
                #expect(
                    try work.run(level).map(bits) == wanted,
                    "heads of \(headDim), blocks of \(blockSize), chunks of \(chunk)")
            }
        }
    }
}
