import Foundation
import TestSupport
import Testing

@testable import Tensors

/// How far outputs may be from what a definition in double precision gives for the same rounded
/// keys and values, which are at most 1.
private func tolerance(_ work: PagedRequests) -> Double {
    switch work.element {
    // Queries and weights are rounded to 16 bits.
    case .int8: 2e-4
    // To bf16: the tolerance of the reference (K1).
    case .bf16 where work.headDim % 32 == 0: 1.5e-2
    case .f16, .bf16, .f32: 1e-5
    }
}

private func expectDefinition(
    _ work: PagedRequests, _ level: ISALevel, _ cut: PagedRequests.Cut = .init(), every: Int = 1
) throws {
    let inputs = try work.inputs()
    let outputs = try work.run(inputs, level: level, cut)
    let exact = try #require(Compute(pool: WorkerPool(threads: 1), level: .scalar))
    var worst = 0.0
    for (token, wanted) in work.oracle(inputs, every: every, rounding: exact) {
        for (value, wanted) in zip(outputs[token], wanted) {
            // Not max(): it would lose a NaN.
            let error = abs(Double(value) - wanted)
            if !(error <= worst) { worst = error }
        }
    }
    #expect(worst < tolerance(work), "\(work), \(cut)")
}

@Test(
    arguments: ISALevel.available, [(4, 4), (8, 2), (9, 3), (14, 2), (71, 1), (128, 1), (128, 128)])
func `heads of a group share their keys and values`(
    _ level: ISALevel, _ heads: (all: Int, kv: Int)
) throws {
    for element in KVElement.allCases {
        let work = PagedRequests(
            heads: heads.all, kvHeads: heads.kv, element: element, contexts: [45], seed: 11)
        try expectDefinition(work, level, .init(blockSize: 8, chunk: 13))
    }
}

@Test(arguments: ISALevel.available, [8, 32, 40, 64, 72, 80, 96, 128, 256, 512])
func `heads may have any dimension`(_ level: ISALevel, _ headDim: Int) throws {
    for element in KVElement.allCases {
        let work = PagedRequests(
            heads: 3, kvHeads: 1, headDim: headDim, element: element, contexts: [37, 5], seed: 12)
        try expectDefinition(work, level)
    }
}

/// Pages of 256 KiB lie further apart than they are long.
@Test(arguments: ISALevel.available)
func `writers and readers find large pages alike`(_ level: ISALevel) throws {
    let work = PagedRequests(heads: 4, kvHeads: 4, headDim: 128, contexts: [200, 70], seed: 19)
    try expectDefinition(work, level, .init(blockSize: 64, chunk: 100), every: 23)
}

@Test(arguments: ISALevel.available, [nil, 256, 33, 32, 31, 7, 1])
func `a window hides what lies before it`(_ level: ISALevel, _ window: Int?) throws {
    for softCap in [nil, Float(2)] {
        let work = PagedRequests(
            window: window, softCap: softCap, element: .f32, contexts: [330, 1, 64, 90],
            seed: 13)
        try expectDefinition(work, level, .init(blockSize: 4, chunk: 50, threads: 2), every: 7)
    }
}

@Test(arguments: ISALevel.available, [1, 31, 33, 64, 65, 255, 256, 257, 700])
func `contexts of all lengths are read to their end`(_ level: ISALevel, _ context: Int) throws {
    let work = PagedRequests(heads: 2, kvHeads: 1, contexts: [context, 3], seed: 14)
    try expectDefinition(work, level, .init(chunk: 300), every: 37)
}

private func sameBits(_ a: [Float], _ b: [Float]) -> Bool {
    // An element at a time would take most of the tests' time in a debug build.
    let difference = unsafe memcmp(a, b, min(a.count, b.count) * MemoryLayout<Float>.stride)
    return a.count == b.count && difference == 0
}

@Test(arguments: ISALevel.available, [nil, 47])
func `blocks, chunks and threads change no bit`(_ level: ISALevel, _ window: Int?) throws {
    for (heads, kvHeads, headDim, element) in [
        (14, 2, 64, KVElement.f16), (4, 4, 32, .bf16), (3, 1, 80, .f16), (7, 1, 64, .int8),
        (3, 1, 72, .int8), (4, 2, 16, .f32),
    ] {
        let work = PagedRequests(
            heads: heads, kvHeads: kvHeads, headDim: headDim, window: window,
            softCap: headDim == 80 ? 5 : nil, element: element, contexts: [99, 1, 67], seed: 15)
        let inputs = try work.inputs()
        let reference = try work.run(inputs, level: level)
        for blockSize in [1, 8, 16, 32, 256, 500] {
            for (chunk, threads) in [(1, 1), (7, 2), (64, 2), (Int.max, 2)] {
                let cut = PagedRequests.Cut(
                    blockSize: blockSize, chunk: chunk, threads: threads)
                let outputs = try work.run(inputs, level: level, cut)
                let same = zip(outputs, reference).allSatisfy { sameBits($0, $1) }
                #expect(same, "\(work), \(cut)")
            }
        }
    }
}

@Test(arguments: ISALevel.available)
func `values beyond half precision stay finite`(_ level: ISALevel) throws {
    let work = PagedRequests(heads: 1, kvHeads: 1, contexts: [9], seed: 16)
    let inputs = try work.inputs()
    inputs.withMutableRow(8) { floats in
        for column in (3 + work.width)..<floats.count { floats[column] = 1e30 }
    }
    let outputs = try work.run(inputs, level: level)
    #expect(outputs[8].allSatisfy { $0.isFinite && $0 <= 65_504 })
    // The key and value of the last token are invisible to those before it.
    let shorter = PagedRequests(heads: 1, kvHeads: 1, contexts: [8], seed: 16)
    let before = try FloatMatrix(rows: 8, columns: inputs.columns)
    before.gather(Array(0..<8), of: inputs)
    #expect(try Array(outputs[..<8]) == shorter.run(before, level: level))
}

@Test(arguments: ISALevel.available, [KVElement.f16, .int8])
func `a single KV head is shared without a change of a bit`(
    _ level: ISALevel, _ element: KVElement
) throws {
    let work = PagedRequests(
        heads: 6, kvHeads: 1, headDim: 256, element: element, contexts: [300], seed: 17)
    let inputs = try work.inputs()
    let alone = try work.run(inputs, level: level, .init(chunk: 290))
    for threads in [2, 3, 5] {
        let shared = try work.run(inputs, level: level, .init(chunk: 290, threads: threads))
        #expect(zip(alone, shared).allSatisfy { sameBits($0, $1) })
        let single = try work.run(inputs, level: level, .init(chunk: 1, threads: threads))
        #expect(zip(alone, single).allSatisfy { sameBits($0, $1) })
    }
}

@Test(arguments: ISALevel.available, [nil, 800])
func `parts are merged alike whoever attends them`(_ level: ISALevel, _ window: Int?) throws {
    let work = PagedRequests(
        heads: 2, kvHeads: 1, window: window, element: .f32, contexts: [1_100], seed: 18)
    try expectDefinition(work, level, .init(chunk: 1_090, threads: 2), every: 211)
    let inputs = try work.inputs()
    let alone = try work.run(inputs, level: level, .init(chunk: 1_090))
    for (chunk, threads) in [(1_090, 2), (1_090, 3), (1_093, 5)] {
        let shared = try work.run(inputs, level: level, .init(chunk: chunk, threads: threads))
        #expect(zip(alone, shared).allSatisfy { sameBits($0, $1) })
    }
}

/// K4, K6 over the kernels' own layout.
@Test(arguments: ISALevel.available, KVElement.allCases)
func `a token's keys and values fill their slot and nothing else`(
    _ level: ISALevel, _ element: KVElement
) throws {
    let compute = try #require(Compute(pool: WorkerPool(threads: 1), level: level))
    for (headDim, blockSize) in [(64, 16), (80, 8), (72, 32), (30, 16), (5, 3), (256, 48)] {
        let headBytes = blockSize * element.slotBytes(headDim)
        let placement = KVPlacement(
            offset: 2 * headBytes, kvHeads: 2, headDim: headDim, blockSize: blockSize)
        var written = Set<Int>()
        for slot in 0..<blockSize {
            // A byte counts as written if it differs from either of two fillings.
            var touched = Set<Int>()
            for filling in [UInt8(0x5a), 0xa5] {
                let arena = try KVArena(pages: 2, pageBytes: 7 * headBytes, element: element)
                for page in 0..<2 {
                    arena.setBytes(
                        [UInt8](repeating: filling, count: 7 * headBytes), page: page)
                }
                var generator = SeededGenerator(seed: UInt64(slot))
                let x = try FloatMatrix.random(
                    rows: 1, columns: 4 * headDim, using: &generator)
                let row = AttentionRow(
                    queryStart: 0, queryLength: 1, contextLength: slot + 1, tableStart: 0)
                compute.writeKV(
                    keys: x, values: x, valueColumn: 2 * headDim, rows: [row], blockTable: [1],
                    placement: placement, arena: arena)
                let untouched = arena.bytes(page: 0).allSatisfy { $0 == filling }
                #expect(untouched)
                for (index, byte) in arena.bytes(page: 1).enumerated() where byte != filling {
                    touched.insert(index)
                }
            }
            let wanted = 4 * element.slotBytes(headDim)
            #expect(touched.count == wanted)
            #expect(touched.isDisjoint(with: written))
            written.formUnion(touched)
        }
        // All slots together are all of the heads, and nothing before or behind them.
        let all = Set(2 * headBytes..<6 * headBytes)
        #expect(written == all)
    }
}
