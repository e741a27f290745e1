import TestSupport
import Testing

@testable import Tensors

/// Operations that are fused give the bits of those that they are made of.
struct FusedOperationTests {
    private static func matrix(_ columns: Int, seed: UInt64, rows: Int = 9) throws -> FloatMatrix {
        var generator = SeededGenerator(seed: seed)
        return try randomActivations(rows: rows, columns: columns, using: &generator)
    }

    /// Values and what rounding left over.
    private static func bytes(
        of floats: FloatMatrix, _ refinement: Refinement, _ compute: Compute
    ) throws -> [[Float]] {
        let out = try QuantizedActivations(
            rows: floats.rows, columns: floats.columns, refinement: refinement)
        compute.quantize(floats, rows: 0..<floats.rows, into: out)
        return (0..<floats.rows).map { out.dequantized(row: $0) }
    }

    @Test(arguments: KernelCase.all, [33, 640, 2_050])
    func `inputs that are made and rounded at once`(_ kernel: KernelCase, columns: Int) throws {
        let compute = try kernel.compute()
        let x = try Self.matrix(columns, seed: 1)
        let up = try Self.matrix(columns, seed: 2)
        let weight = (0..<columns).map { Float($0 % 5) / 3 - 0.5 }
        let untouched = x.arrays
        for refinement in [Refinement.none, .outliers(above: 3)] {
            let normed = try FloatMatrix(rows: 9, columns: columns)
            var inputs = [
                ProductInput.rows(x),
                .normed(x, weight: weight, epsilon: 1e-6, floats: normed),
            ]
            let layer = Norm(.layer, weight: weight, bias: weight.reversed(), epsilon: 1e-5)
            inputs.append(
                .normed(x, by: layer, floats: try FloatMatrix(rows: 9, columns: columns)))
            for gate in [ProductInput.Gate.silu, .gelu, .geluExact, .siluClamped] {
                inputs.append(.gated(try Self.matrix(columns, seed: 3), up: up, by: gate))
                inputs.append(.activated(try Self.matrix(columns, seed: 3), by: gate))
            }
            for input in inputs {
                let out = try QuantizedActivations(
                    rows: 9, columns: columns, refinement: refinement)
                compute.quantize(input, rows: 0..<9, into: out)
                #expect(x.arrays == untouched)
                compute.makeFloats(input, rows: 0..<9)
                let wanted = try Self.bytes(of: input.floats, refinement, compute)
                #expect((0..<9).map { out.dequantized(row: $0) } == wanted)
            }
        }
    }

    @Test(arguments: KernelCase.all)
    func `a normed output is added`(_ kernel: KernelCase) throws {
        let compute = try kernel.compute()
        for columns in [31, 640, 3_000] {
            let weight = (0..<columns).map { Float($0 % 7) / 3 }
            let y = try Self.matrix(columns, seed: 4)
            let fused = try Self.matrix(columns, seed: 5)
            let apart = try Self.matrix(columns, seed: 5)
            compute.addNormed(y, weight: weight, epsilon: 1e-6, to: fused, rows: 1..<8)
            compute.rmsNorm(y, weight: weight, epsilon: 1e-6, rows: 1..<8, into: y)
            compute.add(apart, y, rows: 1..<8, into: apart)
            #expect(fused.arrays == apart.arrays)
            let layer = Norm(.layer, weight: weight, bias: weight.reversed(), epsilon: 1e-5)
            let z = try Self.matrix(columns, seed: 4)
            compute.addNormed(z, by: layer, to: fused, rows: 1..<8)
            compute.normalize(z, by: layer, rows: 1..<8, into: z)
            compute.add(apart, z, rows: 1..<8, into: apart)
            #expect(fused.arrays == apart.arrays)
        }
    }

    @Test(arguments: KernelCase.all, KVElement.allCases)
    func `heads that are prepared and kept at once`(
        _ kernel: KernelCase, element: KVElement
    ) throws {
        let compute = try kernel.compute()
        let (heads, kvHeads, d, tokens) = (6, 2, 48, 21)
        let width = (heads + 2 * kvHeads) * d
        let layerBytes = 2 * kvHeads * 16 * element.slotBytes(d)
        let placement = KVPlacement(
            offset: layerBytes, kvHeads: kvHeads, headDim: d, blockSize: 16)
        let table: [UInt32] = [3, 1, 2]
        let rows = [
            AttentionRow(queryStart: 0, queryLength: 1, contextLength: 5, tableStart: 2),
            AttentionRow(queryStart: 1, queryLength: 20, contextLength: 29, tableStart: 0),
        ]
        let rotary = try RotaryTable(
            rows: tokens, inverseFrequencies: (0..<16).map { 1 / Double($0 + 1) })
        compute.fill(rotary, positions: (0..<Int32(tokens)).map { 7 * $0 })
        for isNormed in [false, true] {
            let (fused, apart) = (
                try Self.matrix(width, seed: 6, rows: tokens),
                try Self.matrix(width, seed: 6, rows: tokens)
            )
            let arenas = try (0..<2).map { _ in
                try KVArena(pages: 4, pageBytes: 2 * layerBytes, element: element)
            }
            var heading = HeadPreparation(
                x: fused, heads: heads, kvHeads: kvHeads, headDim: d, rotary: rotary,
                style: .neox)
            let shift = (0..<kvHeads * d).map { Float($0 % 3) }
            if isNormed {
                heading.bias = (0..<width).map { Float($0 % 11) / 11 }
                heading.queryNorm = (0..<d).map { Float($0 % 4) / 3 }
                heading.keyNorm = (0..<d).map { Float($0 % 5) / 3 }
                heading.epsilon = 1e-6
                compute.addBias(heading.bias, to: apart, rows: 0..<tokens)
                compute.rmsNormHeads(
                    apart, heads: heads, headDim: d, weight: heading.queryNorm, epsilon: 1e-6,
                    rows: 0..<tokens)
                compute.rmsNormHeads(
                    apart, column: heads * d, heads: kvHeads, headDim: d,
                    weight: heading.keyNorm, epsilon: 1e-6, rows: 0..<tokens)
            }
            compute.rope(
                apart, heads: heads + kvHeads, headDim: d, rows: 0..<tokens, table: rotary,
                style: .neox)
            compute.writeKV(
                keys: apart, keyColumn: heads * d, values: apart,
                valueColumn: (heads + kvHeads) * d, rows: rows, blockTable: table,
                placement: placement, arena: arenas[0], keyShift: isNormed ? shift : nil)
            var list: [KVToken] = []
            for row in rows { row.appendTokens(to: &list) }
            compute.prepare(
                heading,
                keeping: KVWrite(
                    tokens: list, blockTable: table, placement: placement, arena: arenas[1],
                    keyShift: isNormed ? shift : nil),
                rows: 0..<tokens)
            #expect(fused.arrays == apart.arrays)
            for page in 0..<4 {
                #expect(arenas[0].bytes(page: page) == arenas[1].bytes(page: page))
            }
        }
    }
}
