internal import CKernels

/// How rows are normed: the same for every row.
package struct Norm: Hashable, Sendable {
    /// What a row is divided by.
    package enum Kind: Hashable, Sendable {
        /// Its root mean square (Zhang and Sennrich 2019).
        case rms
        /// Its standard deviation, once its mean is taken off (Ba, Kiros and Hinton 2016).
        case layer
    }

    /// What a row is divided by.
    package var kind: Kind
    /// What its elements are then multiplied by: as many as there are, or none: all are 1.
    package var weight: [Float]
    /// What is then added, of `layer` norms with weights: as many as weights; empty: nothing.
    package var bias: [Float]
    /// Added to the mean of squares, or to the variance.
    package var epsilon: Float

    /// Describes a norm; a root mean square's has no bias.
    package init(
        _ kind: Kind = .rms, weight: [Float] = [], bias: [Float] = [], epsilon: Float
    ) {
        self.kind = kind
        self.weight = weight
        self.bias = bias
        self.epsilon = epsilon
    }

    /// Its weights must be as many as the elements that are normed.
    func check(_ count: Int) {
        precondition(weight.isEmpty || weight.count == count, "weights of another width")
        precondition(bias.isEmpty || kind == .layer && bias.count == weight.count, "a bias alone")
    }
}

/// A norm of one row, or of a part of it.
@safe
struct RowNorm {
    let table: KernelTable
    let kind: Norm.Kind
    let weight: UnsafePointer<Float>?
    let bias: UnsafePointer<Float>?
    let epsilon: Float

    /// Norms n elements with the weights from `offset` on.
    @unsafe
    func callAsFunction(
        _ x: UnsafePointer<Float>, _ out: UnsafeMutablePointer<Float>, _ n: Int, offset: Int = 0
    ) {
        let weight = unsafe weight.map { unsafe $0 + offset }
        switch kind {
        case .rms: unsafe table.c.pointee.rms_norm(x, weight, epsilon, out, n)
        case .layer:
            let bias = unsafe bias.map { unsafe $0 + offset }
            unsafe table.c.pointee.layer_norm(x, weight, bias, epsilon, out, n)
        }
    }
}

extension Compute {
    /// Calls `body` with a norm of rows, which is valid in the call.
    func withNorm(_ norm: Norm, _ body: (RowNorm) -> Void) {
        unsafe norm.weight.withUnsafeBufferPointer { weight in
            unsafe norm.bias.withUnsafeBufferPointer { bias in
                unsafe body(
                    RowNorm(
                        table: table, kind: norm.kind,
                        weight: weight.isEmpty ? nil : weight.baseAddress,
                        bias: bias.isEmpty ? nil : bias.baseAddress, epsilon: norm.epsilon))
            }
        }
    }

    /// `out = norm(x)`, row by row; `into` may be `x`. `x`, `into`: [rows, n].
    package func normalize(
        _ x: FloatMatrix, by norm: Norm, rows: Range<Int>, into out: FloatMatrix
    ) {
        let n = x.columns
        check(x, rows, 0, n)
        check(out, rows, 0, n)
        norm.check(n)
        withNorm(norm) { eachRow(rows, cost: n, NormRows(x: x.all, norm: $0, out: out.all)) }
    }

    /// Norms heads of every row, in place: the columns `column..<column + heads * headDim`.
    ///
    /// The norm's weights are as `span` says.
    package func normalizeHeads(
        _ x: FloatMatrix, column: Int = 0, heads: Int, headDim: Int, by norm: Norm,
        span: HeadNormSpan = .head, rows: Range<Int>
    ) {
        check(x, rows, column, heads * headDim)
        norm.check(span.weights(heads, headDim))
        withNorm(norm) {
            eachRow(
                rows, cost: heads * headDim,
                NormHeads(
                    x: x.all, column: column, heads: heads, headDim: headDim, span: span,
                    norm: $0))
        }
    }
}

/// What a norm of queries, or of keys, is taken over.
package enum HeadNormSpan: Hashable, Sendable {
    /// A head, and all heads have the same weights: [headDim] (Qwen 3, Gemma 3).
    case head
    /// A head, and each has weights of its own: [heads * headDim] (Command R+, StableLM 2).
    case ownHead
    /// All heads together: [heads * headDim] (OLMo 2).
    case row

    func weights(_ heads: Int, _ headDim: Int) -> Int {
        self == .head ? headDim : heads * headDim
    }
}

struct NormRows: RowWork {
    let x: FloatRows
    let norm: RowNorm
    let out: FloatRows

    func run(row: Int, worker: Int) { unsafe norm(x.pointer(row), out.pointer(row), x.columns) }
}

struct NormHeads: RowWork {
    let x: FloatRows
    let column: Int
    let heads: Int
    let headDim: Int
    var span = HeadNormSpan.head
    let norm: RowNorm

    func run(row: Int, worker: Int) {
        if span == .row {
            let p = unsafe x.pointer(row, column)
            unsafe norm(p, p, heads * headDim)
            return
        }
        for head in 0..<heads {
            let p = unsafe x.pointer(row, column + head * headDim)
            unsafe norm(p, p, headDim, offset: span == .ownHead ? head * headDim : 0)
        }
    }
}
