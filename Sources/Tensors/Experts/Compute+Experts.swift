internal import CKernels

extension Compute {
    /// Copies the rows of tokens to their places: [tokens, n] to [places, n].
    package func gather(
        _ x: FloatMatrix, by routing: ExpertRouting, into out: FloatMatrix
    ) {
        check(x, 0..<routing.count, 0, x.columns)
        check(out, 0..<routing.placeCount, 0, x.columns)
        precondition(x.columns == out.columns)
        eachRow(
            0..<routing.placeCount, cost: x.columns,
            GatherRows(x: x.all, out: out.all, routing: routing))
    }

    /// The same of rows as bytes: rounded once, however many experts read them.
    package func gather(
        _ a: QuantizedActivations, by routing: ExpertRouting, into out: QuantizedActivations
    ) {
        precondition(a.columns == out.columns && a.refinement == out.refinement)
        precondition(routing.count <= a.rows && routing.placeCount <= out.rows)
        eachRow(
            0..<routing.placeCount, cost: a.columns,
            GatherBytes(a: a, out: out, routing: routing))
    }

    /// Adds to the rows of each place the bias of its expert: row e of `biases`, [experts, n], to
    /// the columns from `column` on.
    package func addBias(
        _ biases: FloatMatrix, to x: FloatMatrix, column: Int = 0, by routing: ExpertRouting
    ) {
        let n = biases.columns
        check(x, 0..<routing.placeCount, column, n)
        for segment in routing.segments {
            precondition(segment.expert < biases.rows)
            eachRow(
                segment.rows, cost: n,
                AddExpertBias(
                    table: table, x: x.all, column: column, biases: biases.all,
                    expert: segment.expert))
        }
    }

    /// Multiplies the rows of each place by the weight that its token gives the expert, in place.
    /// `x`: [places, n].
    package func weigh(_ x: FloatMatrix, by routing: ExpertRouting) {
        check(x, 0..<routing.placeCount, 0, x.columns)
        eachRow(
            0..<routing.count, cost: x.columns * routing.chosen,
            WeighRows(table: table, x: x.all, routing: routing))
    }

    /// `out[t] = sum of weight * y[place]` over the choices of each token, in order of their
    /// scores: a product, and then fused ones. `y`: [places, n], `out`: [tokens, n].
    ///
    /// - Parameter isWeighted: Whether there are weights; if not, they are 1.
    package func combine(
        _ y: FloatMatrix, by routing: ExpertRouting, isWeighted: Bool = true,
        into out: FloatMatrix
    ) {
        let n = out.columns
        check(y, 0..<routing.placeCount, 0, n)
        check(out, 0..<routing.count, 0, n)
        eachRow(
            0..<routing.count, cost: n * routing.chosen,
            CombineRows(
                table: table, y: y.all, out: out.all, routing: routing, isWeighted: isWeighted))
    }
}

private struct GatherRows: RowWork {
    let x: FloatRows
    let out: FloatRows
    let routing: ExpertRouting

    func run(row: Int, worker: Int) {
        let from = Int(routing.origins[row])
        unsafe out.pointer(row).update(from: x.pointer(from), count: x.columns)
    }
}

private struct GatherBytes: RowWork {
    let a: QuantizedActivations
    let out: QuantizedActivations
    let routing: ExpertRouting

    func run(row: Int, worker: Int) { out.copyRow(Int(routing.origins[row]), of: a, to: row) }
}

private struct AddExpertBias: RowWork {
    let table: KernelTable
    let x: FloatRows
    let column: Int
    let biases: FloatRows
    let expert: Int

    func run(row: Int, worker: Int) {
        let p = unsafe x.pointer(row, column)
        unsafe table.c.pointee.add(p, biases.pointer(expert), p, biases.columns)
    }
}

private struct WeighRows: RowWork {
    let table: KernelTable
    let x: FloatRows
    let routing: ExpertRouting

    func run(row: Int, worker: Int) {
        for rank in 0..<routing.chosen {
            let p = unsafe x.pointer(Int(routing.places[row * routing.chosen + rank]))
            unsafe table.c.pointee.scale(p, routing.weights.pointer(row)[rank], p, x.columns)
        }
    }
}

private struct CombineRows: RowWork {
    let table: KernelTable
    let y: FloatRows
    let out: FloatRows
    let routing: ExpertRouting
    let isWeighted: Bool

    func run(row: Int, worker: Int) {
        let (sum, weights) = unsafe (out.pointer(row), routing.weights.pointer(row))
        for rank in 0..<routing.chosen {
            let place = Int(routing.places[row * routing.chosen + rank])
            let (part, weight) = unsafe (y.pointer(place), isWeighted ? weights[rank] : 1)
            if rank == 0 {
                unsafe table.c.pointee.scale(part, weight, sum, out.columns)
            } else {
                unsafe table.c.pointee.add_scaled(part, weight, sum, out.columns)
            }
        }
    }
}
