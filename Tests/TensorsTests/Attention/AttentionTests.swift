import Foundation
import TestSupport
import Testing

@testable import Tensors

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
    // int8 rounds queries and weights to 16 bits.
    #expect(worst < (work.element == .int8 ? 2e-4 : 1e-5), "\(work), \(cut)")
}

@Test(arguments: ISALevel.available, [(4, 4), (8, 2), (9, 3), (14, 2), (71, 1)])
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

@Test(arguments: ISALevel.available, [nil, 256, 33, 32, 31, 7, 1])
func `a window hides what lies before it`(_ level: ISALevel, _ window: Int?) throws {
    for softCap in [nil, Float(2)] {
        let work = PagedRequests(
            window: window, softCap: softCap, element: .f32, contexts: [330, 1, 64, 90],
            seed: 13)
        try expectDefinition(work, level, .init(blockSize: 4, chunk: 50, threads: 2), every: 7)
    }
}

@Test(arguments: ISALevel.available, [1, 31, 32, 33, 64, 257, 700])
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
    for (heads, kvHeads, headDim) in [(14, 2, 64), (4, 4, 32), (3, 1, 80)] {
        let work = PagedRequests(
            heads: heads, kvHeads: kvHeads, headDim: headDim, window: window,
            softCap: headDim == 80 ? 5 : nil, contexts: [99, 1, 67], seed: 15)
        let inputs = try work.inputs()
        let reference = try work.run(inputs, level: level)
        for blockSize in [1, 8, 16, 32, 256, 500] {
            for (chunk, threads) in [(1, 1), (7, 2), (64, 1), (64, 2), (Int.max, 2)] {
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

@Test(arguments: ISALevel.available)
func `a single KV head is shared without a change of a bit`(_ level: ISALevel) throws {
    let work = PagedRequests(
        heads: 6, kvHeads: 1, headDim: 256, contexts: [300], seed: 17)
    let inputs = try work.inputs()
    let alone = try work.run(inputs, level: level, .init(chunk: 290))
    for threads in [2, 3, 5] {
        let shared = try work.run(inputs, level: level, .init(chunk: 290, threads: threads))
        #expect(zip(alone, shared).allSatisfy { sameBits($0, $1) })
        let single = try work.run(inputs, level: level, .init(chunk: 1, threads: threads))
        #expect(zip(alone, single).allSatisfy { sameBits($0, $1) })
    }
}

@Test func `a group is cut no finer than threads need`() {
    #expect(AttentionPlan.cuts(4, items: 1, 1) == 1)
    #expect(AttentionPlan.cuts(4, items: 1, 2) == 2)
    #expect(AttentionPlan.cuts(7, items: 1, 2) == 2)
    #expect(AttentionPlan.cuts(6, items: 2, 5) == 3)
    #expect(AttentionPlan.cuts(3, items: 1, 64) == 3)
    #expect(AttentionPlan.cuts(8, items: 40, 2) == 1)
    #expect(AttentionPlan.cuts(8, items: 0, 2) == 1)
}
