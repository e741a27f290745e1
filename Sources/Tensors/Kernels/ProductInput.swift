internal import CKernels

/// What a product's input is made of, row by row.
///
/// Where the product wants bytes, a row is made in a thread's own memory and rounded from there:
/// its floats are written nowhere that another thread's cache would have to hear of.
package struct ProductInput {
    /// Where the rows are as floats: always, or once `Compute.makeFloats` has made them.
    package let floats: FloatMatrix

    let recipe: Recipe

    enum Recipe {
        case asTheyAre
        case normed(FloatMatrix, Norm)
        case gated(FloatMatrix, up: FloatMatrix?, Gate)
    }

    /// The activation of a feed-forward network.
    package enum Gate: Hashable, Sendable {
        /// x · sigmoid(x)
        case silu
        /// The tanh approximation of the Gaussian error linear unit.
        case gelu
        /// x / 2 · (1 + erf(x / √2)): the unit itself.
        case geluExact
        /// max(x, 0)
        case relu
        /// max(x, 0)²
        case reluSquared
        /// The gate of gpt-oss: x · sigmoid(1.702 x) of x up to 7, times 1 + up, which is held
        /// within -7...7.
        case siluClamped
    }

    /// The rows of a matrix.
    package static func rows(_ x: FloatMatrix) -> ProductInput {
        ProductInput(floats: x, recipe: .asTheyAre)
    }

    /// The rows of `x` as `Compute.normalize` makes them; as floats they go to `floats`.
    package static func normed(
        _ x: FloatMatrix, by norm: Norm, floats: FloatMatrix
    ) -> ProductInput {
        precondition(x.columns == floats.columns)
        norm.check(x.columns)
        return ProductInput(floats: floats, recipe: .normed(x, norm))
    }

    /// The same with a root mean square.
    package static func normed(
        _ x: FloatMatrix, weight: [Float], epsilon: Float, floats: FloatMatrix
    ) -> ProductInput {
        precondition(weight.count == x.columns)
        return normed(x, by: Norm(weight: weight, epsilon: epsilon), floats: floats)
    }

    /// activation(gate) · up; as floats they take the gate's place.
    package static func gated(
        _ gate: FloatMatrix, up: FloatMatrix, by activation: Gate
    ) -> ProductInput {
        precondition(gate.columns == up.columns)
        return ProductInput(floats: gate, recipe: .gated(gate, up: up, activation))
    }

    /// activation(x), of a network without a gate; as floats they take its place.
    package static func activated(_ x: FloatMatrix, by activation: Gate) -> ProductInput {
        ProductInput(floats: x, recipe: .gated(x, up: nil, activation))
    }
}

extension Compute {
    /// Makes rows of an input as floats.
    package func makeFloats(_ input: ProductInput, rows: Range<Int>) {
        switch input.recipe {
        case .asTheyAre:
            break
        case .normed(let x, let norm):
            normalize(x, by: norm, rows: rows, into: input.floats)
        case .gated(let gate, let up?, let activation):
            gateMultiply(
                gate, up, by: activation, width: gate.columns, rows: rows, into: gate)
        case .gated(let x, nil, let activation):
            activate(x, by: activation, rows: rows)
        }
    }

    /// Rounds rows of an input to int8: the same bits as of its floats, which need not be there
    /// and are not left behind.
    package func quantize(
        _ input: ProductInput, rows: Range<Int>, into out: QuantizedActivations
    ) {
        let n = input.floats.columns
        guard n <= RowScratch.floats else {
            makeFloats(input, rows: rows)
            quantize(input.floats, rows: rows, into: out)
            return
        }
        check(input.floats, rows, 0, n)
        precondition(n == out.columns && rows.upperBound <= out.rows)
        switch input.recipe {
        case .asTheyAre:
            quantize(input.floats, rows: rows, into: out)
        case .normed(let x, let norm):
            check(x, rows, 0, n)
            withNorm(norm) { norm in
                round(rows, cost: n, NormedRow(x: x.all, norm: norm), out)
            }
        case .gated(let gate, let up, let activation):
            if let up { check(up, rows, 0, n) }
            unsafe round(
                rows, cost: 8 * n,
                GatedRow(gate: gate.all, up: up?.all, kernel: kernel(activation)), out)
        }
    }

    private func round<Maker: RowMaker>(
        _ rows: Range<Int>, cost: Int, _ maker: Maker, _ out: QuantizedActivations
    ) {
        eachRow(
            rows, cost: cost,
            unsafe RoundMadeRows(
                maker: maker, scratch: scratch.rows, table: table, out: out.c,
                columns: out.columns))
    }

    /// What multiplies by a gate.
    func kernel(_ gate: ProductInput.Gate) -> qk_gate {
        switch gate {
        case .silu: unsafe table.c.pointee.silu_multiply
        case .gelu: unsafe table.c.pointee.gelu_multiply
        case .geluExact: unsafe table.c.pointee.gelu_exact_multiply
        case .relu: unsafe table.c.pointee.relu_multiply
        case .reluSquared: unsafe table.c.pointee.relu_squared_multiply
        case .siluClamped: unsafe table.c.pointee.silu_clamped_multiply
        }
    }
}

/// Makes a row as floats.
private protocol RowMaker {
    /// Writes it to an address.
    @unsafe func make(row: Int, _ out: UnsafeMutablePointer<Float>)
}

private struct NormedRow: RowMaker {
    let x: FloatRows
    let norm: RowNorm

    @unsafe func make(row: Int, _ out: UnsafeMutablePointer<Float>) {
        unsafe norm(x.pointer(row), out, x.columns)
    }
}

@safe
private struct GatedRow: RowMaker {
    let gate: FloatRows
    let up: FloatRows?
    let kernel: qk_gate

    @unsafe func make(row: Int, _ out: UnsafeMutablePointer<Float>) {
        unsafe kernel(gate.pointer(row), up?.pointer(row), out, gate.columns)
    }
}

/// Makes a row in the thread's own memory and rounds it.
@safe
private struct RoundMadeRows<Maker: RowMaker>: RowWork {
    let maker: Maker
    let scratch: FloatRows
    let table: KernelTable
    let out: qk_activations
    let columns: Int

    func run(row: Int, worker: Int) {
        let made = unsafe scratch.pointer(worker)
        unsafe maker.make(row: row, made)
        unsafe withUnsafePointer(to: out) { out in
            unsafe table.c.pointee.quantize(made, columns, out, row)
        }
    }
}
