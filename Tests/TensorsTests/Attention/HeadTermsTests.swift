import TestSupport
import Testing

@testable import Tensors

/// Sinks, slopes and chunks: what attention adds to scores, and what it hides by runs.
struct HeadTermsTests {
    /// A layer's kind, by what attention does in it.
    enum Kind: CaseIterable {
        case sinks, slopes, chunks, allWithCap

        func apply(to work: inout PagedRequests) {
            if self == .sinks || self == .allWithCap {
                // Some weigh as much as all keys, some nothing.
                work.terms.sinks = (0..<work.heads).map { Float($0 * 5 % 7) * 2 - 5 }
            }
            if self == .slopes || self == .allWithCap {
                work.terms.slopes = HeadTerms.alibi(heads: work.heads)
            }
            if self == .chunks || self == .allWithCap {
                work.window = 70
                work.isChunked = true
            }
            if self == .allWithCap { work.softCap = 3 }
        }
    }

    private static func work(
        _ kind: Kind, _ element: KVElement, heads: Int = 6, headDim: Int = 32,
        contexts: [Int] = [330, 1, 90]
    ) -> PagedRequests {
        var work = PagedRequests(
            heads: heads, kvHeads: 2, headDim: headDim, element: element, contexts: contexts,
            seed: 71)
        kind.apply(to: &work)
        return work
    }

    @Test(arguments: ISALevel.available, Kind.allCases)
    func `outputs are those of the definition`(_ level: ISALevel, _ kind: Kind) throws {
        let exact = try #require(Compute(pool: WorkerPool(threads: 1), level: .scalar))
        for element in KVElement.allCases {
            for headDim in [32, 72] {
                let work = Self.work(kind, element, headDim: headDim)
                let inputs = try work.inputs()
                let outputs = try work.run(inputs, level: level, .init(chunk: 100, threads: 2))
                let tolerance =
                    switch element {
                    case .int8: 2e-4
                    case .bf16 where headDim == 32: 1.5e-2
                    default: 1e-5
                    }
                for (token, wanted) in work.oracle(inputs, every: 7, rounding: exact) {
                    let near = zip(outputs[token], wanted).allSatisfy {
                        abs(Double($0) - $1) < tolerance
                    }
                    #expect(near, "token \(token), \(work)")
                }
            }
        }
    }

    @Test(arguments: ISALevel.available, Kind.allCases)
    func `blocks, chunks of prompts, threads and parts change no bit`(
        _ level: ISALevel, _ kind: Kind
    ) throws {
        for element in KVElement.allCases {
            let work = Self.work(kind, element, contexts: [600, 67])
            let inputs = try work.inputs()
            let wanted = try work.run(inputs, level: level).map(bits)
            for cut in [
                PagedRequests.Cut(blockSize: 5, chunk: 64), .init(blockSize: 256, chunk: 7),
                .init(chunk: 1, threads: 2), .init(chunk: 590, threads: 2, planned: 1_000),
            ] {
                #expect(try work.run(inputs, level: level, cut).map(bits) == wanted, "\(cut)")
            }
        }
    }

    @Test(arguments: ISALevel.others, Kind.allCases)
    func `every level has the bits of portable C`(_ level: ISALevel, _ kind: Kind) throws {
        for element in KVElement.allCases {
            for headDim in [5, 64, 80] {
                let work = Self.work(
                    kind, element, headDim: headDim, contexts: [301, 5])
                let inputs = try work.inputs()
                let cut = PagedRequests.Cut(chunk: 290, threads: 2, planned: 1_000)
                let wanted = try work.run(inputs, level: .scalar, cut).map(bits)
                #expect(try work.run(inputs, level: level, cut).map(bits) == wanted, "\(element)")
            }
        }
    }

    /// An absent sink and one that weighs nothing are one.
    @Test(arguments: ISALevel.available, KVElement.allCases)
    func `a sink that weighs nothing changes no bit`(
        _ level: ISALevel, _ element: KVElement
    ) throws {
        var work = PagedRequests(heads: 4, kvHeads: 2, element: element, contexts: [300], seed: 72)
        let inputs = try work.inputs()
        let wanted = try work.run(inputs, level: level)
        work.terms.sinks = [-.infinity, -.infinity, -.infinity, -.infinity]
        #expect(try work.run(inputs, level: level) == wanted)
        work.terms.sinks = [-1e30, 1, 200, 1e6]
        let outputs = try work.run(inputs, level: level)
        let last = try #require(outputs.last)
        #expect(last[..<32] == wanted[299][..<32] && last[32..<64] != wanted[299][32..<64])
        #expect(last[64...].allSatisfy { abs($0) < 1e-30 })
    }

    @Test func `slopes are those of the paper`() {
        let powers = (1...8).map { Float(sign: .plus, exponent: -$0, significand: 1) }
        #expect(HeadTerms.alibi(heads: 8) == powers)
        let twelve = HeadTerms.alibi(heads: 12)
        #expect(Array(twelve[..<8]) == HeadTerms.alibi(heads: 8))
        let between = HeadTerms.alibi(heads: 16)
        #expect(Array(twelve[8...]) == [between[0], between[2], between[4], between[6]])
        #expect(HeadTerms.alibi(heads: 4, maxBias: 16)[0] == 0.0625)
    }
}
