import QuireModels
import Tensors

/// The shape of a layer's attention.
struct MeasuredAttention {
    var heads: Int
    var kvHeads: Int
    var headDim: Int
    var width: Int { heads * headDim }
    var scale: Float { 1 / Float(headDim).squareRoot() }

    /// Drawn queries, keys and values of a sequence, side by side.
    func input(tokens: Int) throws -> AttentionInput {
        let matrix = try FloatMatrix(rows: tokens, columns: (heads + 2 * kvHeads) * headDim)
        for row in 0..<tokens {
            var state = UInt64(row + 1) &* 0x9E37_79B9_7F4A_7C15
            matrix.withMutableRow(row) { values in
                for i in values.indices {
                    state ^= state << 13
                    state ^= state >> 7
                    state ^= state << 17
                    values[i] = Float(state >> 40) / Float(1 << 23) - 1
                }
            }
        }
        return AttentionInput(matrix, heads: heads, kvHeads: kvHeads, headDim: headDim)
    }
}

/// The keys and values of one sequence in some layers of an arena, in blocks in a drawn order.
struct AttentionCache {
    let shape: MeasuredAttention
    let tokens: Int
    let placements: [KVPlacement]
    let arena: KVArena
    let table: [UInt32]
    let workspace: AttentionWorkspace

    /// Bytes of keys and values of one layer, those of the tokens alone.
    var layerBytes: Int { 2 * tokens * shape.kvHeads * arena.element.slotBytes(shape.headDim) }

    init(
        _ input: AttentionInput, _ shape: MeasuredAttention, element: KVElement, blockSize: Int,
        layers: Int, _ compute: Compute
    ) throws {
        self.shape = shape
        tokens = input.matrix.rows
        let layerBytes = 2 * shape.kvHeads * blockSize * element.slotBytes(shape.headDim)
        placements = (0..<layers).map { layer in
            KVPlacement(
                offset: layer * layerBytes, kvHeads: shape.kvHeads, headDim: shape.headDim,
                blockSize: blockSize)
        }
        let blocks = (tokens + blockSize - 1) / blockSize
        arena = try KVArena(
            pages: blocks + 1, pageBytes: layers * layerBytes, layers: layers,
            stride: ArenaLayout.partStride(ofBytes: layerBytes), element: element)
        // Swaps in a fixed pattern: blocks of a running engine are in no order either.
        var order = Array(1...UInt32(blocks))
        for index in order.indices { order.swapAt(index, (index * 7_919 + 13) % blocks) }
        table = order
        workspace = try AttentionWorkspace(
            threads: compute.pool.threads, headDim: shape.headDim,
            group: shape.heads / shape.kvHeads)
        for placement in placements {
            compute.writeKV(
                keys: input.matrix, keyColumn: input.keyColumn, values: input.matrix,
                valueColumn: input.valueColumn, rows: [row(queries: tokens)], blockTable: table,
                placement: placement, arena: arena)
        }
    }

    private func row(queries: Int) -> AttentionRow {
        AttentionRow(queryStart: 0, queryLength: queries, contextLength: tokens, tableStart: 0)
    }

    /// Lets the first rows of `input`, as the last tokens of the sequence, attend in a layer.
    func attend(
        _ input: AttentionInput, queries: Int, layer: Int, _ compute: Compute,
        into out: FloatMatrix
    ) {
        compute.attention(
            input.matrix, column: input.column, rows: [row(queries: queries)], blockTable: table,
            parameters: AttentionParameters(heads: shape.heads, scale: shape.scale),
            placement: placements[layer], arena: arena, workspace: workspace, into: out)
    }
}

/// Times of attention, by form and length.
struct AttentionBench {
    /// Keys and values that decoding reads in turn: more than caches hold.
    static let streamedBytes = 256 << 20
    /// Layers that they lie in at most.
    static let mostLayers = 1024

    let compute: Compute
    let shape: MeasuredAttention
    let blockSize: Int
    let chunk: Int
    let milliseconds: Int

    /// Whole prompts of a length in every form: one row each.
    func prefill(_ tokens: Int, element: KVElement, emit: (BenchRow) throws -> Void) throws {
        let input = try shape.input(tokens: tokens)
        let out = try FloatMatrix(rows: tokens, columns: shape.width)
        let threads = compute.pool.threads
        let peak =
            ArithmeticProbe.rates(.float32, level: compute.level, threads: threads)?.most ?? 0
        func row(_ form: String, _ seconds: Samples, scratch: Int) -> BenchRow {
            // Half of all pairs of a query and a key; products and sums, of scores and values.
            let work = 2 * Double(shape.width) * Double(tokens) * Double(tokens + 1) / 1e9
            var row = fields("prefill", form, tokens, seconds)
            row["gop_s"] = .number(work / seconds.median)
            row["peak_gop_s"] = .number(peak)
            row["peak_fraction"] = BenchValue(work / seconds.median / peak)
            row["scratch_bytes"] = .integer(scratch)
            row["scratch_mb"] = .number(Double(scratch) / 1e6)
            return row
        }
        for (name, form) in [
            ("standard", .standard), ("memory-efficient", .memoryEfficient(chunk: chunk)),
        ] as [(String, AttentionBaseline)] {
            let bytes = form.scratchBytes(tokens: tokens, headDim: shape.headDim)
            let all = bytes * threads
            guard all < MachineInfo.current().availableMemory / 2 else {
                Terminal.note("\(name) attention of \(tokens) tokens needs too much memory")
                continue
            }
            let scratch = try FloatMatrix(rows: threads, columns: bytes / 4)
            let seconds = Samples.seconds(passes: 3, atLeast: Double(milliseconds) / 1000) {
                compute.attention(form, input, scale: shape.scale, scratch: scratch, into: out)
            }
            try emit(row(name, seconds, scratch: all))
        }
        let caches = try [tokens, blockSize].map { size in
            try AttentionCache(
                input, shape, element: element, blockSize: size, layers: 1, compute)
        }
        let times = alternating { turn, _ in
            caches[turn].attend(input, queries: tokens, layer: 0, compute, into: out)
        }
        for (turn, form) in ["flash", "flash paged"].enumerated() {
            var row = row(form, times[turn], scratch: caches[turn].workspace.bytes)
            row["kv_dtype"] = .text(element.rawValue)
            row["block_size"] = .integer(turn == 0 ? tokens : blockSize)
            if turn == 1 { row["penalty"] = .number(times[1].median / times[0].median - 1) }
            try emit(row)
        }
    }

    /// One query over a context: one row for contiguous and one for paged keys and values.
    func decode(_ context: Int, element: KVElement, emit: (BenchRow) throws -> Void) throws {
        let input = try shape.input(tokens: context)
        let out = try FloatMatrix(rows: 1, columns: shape.width)
        let layer = 2 * context * shape.kvHeads * element.slotBytes(shape.headDim)
        let layers = min(Self.mostLayers, max(1, (Self.streamedBytes + layer - 1) / layer))
        let caches = try [context, blockSize].map { size in
            try AttentionCache(
                input, shape, element: element, blockSize: size, layers: layers, compute)
        }
        let before = try BandwidthProbe.reading(threads: compute.pool.threads, milliseconds: 100)
        let times = alternating { turn, pass in
            caches[turn].attend(
                input, queries: 1, layer: pass % layers, compute, into: out)
        }
        let after = try BandwidthProbe.reading(threads: compute.pool.threads, milliseconds: 100)
        let limit = (before.rates.most + after.rates.most) / 2
        for (turn, form) in ["flash", "flash paged"].enumerated() {
            var row = fields("decode", form, context, times[turn])
            let rate = Double(caches[turn].layerBytes) / times[turn].median / 1e9
            row["kv_dtype"] = .text(element.rawValue)
            row["block_size"] = .integer(turn == 0 ? context : blockSize)
            row["layers"] = .integer(layers)
            row["kv_bytes"] = .integer(caches[turn].layerBytes)
            row["gb_s"] = .number(rate)
            row["bandwidth_limit_gb_s"] = .number(limit)
            row["bandwidth_fraction"] = .number(rate / limit)
            if turn == 1 { row["penalty"] = .number(times[1].median / times[0].median - 1) }
            try emit(row)
        }
    }

    /// Times two things in turns, so that what disturbs one disturbs the other as well.
    private func alternating(_ body: (_ turn: Int, _ pass: Int) -> Void) -> [Samples] {
        let clock = ContinuousClock()
        var times: [[Double]] = [[], []]
        for turn in 0..<2 { body(turn, 0) }
        let end = clock.now + .milliseconds(2 * milliseconds)
        repeat {
            for turn in 0..<2 {
                let pass = times[turn].count + 1
                times[turn].append(clock.measure { body(turn, pass) } / .seconds(1))
            }
        } while times[0].count < 5 || clock.now < end
        return times.map { Samples($0) }
    }

    /// All rows have all fields, as a CSV file needs it.
    private func fields(
        _ phase: String, _ form: String, _ tokens: Int, _ seconds: Samples
    ) -> BenchRow {
        var row = BenchRow([
            "form": .text(form), "phase": .text(phase), "tokens": .integer(tokens),
            "kv_dtype": .none, "block_size": .none, "layers": .none, "kv_bytes": .none,
            "ms": .number(seconds.median * 1e3), "ms_least": .number(seconds.least * 1e3),
            "spread": .number(seconds.spread), "passes": .integer(seconds.values.count),
        ])
        for name in [
            "gop_s", "peak_gop_s", "peak_fraction", "gb_s", "bandwidth_limit_gb_s",
            "bandwidth_fraction", "scratch_bytes", "scratch_mb", "penalty",
        ] {
            row[name] = .some(.none)
        }
        return row
    }
}
