/// The products in plain Swift, operation by operation: the definition that the kernels of every
/// level have the bits of. Slow.
package enum ReferenceProduct {
    /// The lanes that columns are dealt to where sums are added up.
    static let lanes = 16

    /// The runs after which what refined ones add is added.
    static let part = 32

    /// 32 activations as bytes.
    package struct Run {
        let values: [Int]
        let scale: Float

        /// Rounds up to 32 values; the others are zeros.
        init(_ x: some Collection<Float>) {
            let largest = x.map(\.magnitude).max() ?? 0
            guard x.allSatisfy(\.isFinite) else {
                (values, scale) = ([Int](repeating: 0, count: 32), .nan)
                return
            }
            // So small a value that its inverse overflows counts as zero.
            let normal = largest > 0x1p-120
            let inverse = normal ? 127 / largest : 0
            scale = normal ? largest / 127 : 0
            values = (0..<32).map { i in
                guard i < x.count else { return 0 }
                return Int(
                    (x[x.index(x.startIndex, offsetBy: i)] * inverse)
                        .rounded(.toNearestOrEven))
            }
        }

        /// What rounding left over.
        func rest(_ x: ArraySlice<Float>) -> [Float] {
            zip(x, values).map { $0 - scale * Float($1) }
        }

        func sum(_ range: Range<Int>) -> Float { scale * Float(values[range].reduce(0, +)) }
    }

    /// A row of activations as bytes, and what refined runs were rounded to a second time.
    package struct Activations {
        let coarse: [Run]
        let fine: [Run?]

        /// Rounds a row.
        package init(_ x: [Float], _ refinement: Refinement) {
            let runs = stride(from: 0, to: x.count, by: 32).map { x[$0..<min($0 + 32, x.count)] }
            let limit: Float? =
                switch refinement {
                case .none: nil
                case .outliers(let above): above * mean(x) / 127
                case .all: 0 * mean(x) / 127
                }
            let coarse = runs.map { Run($0) }
            self.coarse = coarse
            fine = zip(runs, coarse).map { x, run in
                guard let limit, run.scale > limit else { return nil }
                return Run(run.rest(x))
            }
        }
    }

    /// One element of a product with bytes; `run` columns of the weights share a scale.
    package static func ofBytes(
        _ weights: [ReferenceWeight], run: Int, _ activations: Activations
    ) -> Float {
        var sum: Float = 0
        for first in stride(from: 0, to: weights.count / 32, by: part) {
            var refined: Float = 0
            for index in first..<min(first + part, weights.count / 32) {
                let columns = weights[32 * index..<32 * index + 32]
                sum = add(columns, run, activations.coarse[index], to: sum)
                guard let fine = activations.fine[index] else { continue }
                refined = add(columns, run, fine, to: refined)
            }
            sum += refined
        }
        return sum
    }

    /// A run: its integers are added up exactly, and what follows is fused.
    private static func add(
        _ weights: ArraySlice<ReferenceWeight>, _ run: Int, _ x: Run, to sum: Float
    ) -> Float {
        let parts = stride(from: 0, to: 32, by: run).map { first in
            (
                weight: weights[weights.startIndex + first],
                sum: Float(
                    (first..<first + run).reduce(0) { sum, i in
                        sum + weights[weights.startIndex + i].integer * x.values[i]
                    }),
                activations: x.sum(first..<first + run)
            )
        }
        var sum = sum
        if parts.count == 2 {
            let both = (parts[0].sum * parts[0].weight.scale)
                .plusProduct(parts[1].sum, parts[1].weight.scale)
            sum = sum.plusProduct(both, x.scale)
        } else {
            sum = sum.plusProduct(parts[0].sum, parts[0].weight.scale * x.scale)
        }
        for part in parts {
            if let offset = part.weight.offset { sum = sum.plusProduct(offset, part.activations) }
        }
        return sum
    }

    /// One element of a product with floats: column i to lane i mod 16, the row padded with zeros.
    package static func ofFloats(_ weights: [Float], _ x: [Float]) -> Float {
        var sums = [Float](repeating: 0, count: lanes)
        for i in 0..<(weights.count + lanes - 1) / lanes * lanes {
            let (weight, value) = i < x.count ? (weights[i], x[i]) : (0, 0)
            sums[i % lanes] = sums[i % lanes].plusProduct(weight, value)
        }
        return added(sums)
    }

    /// The mean magnitude of a row.
    private static func mean(_ x: [Float]) -> Float {
        var sums = [Float](repeating: 0, count: lanes)
        for (i, value) in x.enumerated() { sums[i % lanes] += value.magnitude }
        return x.isEmpty ? 0 : added(sums) / Float(x.count)
    }

    /// l + (l + 8), then l + (l + 4), l + (l + 2), l + (l + 1).
    private static func added(_ sums: [Float]) -> Float {
        var sums = sums
        while sums.count > 1 {
            let half = sums.count / 2
            sums = (0..<half).map { sums[$0] + sums[$0 + half] }
        }
        return sums[0]
    }
}
