import TestSupport
import Testing

@testable import Tensors

/// What parts of a context give, merged by the logarithms of their sums, is what the whole gives.
struct AttentionMergeTests {
    /// What is added to the scores of a part of 256 keys.
    enum Scores: CaseIterable {
        /// All scores are almost 0: every key weighs the same.
        case vanishing
        /// Far beyond what an exponential can hold, above and below.
        case high, low
        /// Each part outweighs, or is outweighed by, all before it.
        case rising, falling
        /// One part weighs all, the others nothing that a float can hold.
        case tower
        /// Every other part weighs all.
        case swinging

        func offset(part: Int) -> Float {
            switch self {
            case .vanishing: 0
            case .high: 3_000
            case .low: -3_000
            case .rising: 8 * Float(part)
            case .falling: -8 * Float(part)
            case .tower: part == 2 ? 500 : -500
            case .swinging: part % 2 == 0 ? 200 : -200
            }
        }

        /// Makes queries and keys of random ones.
        func apply(to inputs: FloatMatrix, of work: PagedRequests) {
            var start = 0
            for context in work.contexts {
                for position in 0..<context {
                    inputs.withMutableRow(start + position) { row in
                        for head in 0..<work.heads + work.kvHeads {
                            let first = 3 + head * work.headDim
                            let isKey = head >= work.heads
                            if self == .vanishing && isKey {
                                for d in 0..<work.headDim { row[first + d] *= 1e-20 }
                            }
                            // The product of these two, scaled, is the offset.
                            row[first] =
                                isKey
                                ? offset(part: position / 256) : 1 / work.scale
                        }
                    }
                }
                start += context
            }
        }
    }

    private func requests(_ window: Int?, _ element: KVElement) -> PagedRequests {
        PagedRequests(
            heads: 2, kvHeads: 1, headDim: 64, window: window, element: element,
            contexts: [1_037, 258], seed: 23)
    }

    /// A window of 90 hides all of a part from some of the queries that share it with others, at
    /// its beginning and at its end.
    @Test(arguments: ISALevel.available, Scores.allCases)
    func `the parts together give what the definition gives`(
        _ level: ISALevel, _ scores: Scores
    ) throws {
        let exact = try #require(Compute(pool: WorkerPool(threads: 1), level: .scalar))
        for (window, element) in [(nil, KVElement.f32), (90, .f32), (700, .f16)] as [(Int?, _)] {
            let work = requests(window, element)
            let inputs = try work.inputs()
            scores.apply(to: inputs, of: work)
            let outputs = try work.run(inputs, level: level, .init(threads: 2, planned: 1_000))
            // Scores are rounded to 24 bits before their difference is taken.
            let tolerance = 1e-5 + 1e-6 * Double(abs(scores.offset(part: 0)))
            for (token, wanted) in work.oracle(inputs, every: 149, rounding: exact) {
                let near = zip(outputs[token], wanted).allSatisfy {
                    abs(Double($0) - $1) < tolerance
                }
                #expect(near, "token \(token), \(work)")
            }
        }
    }

    @Test(arguments: ISALevel.available, [nil, 90, 700])
    func `however the parts are shared out, no bit changes`(
        _ level: ISALevel, _ window: Int?
    ) throws {
        var random = SeededGenerator(seed: UInt64(window ?? 0))
        for scores in [Scores.high, .rising, .tower] {
            let work = requests(window, .f32)
            let inputs = try work.inputs()
            scores.apply(to: inputs, of: work)
            let whole = try work.run(inputs, level: level)
            for _ in 0..<2 {
                let cut = PagedRequests.Cut(
                    chunk: .random(in: 200...1_400, using: &random), threads: 2,
                    planned: 1 << Int.random(in: 1...14, using: &random))
                let same = try work.run(inputs, level: level, cut) == whole
                #expect(same, "\(scores), \(cut)")
            }
        }
    }
}
