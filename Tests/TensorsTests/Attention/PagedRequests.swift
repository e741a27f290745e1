import TestSupport
import Testing

@testable import Tensors

/// Requests with random queries, keys and values, run through paged attention in steps.
struct PagedRequests {
    var heads = 4
    var kvHeads = 2
    var headDim = 32
    var window: Int?
    var isChunked = false
    var softCap: Float?
    var terms = HeadTerms()
    var element = KVElement.f16
    /// The tokens of each request.
    var contexts = [40]
    var seed: UInt64 = 1

    /// How the same work is cut.
    struct Cut: CustomStringConvertible {
        var blockSize = 16
        var chunk = Int.max
        var threads = 1
        /// Threads that each step is planned for; nil: `threads`.
        var planned: Int?

        var description: String {
            "blocks of \(blockSize), chunks of \(chunk), \(threads) threads, planned for "
                + "\(planned ?? threads)"
        }
    }

    var width: Int { heads * headDim }
    var kvWidth: Int { kvHeads * headDim }
    var scale: Float { 1 / Float(headDim).squareRoot() }
    var tokens: Int { contexts.reduce(0, +) }

    var parameters: AttentionParameters {
        AttentionParameters(
            heads: heads, scale: scale, window: window, isChunked: isChunked, softCap: softCap)
    }

    /// [tokens, 3 + width + 2 * kvWidth]: a margin, then queries, keys and values side by side.
    func inputs() throws -> FloatMatrix {
        var generator = SeededGenerator(seed: seed)
        return try FloatMatrix.random(
            rows: tokens, columns: 3 + width + 2 * kvWidth, using: &generator)
    }

    /// The outputs of all tokens, [tokens][width]; checks that nothing else was written.
    func run(_ inputs: FloatMatrix, level: ISALevel, _ cut: Cut = Cut()) throws -> [[Float]] {
        let pool = WorkerPool(threads: cut.threads)
        let compute = try #require(Compute(pool: pool, level: level))
        let cache = try PagedCache(self, blockSize: cut.blockSize, compute)
        let workspace = try AttentionWorkspace(
            threads: cut.threads, headDim: headDim, group: heads / kvHeads)
        let plan = try AttentionPlan()
        var outputs = [[Float]](repeating: [], count: tokens)
        var done = [Int](repeating: 0, count: contexts.count)
        while done != contexts {
            var rows: [AttentionRow] = []
            var origins: [Int] = []
            for (request, context) in contexts.enumerated() where done[request] < context {
                let count = min(cut.chunk, context - done[request])
                rows.append(
                    AttentionRow(
                        queryStart: origins.count, queryLength: count,
                        contextLength: done[request] + count,
                        tableStart: cache.starts[request]))
                let first = contexts[..<request].reduce(0, +) + done[request]
                origins += first..<first + count
                done[request] += count
            }
            let step = try FloatMatrix(rows: origins.count, columns: inputs.columns)
            step.gather(origins.map(Int32.init), of: inputs)
            compute.writeKV(
                keys: step, keyColumn: 3 + width, values: step, valueColumn: 3 + width + kvWidth,
                rows: rows, blockTable: cache.table, placement: cache.placement,
                arena: cache.arena)
            let out = try FloatMatrix.filled(
                rows: origins.count, columns: width + 2, with: level.poison)
            plan.make(
                rows, parameters: parameters, kvHeads: kvHeads, headDim: headDim,
                threads: cut.planned ?? cut.threads)
            compute.attention(
                step, column: 3, rows: rows, blockTable: cache.tableWithoutPast(rows, parameters),
                parameters: parameters, terms: terms, placement: cache.placement,
                arena: cache.arena, workspace: workspace, plan: plan, into: out, outColumn: 1)
            for (row, origin) in origins.enumerated() {
                let floats = out.array(row)
                #expect(floats.first == level.poison && floats.last == level.poison)
                outputs[origin] = Array(floats[1...width])
            }
        }
        return outputs
    }
}

/// Pages of two layers in a shuffled order; every slot of every block holds NaN at first, so that
/// a read of a slot that was not written shows.
struct PagedCache {
    let arena: KVArena
    let placement: KVPlacement
    let table: [UInt32]
    let starts: [Int]

    init(_ work: PagedRequests, blockSize: Int, _ compute: Compute) throws {
        let layerBytes = 2 * work.kvHeads * blockSize * work.element.slotBytes(work.headDim)
        placement = KVPlacement(
            offset: layerBytes, kvHeads: work.kvHeads, headDim: work.headDim,
            blockSize: blockSize)
        var starts: [Int] = []
        var blocks = 0
        for context in work.contexts {
            starts.append(blocks)
            blocks += (context + blockSize - 1) / blockSize
        }
        arena = try KVArena(
            pages: blocks + 1, pageBytes: 2 * layerBytes, layers: 2, stride: layerBytes + 1024,
            element: work.element)
        var generator = SeededGenerator(seed: work.seed)
        self.starts = starts
        table = (1...UInt32(blocks)).shuffled(using: &generator)
        let slots = (blocks + 1) * blockSize
        let nan = try FloatMatrix.filled(rows: slots, columns: work.kvWidth, with: .nan)
        let all = AttentionRow(
            queryStart: 0, queryLength: slots, contextLength: slots, tableStart: 0)
        compute.writeKV(
            keys: nan, values: nan, rows: [all], blockTable: Array(0...UInt32(blocks)),
            placement: placement, arena: arena)
    }

    /// The table with the null block for blocks that lie before every window.
    func tableWithoutPast(
        _ rows: [AttentionRow], _ parameters: AttentionParameters
    ) -> [UInt32] {
        guard let window = parameters.window else { return table }
        var table = table
        for row in rows {
            let position = row.contextLength - row.queryLength
            let firstSeen =
                parameters.isChunked ? position - position % window : max(0, position + 1 - window)
            for block in 0..<firstSeen / placement.blockSize { table[row.tableStart + block] = 0 }
        }
        return table
    }
}
