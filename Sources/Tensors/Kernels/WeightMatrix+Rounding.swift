extension WeightMatrix {
    /// The same weights rounded to another format, one of `TensorFormat.writable`: each row when it
    /// is asked for, and no bytes of its own until it is packed or made.
    ///
    /// - Throws: `invalidShape` when a row is not a whole number of the format's blocks.
    package func rounded(to format: TensorFormat) throws(TensorError) -> WeightMatrix {
        guard format != self.format else { return self }
        precondition(TensorFormat.writable.contains(format), "\(format) cannot be written")
        let size = try Self.size(format, rows, columns)
        return WeightMatrix(format, rows, columns, size, .rounded(self))
    }

    /// Whether the rows are rounded when they are asked for.
    package var isRoundedOnDemand: Bool {
        if case .rounded = storage { true } else { false }
    }

    /// The matrix with all its bytes in memory, if it is rounded on demand; in parallel over rows.
    ///
    /// - Throws: `outOfMemory`.
    package func made(by pool: WorkerPool) throws(TensorError) -> WeightMatrix {
        guard isRoundedOnDemand else { return self }
        let bytes = try OwnedBytes(count: byteCount)
        eachRun { rows in
            unsafe write(rows, to: bytes.mutableStart + rows.lowerBound * rowBytes, by: pool)
        }
        return WeightMatrix(format, rows, columns, byteCount, .owned(bytes, offset: 0))
    }

    /// The bytes of some rows, one after another. In parallel over rows.
    package func bytes(ofRows rows: Range<Int>, by pool: WorkerPool) -> [UInt8] {
        precondition(rows.lowerBound >= 0 && rows.upperBound <= self.rows)
        let count = rows.count * rowBytes
        return unsafe [UInt8](unsafeUninitializedCapacity: count) { bytes, written in
            if let start = bytes.baseAddress { unsafe write(rows, to: start, by: pool) }
            written = count
        }
    }

    /// Calls `body` with runs of rows in order, each a few megabytes of the weights' source.
    package func eachRun<E: Error>(_ body: (Range<Int>) throws(E) -> Void) throws(E) {
        let height = max(1, TensorLimits.packedSliceBytes / max(1, 4 * columns))
        for first in stride(from: 0, to: rows, by: height) {
            try body(first..<min(first + height, rows))
        }
    }

    /// Calls `body` with the address of the first of some rows that lie one after another, which is
    /// valid in the call.
    @unsafe
    func withRows(_ rows: Range<Int>, _ body: (UnsafePointer<UInt8>) -> Void) {
        guard case .rounded(let source) = storage else {
            return unsafe withAddress { unsafe body($0 + rows.lowerBound * rowBytes) }
        }
        unsafe withUnsafeTemporaryAllocation(of: UInt8.self, capacity: rows.count * rowBytes) {
            guard let start = $0.baseAddress else { return }
            unsafe round(rows, of: source, to: start)
            unsafe body(UnsafePointer(start))
        }
    }

    private func write(
        _ rows: Range<Int>, to start: UnsafeMutablePointer<UInt8>, by pool: WorkerPool
    ) {
        let height = max(1, TensorLimits.sharedRowFloats / max(1, columns))
        pool.run(tasks: (rows.count + height - 1) / height) { task, _ in
            let first = rows.lowerBound + task * height
            let part = first..<min(first + height, rows.upperBound)
            let out = unsafe start + task * height * rowBytes
            unsafe withRows(part) { unsafe out.update(from: $0, count: part.count * rowBytes) }
        }
        releasePages(rows: rows)
    }

    private func round(
        _ rows: Range<Int>, of source: WeightMatrix, to out: UnsafeMutablePointer<UInt8>
    ) {
        var floats = [Float](repeating: 0, count: columns)
        for (index, row) in rows.enumerated() {
            var span = floats.mutableSpan
            source.dequantize(row: row, into: &span)
            unsafe floats.withUnsafeBufferPointer { floats in
                guard let from = floats.baseAddress else { return }
                unsafe format.quantize(from, columns, to: out + index * rowBytes)
            }
        }
    }
}
