internal import CKernels

extension Compute {
    /// `out = x / rms(x) * weight`, row by row; `into` may be `x`. Without a weight: all ones.
    ///
    /// Root mean square normalisation (Zhang and Sennrich 2019). `x`, `into`: [rows, n];
    /// `weight`: [n].
    public func rmsNorm(
        _ x: FloatMatrix, weight: [Float]?, epsilon: Float, rows: Range<Int>,
        into out: FloatMatrix
    ) {
        let n = x.columns
        check(x, out, rows, columns: n)
        precondition(weight.map { $0.count == n } ?? true)
        eachRow(rows, cost: n) { row in
            unsafe withWeight(weight) { weight in
                unsafe table.c.pointee.rms_norm(
                    x.pointer(row), weight, epsilon, out.pointer(row), n)
            }
        }
    }

    /// `out = a + b`, element by element; `into` may be either.
    public func add(
        _ a: FloatMatrix, _ b: FloatMatrix, rows: Range<Int>, into out: FloatMatrix
    ) {
        let n = a.columns
        check(a, out, rows, columns: n)
        check(b, out, rows, columns: n)
        eachRow(rows, cost: n) { row in
            unsafe table.c.pointee.add(a.pointer(row), b.pointer(row), out.pointer(row), n)
        }
    }

    func check(_ x: FloatMatrix, _ out: FloatMatrix, _ rows: Range<Int>, columns: Int) {
        precondition(rows.lowerBound >= 0 && rows.upperBound <= min(x.rows, out.rows))
        precondition(x.columns >= columns && out.columns >= columns)
    }

    @unsafe
    private func withWeight(_ weight: [Float]?, _ body: (UnsafePointer<Float>?) -> Void) {
        guard let weight else {
            body(nil)
            return
        }
        unsafe weight.withUnsafeBufferPointer { unsafe body($0.baseAddress) }
    }
}
