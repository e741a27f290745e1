import TestSupport
import Testing

@testable import Tensors

/// Norms are those of their definitions, in double precision.
struct NormTests {
    private static let widths = [1, 7, 16, 17, 63, 64, 65, 100, 255, 1000]

    private func reference(_ x: [Float], _ norm: Norm) -> [Double] {
        let n = Double(x.count)
        let mean = norm.kind == .rms ? 0 : x.reduce(0.0) { $0 + Double($1) } / n
        let variance = x.reduce(0.0) { $0 + (Double($1) - mean) * (Double($1) - mean) } / n
        let factor = 1 / (variance + Double(norm.epsilon)).squareRoot()
        return x.indices.map { i in
            (Double(x[i]) - mean) * factor * Double(norm.weight.isEmpty ? 1 : norm.weight[i])
                + Double(norm.bias.isEmpty ? 0 : norm.bias[i])
        }
    }

    /// The norms of a width.
    private func norms(_ n: Int, _ generator: inout SeededGenerator) -> [Norm] {
        let weight = (0..<n).map { _ in Float.random(in: -2...2, using: &generator) }
        let bias = (0..<n).map { _ in Float.random(in: -2...2, using: &generator) }
        return [
            Norm(weight: weight, epsilon: 1e-6), Norm(epsilon: 1e-6),
            Norm(.layer, weight: weight, bias: bias, epsilon: 1e-5),
            Norm(.layer, weight: weight, epsilon: 1e-5), Norm(.layer, epsilon: 0.5),
        ]
    }

    @Test(arguments: KernelCase.all)
    func `rows are normed as the definition says`(_ kernel: KernelCase) throws {
        let compute = try kernel.compute()
        var generator = SeededGenerator(seed: 61)
        for n in Self.widths {
            let x = try FloatMatrix.random(rows: 5, columns: n, using: &generator)
            for norm in norms(n, &generator) {
                let out = try FloatMatrix.filled(rows: 5, columns: n, with: 99)
                compute.normalize(x, by: norm, rows: 1..<4, into: out)
                for row in 0..<5 {
                    guard (1..<4).contains(row) else {
                        #expect(out.array(row).allSatisfy { $0 == 99 })
                        continue
                    }
                    // Of one element the variance is 0, and so must the difference be.
                    for (value, wanted) in zip(out.array(row), reference(x.array(row), norm)) {
                        #expect(abs(Double(value) - wanted) < 4e-6, "\(norm.kind), width \(n)")
                    }
                }
            }
        }
    }

    /// The mean is taken off before squares are added: nothing is lost where it is large.
    @Test(arguments: KernelCase.all)
    func `a layer norm holds far from zero`(_ kernel: KernelCase) throws {
        let compute = try kernel.compute()
        let x = try FloatMatrix(rows: 1, columns: 640)
        x.withMutableRow(0) { row in
            for i in row.indices { row[i] = 4096 + Float(i % 5) }
        }
        let out = try FloatMatrix(rows: 1, columns: 640)
        let norm = Norm(.layer, epsilon: 1e-5)
        compute.normalize(x, by: norm, rows: 0..<1, into: out)
        for (value, wanted) in zip(out.array(0), reference(x.array(0), norm)) {
            #expect(abs(Double(value) - wanted) < 1e-5)
        }
    }

    @Test(arguments: KernelCase.all, [HeadNormSpan.head, .ownHead, .row])
    func `heads are normed over their span`(_ kernel: KernelCase, _ span: HeadNormSpan) throws {
        let compute = try kernel.compute()
        var generator = SeededGenerator(seed: 62)
        for (heads, headDim) in [(1, 8), (3, 24), (5, 80)] {
            let width = heads * headDim
            let x = try FloatMatrix.random(rows: 3, columns: 2 + width, using: &generator)
            let before = x.arrays
            let weights = span == .head ? headDim : width
            let weight = (0..<weights).map { _ in Float.random(in: 0...2, using: &generator) }
            for kind in [Norm.Kind.rms, .layer] {
                let norm = Norm(kind, weight: weight, epsilon: 1e-6)
                for row in 0..<3 {
                    x.withMutableRow(row) { for i in $0.indices { $0[i] = before[row][i] } }
                }
                compute.normalizeHeads(
                    x, column: 2, heads: heads, headDim: headDim, by: norm, span: span,
                    rows: 1..<3)
                #expect(x.array(0) == before[0])
                let part = span == .row ? width : headDim
                for row in 1..<3 {
                    var wanted = before[row][..<2].map { Double($0) }
                    for start in stride(from: 0, to: width, by: part) {
                        var own = norm
                        if span == .ownHead { own.weight = Array(weight[start..<start + part]) }
                        let head = Array(before[row][2 + start..<2 + start + part])
                        wanted += reference(head, own)
                    }
                    for (value, wanted) in zip(x.array(row), wanted) {
                        #expect(abs(Double(value) - wanted) < 4e-6, "\(kind)")
                    }
                }
            }
        }
    }
}
