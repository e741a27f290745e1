import TestSupport
import Testing

@testable import Tensors

/// What becomes of heads before they are kept, as one job and as the operations one by one.
struct HeadPreparationTests {
    private static let (heads, kvHeads, d, tokens) = (6, 2, 48, 21)
    private static let width = (heads + 2 * kvHeads) * d

    /// What a layer asks for.
    enum Layer: CaseIterable {
        case unturned, clamped, normedAsRows, normedWithOwnWeights, normedOnceTurned, normedValues
        case scaled, valuesFromKeys

        func ask(of p: inout HeadPreparation) {
            let (q, k) = (p.heads * p.headDim, p.kvHeads * p.headDim)
            p.epsilon = 1e-6
            switch self {
            case .unturned: p.rotary = nil
            case .clamped:
                p.clamp = 0.5
                p.bias = (0..<p.x.columns).map { Float($0 % 11) / 11 }
            case .normedAsRows:
                p.normSpan = .row
                p.queryNorm = (0..<q).map { Float($0 % 4) / 3 }
                p.keyNorm = (0..<k).map { Float($0 % 5) / 3 }
            case .normedWithOwnWeights:
                p.normSpan = .ownHead
                p.normKind = .layer
                p.queryNorm = (0..<q).map { Float($0 % 4) / 3 }
                p.keyNorm = (0..<k).map { Float($0 % 5) / 3 }
            case .normedOnceTurned:
                p.normsTurned = true
                p.queryNorm = (0..<p.headDim).map { Float($0 % 4) / 3 }
                p.keyNorm = (0..<p.headDim).map { Float($0 % 5) / 3 }
            case .normedValues: p.normsValues = true
            case .valuesFromKeys:
                p.valuesAreKeys = true
                p.bias = (0..<p.x.columns).map { Float($0 % 11) / 11 }
            case .scaled: p.queryScales = (0..<p.x.rows).map { 1 + Float($0) / 8 }
            }
        }
    }

    private func normed(_ p: HeadPreparation, _ x: FloatMatrix, _ compute: Compute) {
        let rows = 0..<x.rows
        for (weight, column, count) in [
            (p.queryNorm, 0, p.heads), (p.keyNorm, p.heads * p.headDim, p.kvHeads),
        ] where !weight.isEmpty {
            compute.normalizeHeads(
                x, column: column, heads: count, headDim: p.headDim,
                by: Norm(p.normKind, weight: weight, epsilon: p.epsilon), span: p.normSpan,
                rows: rows)
        }
    }

    private func oneByOne(_ p: HeadPreparation, _ x: FloatMatrix, _ compute: Compute) {
        let rows = 0..<x.rows
        if !p.bias.isEmpty { compute.addBias(p.bias, to: x, rows: rows) }
        if let bound = p.clamp { compute.clamp(x, width: x.columns, to: bound, rows: rows) }
        if p.valuesAreKeys {
            let (first, count) = (p.heads * p.headDim, p.kvHeads * p.headDim)
            for row in rows {
                x.withMutableRow(row) {
                    for i in first..<first + count { $0[i + count] = $0[i] }
                }
            }
        }
        if !p.normsTurned { normed(p, x, compute) }
        if let rotary = p.rotary {
            compute.rope(
                x, heads: p.heads + p.kvHeads, headDim: p.headDim, rows: rows, table: rotary,
                style: p.style)
        }
        if p.normsTurned { normed(p, x, compute) }
        if p.normsValues {
            compute.normalizeHeads(
                x, column: (p.heads + p.kvHeads) * p.headDim, heads: p.kvHeads,
                headDim: p.headDim, by: Norm(epsilon: p.epsilon), rows: rows)
        }
        for (row, factor) in p.queryScales.enumerated() {
            x.withMutableRow(row) { for i in 0..<p.heads * p.headDim { $0[i] *= factor } }
        }
    }

    @Test(arguments: KernelCase.all, Layer.allCases)
    func `heads are prepared as the operations one by one do it`(
        _ kernel: KernelCase, _ layer: Layer
    ) throws {
        let compute = try kernel.compute()
        var generator = SeededGenerator(seed: 65)
        let drawn = try randomActivations(
            rows: Self.tokens, columns: Self.width, using: &generator)
        let (fused, apart) = try (
            FloatMatrix(rows: Self.tokens, columns: Self.width),
            FloatMatrix(rows: Self.tokens, columns: Self.width)
        )
        for matrix in [fused, apart] { matrix.gather((0..<Self.tokens).map(Int32.init), of: drawn) }
        let rotary = try RotaryTable(
            rows: Self.tokens, inverseFrequencies: (0..<16).map { 1 / Double($0 + 1) })
        compute.fill(rotary, positions: (0..<Int32(Self.tokens)).map { 7 * $0 })
        var p = HeadPreparation(
            x: fused, heads: Self.heads, kvHeads: Self.kvHeads, headDim: Self.d, rotary: rotary,
            style: .neox)
        layer.ask(of: &p)
        oneByOne(p, apart, compute)
        let isChanged = apart.arrays != drawn.arrays
        #expect(isChanged == (layer != .unturned))

        let layerBytes = 2 * Self.kvHeads * 16 * KVElement.f32.slotBytes(Self.d)
        let placement = KVPlacement(
            offset: 0, kvHeads: Self.kvHeads, headDim: Self.d, blockSize: 16)
        let arenas = try (0..<2).map { _ in
            try KVArena(pages: 2, pageBytes: layerBytes, element: .f32)
        }
        let row = AttentionRow(
            queryStart: 0, queryLength: Self.tokens, contextLength: Self.tokens, tableStart: 0)
        let keyColumn = Self.heads * Self.d
        compute.writeKV(
            keys: apart, keyColumn: keyColumn, values: apart,
            valueColumn: keyColumn + Self.kvHeads * Self.d, rows: [row], blockTable: [1, 0],
            placement: placement, arena: arenas[0])
        var list: [KVToken] = []
        row.appendTokens(to: &list)
        compute.prepare(
            p,
            keeping: KVWrite(
                tokens: list, blockTable: [1, 0], placement: placement, arena: arenas[1]),
            rows: 0..<Self.tokens)
        let isSame = fused.arrays == apart.arrays
        #expect(isSame)
        for page in 0..<2 { #expect(arenas[0].bytes(page: page) == arenas[1].bytes(page: page)) }
    }

    @Test func `queries alone are prepared as they are beside keys`() throws {
        let compute = try ISALevel.active.compute()
        var generator = SeededGenerator(seed: 66)
        let width = Self.heads * Self.d
        let drawn = try randomActivations(rows: Self.tokens, columns: width, using: &generator)
        let (fused, apart) = try (
            FloatMatrix(rows: Self.tokens, columns: Self.width),
            FloatMatrix(rows: Self.tokens, columns: width)
        )
        apart.gather((0..<Self.tokens).map(Int32.init), of: drawn)
        for row in 0..<Self.tokens {
            fused.withMutableRow(row) { for i in 0..<width { $0[i] = drawn.array(row)[i] } }
        }
        let rotary = try RotaryTable(
            rows: Self.tokens, inverseFrequencies: (0..<16).map { 1 / Double($0 + 1) })
        compute.fill(rotary, positions: (0..<Int32(Self.tokens)).map { 7 * $0 })
        var p = HeadPreparation(
            x: fused, heads: Self.heads, kvHeads: 0, headDim: Self.d, rotary: rotary,
            style: .neox)
        p.queryNorm = (0..<Self.d).map { Float($0 % 4) / 3 }
        p.epsilon = 1e-6
        oneByOne(p, apart, compute)
        compute.prepare(p, keeping: nil, rows: 0..<Self.tokens)
        for row in 0..<Self.tokens {
            #expect(Array(fused.array(row)[..<width]) == apart.array(row))
            #expect(fused.array(row)[width...].allSatisfy { $0 == 0 })
        }
    }
}
