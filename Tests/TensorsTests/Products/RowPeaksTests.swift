import TestSupport
import Testing

@testable import Tensors

struct RowPeaksTests {
    /// Q8_0 weights of 64 columns, each row its own numbers or all alike.
    private static func matrix(rows: Int, alike: Bool, for compute: Compute) throws -> WeightMatrix
    {
        var generator = SeededGenerator(seed: UInt64(rows))
        func block() -> [UInt8] {
            [0x00, 0x3C] + (0..<32).map { _ in UInt8.random(in: 0...255, using: &generator) }
        }
        let row = block() + block()
        let bytes = (0..<rows).flatMap { _ in alike ? row : block() + block() }
        return try WeightMatrix(format: .q8_0, rows: rows, columns: 64, bytes: bytes)
            .packed(for: compute)
    }

    @Test(arguments: KernelCase.all, [1, 8, 9, 33])
    func `the peak of a product's row is what a scan finds`(
        _ kernel: KernelCase, rows: Int
    ) throws {
        let compute = try kernel.compute()
        let scan = try #require(LogitScan(level: kernel.level))
        var generator = SeededGenerator(seed: 3)
        let peaks = RowPeaks(rows: 33, threads: kernel.threads)
        #expect(peaks.peak(0) == nil)
        for outputs in [1, 15, 250, 3_001] {
            for alike in [false, true] {
                let weights = try Self.matrix(rows: outputs, alike: alike, for: compute)
                let x = try randomActivations(rows: rows, columns: 64, using: &generator)
                let spoilt = outputs == 250 ? rows - 1 : nil
                if let spoilt { x.withMutableRow(spoilt) { $0[7] = .nan } }
                let activations = try QuantizedActivations(
                    rows: rows, columns: 64)
                compute.quantize(x, rows: 0..<rows, into: activations)
                let out = try FloatMatrix(rows: rows, columns: outputs)
                compute.multiply(
                    ProductGroup([MatrixProduct(weights, into: out)]), activations,
                    rows: 0..<rows, peaks: peaks)
                for row in 0..<rows {
                    let peak = try #require(peaks.peak(row))
                    guard row != spoilt else {
                        #expect(peak.value.isNaN)
                        continue
                    }
                    let wanted = scan.peak(out.row(row))
                    #expect(peak.column == wanted.token && peak.value == wanted.logit)
                }
                #expect(peaks.peak(rows) == nil)
            }
        }
        peaks.forget()
        #expect(peaks.peak(0) == nil)
    }
}
