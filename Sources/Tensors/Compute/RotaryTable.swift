internal import CKernels

/// The cosines and sines by which rotary position embeddings turn queries and keys
/// (RoFormer, Su et al. 2021): one row per token of a step, filled once per step.
///
/// Angles are position * inverse frequency in double precision. Their cosines and sines have
/// errors of less than a unit in the last place there, and what is stored is rounded once.
package final class RotaryTable: Sendable {
    /// Elements of a head that are turned: twice the number of frequencies.
    package let rotaryDim: Int

    let cosines: FloatMatrix
    let sines: FloatMatrix
    private let inverseFrequencies: [Double]
    private let magnitude: Double

    /// A table for steps of at most `rows` tokens. `magnitude` multiplies cosines and sines
    /// (YaRN's attention factor). Throws `outOfMemory`.
    package init(
        rows: Int, inverseFrequencies: [Double], magnitude: Double = 1
    ) throws(TensorError) {
        rotaryDim = 2 * inverseFrequencies.count
        self.inverseFrequencies = inverseFrequencies
        self.magnitude = magnitude
        cosines = try FloatMatrix(rows: rows, columns: inverseFrequencies.count)
        sines = try FloatMatrix(rows: rows, columns: inverseFrequencies.count)
    }

    /// Sets row i for the token at `positions[i]`. O(positions x frequencies).
    package func fill(positions: [Int32]) {
        precondition(positions.count <= cosines.rows)
        for (row, position) in positions.enumerated() { fill(row, position: position) }
    }

    /// Row i becomes what row `rows[i]` was; they ascend. O(rows x frequencies).
    package func gather(_ rows: [Int32]) {
        cosines.gather(rows, of: cosines)
        sines.gather(rows, of: sines)
    }

    /// Sets one row.
    func fill(_ row: Int, position: Int32) {
        let (cosine, sine) = unsafe (cosines.pointer(row), sines.pointer(row))
        unsafe inverseFrequencies.withUnsafeBufferPointer { frequencies in
            // No frequencies, no address.
            guard let first = frequencies.baseAddress else { return }
            unsafe qk_rotations(
                Double(position), first, frequencies.count, magnitude, cosine, sine)
        }
    }
}

/// Which elements of a head rotary embeddings pair.
package enum RotaryStyle: Sendable {
    /// Element i with element i + rotaryDim / 2 (GPT-NeoX, Hugging Face; GGUF's other models).
    case neox
    /// Element 2i with element 2i + 1 (the RoFormer paper; GGUF files of the Llama family).
    case interleaved
}
