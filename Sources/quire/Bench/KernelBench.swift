import Tensors

/// Times matrix products and row operations at one level, and judges them by the machine's limits.
struct KernelBench {
    /// Entries of a row of logits.
    static let vocabulary = 151_936

    let compute: Compute
    let milliseconds: Int
    /// Weights that are read in turn, so that none is left in a cache from the time before.
    let streamedBytes: Int
    /// 10^9 operations a second on bytes, and on floats.
    let int8: Double
    let float32: Double

    init(level: ISALevel, threads: Int, milliseconds: Int, streamedBytes: Int) throws {
        guard let compute = Compute(pool: WorkerPool(threads: threads), level: level) else {
            throw UnknownLevel(level: level.rawValue)
        }
        self.compute = compute
        self.milliseconds = milliseconds
        self.streamedBytes = streamedBytes
        func peak(_ operation: ArithmeticProbe.Operation) -> Double {
            ArithmeticProbe.rates(operation, level: level, threads: threads)?.most ?? 0
        }
        int8 = peak(.int8)
        float32 = peak(.float32)
    }

    /// One row for each of the cases, which share format and shape; at least one.
    func products(_ cases: [ProductCase], seed: UInt64, emit: (BenchRow) throws -> Void) throws {
        guard let first = cases.first else { return }
        let bandwidth = try BandwidthProbe.reading(threads: compute.pool.threads).rates.most
        let bank = try bank(first, seed: seed)
        for test in cases {
            let x = try FloatMatrix(rows: test.rows, columns: test.columns)
            for row in 0..<test.rows {
                x.withMutableRow(row) { values in
                    for i in values.indices { values[i] = Float((i * 37 + row) % 101) / 50 - 1 }
                }
            }
            let out = try FloatMatrix(rows: test.rows, columns: test.outputs)
            let quantized = try QuantizedActivations(rows: test.rows, columns: test.columns)
            compute.quantize(x, rows: 0..<test.rows, into: quantized)
            var turn = 0
            let seconds = Samples.seconds(passes: 3, atLeast: Double(milliseconds) / 1000) {
                let weights = bank[turn % bank.count]
                turn += 1
                if test.format.isFloat {
                    compute.multiply(weights, x, rows: 0..<test.rows, into: out)
                } else {
                    compute.multiply(weights, quantized, rows: 0..<test.rows, into: out)
                }
            }
            let bytes = bank[0].packedByteCount ?? bank[0].byteCount
            try emit(row(test, bytes: bytes, seconds, bandwidth: bandwidth))
        }
    }

    /// One row for each row operation.
    func rowOperations(rows: Int, emit: (BenchRow) throws -> Void) throws {
        let bandwidth = try BandwidthProbe.reading(threads: compute.pool.threads).rates.most
        for isOfLogits in [false, true] {
            let columns = isOfLogits ? Self.vocabulary : 1024
            let bench = try RowOperationBench(compute: compute, rows: rows, columns: columns)
            for operation in RowOperation.allCases where operation.isOfLogits == isOfLogits {
                let seconds = seconds { bench.run(operation) }
                let bytes = operation.bytesPerElement * Double(rows * columns)
                var row = BenchRow([
                    "kernel": .text(operation.rawValue), "weights": .none, "rows": .integer(rows),
                    "columns": .integer(columns), "outputs": .none,
                ])
                add(seconds, bytes: bytes, bandwidth: bandwidth, to: &row)
                // Rows lie in caches, and are not bound by memory.
                row["bandwidth_fraction"] = .some(.none)
                try emit(row)
            }
        }
    }

    /// Times what may take less than a clock can tell: as many calls at once as take long enough.
    private func seconds(_ body: () -> Void) -> Samples {
        let once = Samples.seconds(passes: 5, atLeast: 0, body).median
        let calls = max(1, min(10_000, Int(20e-6 / max(once, 1e-9))))
        let seconds = Samples.seconds(passes: 3, atLeast: Double(milliseconds) / 1000) {
            for _ in 0..<calls { body() }
        }
        return Samples(seconds.values.map { $0 / Double(calls) })
    }

    private func row(
        _ test: ProductCase, bytes: Int, _ seconds: Samples, bandwidth: Double
    ) -> BenchRow {
        var row = BenchRow([
            "kernel": .text(test.format.isFloat ? "multiply_float" : "multiply"),
            "weights": .text(test.format.name), "rows": .integer(test.rows),
            "columns": .integer(test.columns), "outputs": .integer(test.outputs),
        ])
        add(seconds, bytes: Double(bytes), bandwidth: bandwidth, to: &row)
        let peak = test.format.isFloat ? float32 : int8
        let work = 2 * Double(test.columns * test.outputs * test.rows) / 1e9
        row["gop_s"] = .number(work / seconds.median)
        row["peak_gop_s"] = .number(peak)
        row["peak_fraction"] = BenchValue(work / seconds.median / peak)
        return row
    }

    private func add(
        _ seconds: Samples, bytes: Double, bandwidth: Double, to row: inout BenchRow
    ) {
        row["isa"] = .text(compute.level.rawValue)
        row["us"] = .number(seconds.median * 1e6)
        row["us_least"] = .number(seconds.least * 1e6)
        row["spread"] = .number(seconds.spread)
        row["passes"] = .integer(seconds.values.count)
        row["bytes"] = .number(bytes)
        row["gb_s"] = .number(bytes / seconds.median / 1e9)
        row["bandwidth_limit_gb_s"] = .number(bandwidth)
        row["bandwidth_fraction"] = .number(bytes / seconds.median / 1e9 / bandwidth)
        // All rows have all fields, as a CSV file needs it.
        row["gop_s"] = .some(.none)
        row["peak_gop_s"] = .some(.none)
        row["peak_fraction"] = .some(.none)
    }

    /// Matrices of one shape that are more than a cache holds together, with the same bytes.
    private func bank(_ test: ProductCase, seed: UInt64) throws -> [WeightMatrix] {
        var generator = Xorshift(seed: seed)
        // One run of rows, again and again: drawing every byte would take longer than measuring.
        let run = RandomWeights.bytes(test.format, count: 16 * test.columns, using: &generator)
        let perRow = run.count / 16
        var bytes: [UInt8] = []
        bytes.reserveCapacity(perRow * test.outputs)
        while bytes.count < perRow * test.outputs {
            bytes += run.prefix(perRow * test.outputs - bytes.count)
        }
        let matrix = try WeightMatrix(
            format: test.format, rows: test.outputs, columns: test.columns, bytes: bytes)
        let packed = test.format.isFloat ? nil : matrix.packedByteCount
        let size = packed ?? bytes.count
        let count = max(1, (streamedBytes + size - 1) / size)
        guard let packed else {
            return try (0..<count).map { _ in
                try WeightMatrix(
                    format: test.format, rows: test.outputs, columns: test.columns, bytes: bytes)
            }
        }
        let memory = try PanelMemory(count: count * packed)
        return (0..<count).map { index in
            matrix.packed(into: memory, at: index * packed, by: compute)
        }
    }
}

/// A level that this machine does not have.
struct UnknownLevel: Error, CustomStringConvertible {
    let level: String

    var description: String {
        "this machine cannot run the kernels of \(level); it has "
            + ISALevel.available.map(\.rawValue).joined(separator: ", ")
    }
}

/// Numbers for weights whose values do not matter (Marsaglia 2003).
private struct Xorshift: RandomNumberGenerator {
    private var state: UInt64

    init(seed: UInt64) { state = seed &* 0x9E37_79B9_7F4A_7C15 | 1 }

    mutating func next() -> UInt64 {
        state ^= state << 13
        state ^= state >> 7
        state ^= state << 17
        return state
    }
}
