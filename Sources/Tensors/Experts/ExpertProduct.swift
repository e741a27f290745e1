internal import CKernels

/// One matrix of each of a layer's experts, and where the products with them go.
package struct ExpertProduct: Sendable {
    /// The matrices, all of one shape and format.
    package let weights: [WeightMatrix]
    /// What products are written to: a row a place (see `ExpertRouting`).
    package let output: FloatMatrix
    /// The column of `output` that the first row of a matrix gives.
    package let column: Int
    /// Room to pack matrices on the way, where they lie in their file; nil where all are packed.
    package let scratch: PanelScratch?

    /// The products go to the columns of `output` from `column` on.
    package init(
        _ weights: [WeightMatrix], into output: FloatMatrix, column: Int = 0,
        scratch: PanelScratch? = nil
    ) {
        precondition(!weights.isEmpty && column >= 0 && column <= output.columns)
        for weight in weights {
            precondition(
                weight.rows == weights[0].rows && weight.columns == weights[0].columns
                    && weight.format == weights[0].format, "experts of different shapes")
        }
        precondition(weights[0].rows <= output.columns - column)
        self.weights = weights
        self.output = output
        self.column = column
        self.scratch = scratch
    }

    /// The panels of one expert.
    var panels: Int { weights[0].panelCount }

    /// The product with an expert's matrix.
    func product(_ expert: Int) -> MatrixProduct {
        MatrixProduct(weights[expert], into: output, column: column)
    }

    func check(_ routing: ExpertRouting, columns: Int) {
        precondition(weights[0].columns == columns, "an input of another width")
        precondition(output.rows >= routing.placeCount, "too few rows for all places")
        for segment in routing.segments { precondition(segment.expert < weights.count) }
    }

    /// Has the system read the chosen experts' matrices from their file, all at once: what a
    /// product reads later is then there or on its way.
    package func fetch(_ routing: ExpertRouting) {
        guard scratch != nil else { return }
        for segment in routing.segments {
            let matrix = weights[segment.expert]
            matrix.fetchPages(rows: 0..<matrix.rows)
        }
    }

    /// Multiplies some panels of an expert's matrix by the rows of its places.
    @unsafe
    fileprivate func multiply(
        _ segment: ExpertRouting.Segment, _ panels: Range<Int>, _ a: QuantizedActivations,
        _ table: KernelTable, worker: Int
    ) {
        let product = product(segment.expert)
        let activations = unsafe a.c(from: segment.rows.lowerBound)
        if let packed = product.weight.panels {
            unsafe packed.multiply(product, panels, activations, segment.rows, table)
        } else if let scratch {
            unsafe scratch.multiply(
                product, panels, activations, segment.rows, table, worker: worker)
        } else {
            preconditionFailure("\(product.weight.format) weights are not packed")
        }
    }
}

extension Compute {
    /// Multiplies the rows of each expert's places by its matrices, as one job of the threads.
    ///
    /// `a`: [places, columns of every matrix]. A chosen expert's panels are read once, those of
    /// others not at all; each element is computed in one order, whoever else chose the expert. The
    /// matrices are packed, or there is room to pack them on the way: the same bits.
    package func multiply(
        _ products: [ExpertProduct], _ a: QuantizedActivations, by routing: ExpertRouting
    ) {
        guard !routing.segments.isEmpty, !products.isEmpty else { return }
        precondition(a.rows >= routing.placeCount)
        var (panels, bytes) = (0, 0)
        for product in products {
            product.check(routing, columns: a.columns)
            precondition(!product.weights[0].format.isFloat, "float weights have no int8 product")
            panels += product.panels
            bytes += product.weights[0].byteCount
        }
        let count = routing.segments.count
        let cuts = expertCuts(count, panels, bytes, rows: routing.placeCount / count)
        let work = ExpertTasks(
            products: products, activations: a, routing: routing, panels: panels, cuts: cuts,
            table: table)
        pool.run(tasks: count * cuts, work)
    }

    /// The same with activations as floats, for every format, one expert after another.
    package func multiply(
        _ products: [ExpertProduct], _ x: FloatMatrix, by routing: ExpertRouting
    ) {
        precondition(x.rows >= routing.placeCount)
        for product in products {
            product.check(routing, columns: x.columns)
            for segment in routing.segments {
                multiply(
                    product.weights[segment.expert], x, rows: segment.rows, into: product.output,
                    column: product.column)
            }
        }
    }

    /// Into how many tasks the panels of each expert are cut: several for each thread in all, since
    /// experts differ in their rows, and each enough bytes to be worth a trip to the counter.
    private func expertCuts(_ experts: Int, _ panels: Int, _ bytes: Int, rows: Int) -> Int {
        guard pool.threads > 1 else { return 1 }
        let wanted = (pool.threads * TensorLimits.expertTasks + experts - 1) / experts
        let worthwhile = max(1, bytes * (rows + 3) / 4 / TensorLimits.productTaskBytes)
        return max(1, min(wanted, worthwhile, panels))
    }
}

/// The products of the chosen experts, the panels of each cut into as many tasks.
private struct ExpertTasks: PoolWork {
    let products: [ExpertProduct]
    let activations: QuantizedActivations
    let routing: ExpertRouting
    /// Of all matrices of an expert.
    let panels: Int
    let cuts: Int
    let table: KernelTable

    func run(task: Int, worker: Int) {
        let segment = routing.segments[task / cuts]
        var first = panels * (task % cuts) / cuts
        var end = panels * (task % cuts + 1) / cuts
        for expert in products where end > 0 {
            let count = expert.panels
            if first < count {
                unsafe expert.multiply(
                    segment, first..<min(end, count), activations, table, worker: worker)
            }
            first = max(0, first - count)
            end -= count
        }
    }
}
