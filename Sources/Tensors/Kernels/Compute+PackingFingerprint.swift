extension Compute {
    /// A number that stands for the arithmetic and for how matrices are packed, the same at every
    /// level: two programs have the same one only if, for all practical purposes, they pack every
    /// format into the same bytes.
    ///
    /// Found by packing a small matrix of each format, so that it changes with the kernels and
    /// needs no version number to be kept up. Throws `outOfMemory`.
    package func packingFingerprint() throws(TensorError) -> UInt64 {
        var sum = Numerics.id
        for format in TensorFormat.supported {
            // A second panel that is not full, and more than one unit of every format.
            let (rows, columns) = (19, 512)
            guard let rowBytes = format.rowBytes(columns: columns) else { continue }
            // Any bytes are weights; these are all different from their neighbours.
            let bytes = (0..<rows * rowBytes).map {
                UInt8(truncatingIfNeeded: ($0 &* 0x9E37_79B1) >> 13)
            }
            let matrix = try WeightMatrix(
                format: format, rows: rows, columns: columns, bytes: bytes)
            guard let count = matrix.packedByteCount else { continue }
            let memory = try PanelMemory(count: count)
            _ = matrix.packed(into: memory, at: 0, by: self)
            sum = Checksum64.of(memory.copy(0..<count), seed: sum)
        }
        return sum
    }
}
