import TestSupport
import Testing

@testable import Tensors

struct AttentionPlanTests {
    @Test func `a group is cut no finer than threads need`() {
        #expect(AttentionPlan.cuts(4, items: 1, 1) == 1)
        #expect(AttentionPlan.cuts(4, items: 1, 2) == 2)
        #expect(AttentionPlan.cuts(7, items: 1, 2) == 2)
        #expect(AttentionPlan.cuts(6, items: 2, 5) == 3)
        #expect(AttentionPlan.cuts(3, items: 1, 64) == 3)
        #expect(AttentionPlan.cuts(8, items: 40, 2) == 1)
        #expect(AttentionPlan.cuts(8, items: 0, 2) == 1)
    }

    private func rows(_ shapes: [(queries: Int, context: Int)]) -> [AttentionRow] {
        var start = 0
        return shapes.map { shape in
            defer { start += shape.queries }
            return AttentionRow(
                queryStart: start, queryLength: shape.queries, contextLength: shape.context,
                tableStart: 0)
        }
    }

    @Test(arguments: [1, 2, 3, 8], [nil, 512, 100])
    func `items cover every head, query and part once`(threads: Int, window: Int?) throws {
        var generator = SeededGenerator(seed: UInt64(threads))
        let plan = try AttentionPlan()
        for _ in 0..<50 {
            let shapes = (0..<Int.random(in: 1...6, using: &generator)).map { _ in
                let queries =
                    Bool.random(using: &generator)
                    ? 1 : Int.random(in: 0...70, using: &generator)
                return (queries, queries + Int.random(in: 0...9_000, using: &generator))
            }
            let rows = rows(shapes)
            let (kvHeads, group) = ([1, 2, 4].randomElement(using: &generator) ?? 1, 7)
            let parameters = AttentionParameters(
                heads: kvHeads * group, scale: 1, window: window)
            plan.make(
                rows, parameters: parameters, kvHeads: kvHeads, headDim: 64, threads: threads)
            // The parts of each head of each query, as (part, times).
            var seen: [[Int]: Int] = [:]
            for item in plan.items {
                #expect(item.states == nil || item.heads == 0..<group)
                #expect((0..<item.shares).contains(item.share))
                let runs = [item.parts.lowerBound, item.parts.upperBound - 1].map {
                    $0 >> item.level
                }
                #expect(item.states == nil || runs[0] == runs[1])
                for query in item.token..<item.token + item.queries {
                    for head in item.heads {
                        for part in item.parts {
                            seen[[query, item.kvHead, head, part], default: 0] += 1
                        }
                    }
                }
            }
            let isOnce = seen.values.allSatisfy { $0 == 1 }
            #expect(isOnce)
            var queries = 0
            for row in rows { queries += row.queryLength }
            let covered = Set(seen.keys.map { Array($0.prefix(3)) }).count
            let wanted = queries * kvHeads * group
            #expect(covered == wanted)
        }
    }

    @Test func `a long context of one head keeps all threads busy`() throws {
        let plan = try AttentionPlan()
        let parameters = AttentionParameters(heads: 4, scale: 1)
        plan.make(
            rows([(1, 8_192)]), parameters: parameters, kvHeads: 1, headDim: 256, threads: 2)
        #expect(plan.items.count == 2 * TensorLimits.attentionItems)
        #expect(Set(plan.items.map(\.counter)).count == 1)
        let work = plan.items.map(\.work)
        let first: Int = work.prefix(work.count / 2).reduce(0, +)
        let all: Int = work.reduce(0, +)
        #expect(2 * first == all)
        // A short one is not worth the second thread.
        plan.make(rows([(1, 100)]), parameters: parameters, kvHeads: 1, headDim: 256, threads: 2)
        #expect(!plan.isShared && plan.items.count == 1)
    }

    @Test func `the longest items are first in every thread's run`() throws {
        let plan = try AttentionPlan()
        let parameters = AttentionParameters(heads: 8, scale: 1)
        plan.make(
            rows((0..<40).map { (1, 16 << ($0 % 8)) }), parameters: parameters, kvHeads: 8,
            headDim: 64, threads: 3)
        let count = plan.items.count
        for thread in 0..<3 {
            let run = plan.items[count * thread / 3..<count * (thread + 1) / 3].map(\.work)
            for (longer, shorter) in zip(run, run.dropFirst()) {
                // To half a power of two.
                #expect(3 * longer >= 2 * shorter)
            }
        }
    }
}
