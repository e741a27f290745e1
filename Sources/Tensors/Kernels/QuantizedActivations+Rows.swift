internal import CKernels

extension QuantizedActivations {
    /// Copies a row of other activations of the same width and refinement: its bytes, and those of
    /// what rounding left over where a run is refined or was. No one else may use the row
    /// meanwhile.
    func copyRow(_ row: Int, of source: QuantizedActivations, to place: Int) {
        precondition(source.columns == columns && source.refinement == refinement)
        precondition(row >= 0 && row < source.rows && place >= 0 && place < rows)
        let (from, to) = unsafe (source.c, c)
        unsafe (to.first + place * to.pitch).update(
            from: from.first + row * from.pitch, count: to.runs)
        guard unsafe to.refined_rows > 0 else { return }
        let words = unsafe qk_refined_words(to.runs)
        for word in 0..<words {
            let bits = unsafe from.refined[row * words + word]
            var touched = unsafe bits | to.refined[place * words + word]
            unsafe to.refined[place * words + word] = bits
            while touched != 0 {
                let run = 32 * word + touched.trailingZeroBitCount
                let origin = unsafe (from.refined_rows + row) * from.pitch + run
                unsafe to.first[(to.refined_rows + place) * to.pitch + run] = from.first[origin]
                touched &= touched - 1
            }
        }
    }
}
