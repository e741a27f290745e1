import TestSupport
import Testing

@testable import Tensors

/// Attention gives the bits of portable C at every level, and so does what it reads.
struct AttentionLevelsTests {
    /// Requests and how they are cut, from one end of each range to the other.
    private static let cuts: [(window: Int?, softCap: Float?, cut: PagedRequests.Cut)] = [
        (nil, nil, .init()), (nil, 5, .init(blockSize: 3, chunk: 50)),
        (47, nil, .init(blockSize: 8, chunk: 7)), (33, 5, .init(blockSize: 32, chunk: 64)),
        (nil, nil, .init(blockSize: 64, chunk: 1, threads: 2)),
    ]

    private func expectScalar(
        _ work: PagedRequests, _ level: ISALevel, _ cut: PagedRequests.Cut,
        _ change: (FloatMatrix) -> Void = { _ in }
    ) throws {
        let inputs = try work.inputs()
        change(inputs)
        let wanted = try work.run(inputs, level: .scalar, cut).map(bits)
        let outputs = try work.run(inputs, level: level, cut).map(bits)
        let different = zip(outputs, wanted).enumerated().first { $1.0 != $1.1 }?.offset
        #expect(different == nil, "attention over \(work.element): \(work), \(cut)")
    }

    @Test(
        arguments: ISALevel.others,
        KVElement.allCases.flatMap { element in
            [5, 30, 32, 40, 64, 72, 80, 96, 128, 256].map { (element, $0) }
        })
    func `heads of any dimension have the bits of portable C`(
        _ level: ISALevel, _ head: (element: KVElement, dim: Int)
    ) throws {
        for (index, (window, softCap, cut)) in Self.cuts.enumerated() {
            let work = PagedRequests(
                heads: 3, kvHeads: 1, headDim: head.dim, window: window, softCap: softCap,
                element: head.element, contexts: [131, 5], seed: UInt64(40 + index))
            try expectScalar(work, level, cut)
        }
    }

    @Test(arguments: ISALevel.others, KVElement.allCases)
    func `groups of any size have the bits of portable C`(
        _ level: ISALevel, _ element: KVElement
    ) throws {
        for (heads, kvHeads) in [(1, 1), (2, 1), (4, 2), (5, 1), (14, 2), (9, 1), (33, 1)] {
            for chunk in [1, 3, .max] {
                let work = PagedRequests(
                    heads: heads, kvHeads: kvHeads, headDim: 32, element: element,
                    contexts: [70], seed: 51)
                try expectScalar(work, level, .init(chunk: chunk))
            }
        }
    }

    @Test(arguments: ISALevel.others, KVElement.allCases)
    func `parts that are merged have the bits of portable C`(
        _ level: ISALevel, _ element: KVElement
    ) throws {
        for scores in [AttentionMergeTests.Scores.vanishing, .high, .rising, .tower, .swinging] {
            for window in [nil, 300] {
                let work = PagedRequests(
                    heads: 2, kvHeads: 1, headDim: 32, window: window, element: element,
                    contexts: [801], seed: 52)
                let cut = PagedRequests.Cut(chunk: 780, threads: 2, planned: 1_000)
                try expectScalar(work, level, cut) { scores.apply(to: $0, of: work) }
            }
        }
    }

    /// Weights of many magnitudes: the sum of few alike would be exact in any order.
    @Test(arguments: ISALevel.others, KVElement.allCases)
    func `steep scores have the bits of portable C`(
        _ level: ISALevel, _ element: KVElement
    ) throws {
        for factor in [Float(4), 12] {
            let work = PagedRequests(
                heads: 7, kvHeads: 1, headDim: 64, element: element, contexts: [330], seed: 56)
            try expectScalar(work, level, .init(chunk: 150)) { inputs in
                for token in 0..<work.tokens {
                    inputs.withMutableRow(token) { row in
                        for column in 3..<3 + work.width { row[column] *= factor }
                    }
                }
            }
        }
    }

    /// Products and sums around the smallest normal number, which bf16 does not go below, and
    /// numbers that are none.
    @Test(arguments: ISALevel.others, KVElement.allCases)
    func `the smallest numbers and none have the bits of portable C`(
        _ level: ISALevel, _ element: KVElement
    ) throws {
        let work = PagedRequests(
            heads: 4, kvHeads: 1, headDim: 64, element: element, contexts: [90], seed: 53)
        for (cut, chunk) in [(-124, 90), (-130, 1), (-149, 90)] {
            try expectScalar(work, level, .init(chunk: chunk)) { inputs in
                var generator = SeededGenerator(seed: 54)
                for token in 0..<work.tokens {
                    inputs.withMutableRow(token) { row in
                        for column in row.indices {
                            let exponent = Int.random(in: cut...cut + 40, using: &generator)
                            row[column] *= Float(sign: .plus, exponent: exponent, significand: 1)
                        }
                    }
                }
            }
        }
        for bad in [Float.nan, .infinity] {
            try expectScalar(work, level, .init(chunk: 40)) { inputs in
                inputs.withMutableRow(17) { $0[3 + work.width + 5] = bad }
                inputs.withMutableRow(60) { $0[3 + 5] = bad }
                inputs.withMutableRow(70) { $0[3 + work.width + work.kvWidth + 5] = bad }
            }
        }
    }

    @Test(arguments: ISALevel.others, KVElement.allCases.filter { $0 != .f32 })
    func `keys and values are kept as the same bytes at every level`(
        _ level: ISALevel, _ element: KVElement
    ) throws {
        var generator = SeededGenerator(seed: 55)
        for headDim in [30, 64] {
            let slots = 48
            let x = try FloatMatrix(rows: slots, columns: headDim)
            for slot in 0..<slots {
                x.withMutableRow(slot) { row in
                    for column in row.indices {
                        row[column] =
                            slot % 2 == 0
                            ? .random(in: -2...2, using: &generator)
                            : Float(bitPattern: .random(in: 0...UInt32.max, using: &generator))
                    }
                }
            }
            let layerBytes = 2 * 16 * element.slotBytes(headDim)
            let row = AttentionRow(
                queryStart: 0, queryLength: slots, contextLength: slots, tableStart: 0)
            let arenas = try [ISALevel.scalar, level].map { level in
                let arena = try KVArena(pages: 3, pageBytes: layerBytes, element: element)
                for page in 0..<3 {
                    arena.setBytes([UInt8](repeating: 0xa5, count: layerBytes), page: page)
                }
                try level.compute().writeKV(
                    keys: x, values: x, rows: [row], blockTable: [0, 1, 2],
                    placement: KVPlacement(offset: 0, kvHeads: 1, headDim: headDim, blockSize: 16),
                    arena: arena)
                return arena
            }
            for page in 0..<3 {
                #expect(arenas[0].bytes(page: page) == arenas[1].bytes(page: page), "\(element)")
            }
        }
    }
}
