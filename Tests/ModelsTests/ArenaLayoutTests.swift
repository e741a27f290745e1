import KVCache
import QuireModels
import Testing

@testable import Tensors

struct ArenaLayoutTests {
    @Test func `large layers lie an odd number of KiB apart, small ones touch`() {
        for bytes in [1, 64, 4096, (64 << 10) - 1, 1 << 40, .max] {
            #expect(ArenaLayout.layerStride(ofBytes: bytes) == bytes)
        }
        for bytes in [64 << 10, (64 << 10) + 1, 65 << 10, 192 << 10, 8 << 20, (1 << 40) - 1] {
            let stride = ArenaLayout.layerStride(ofBytes: bytes)
            #expect(stride % 1024 == 0 && stride / 1024 % 2 == 1)
            #expect(stride >= bytes && stride < bytes + 2048)
        }
    }

    @Test(arguments: KVDType.allCases)
    func `a slot has as many bytes in the planner's sums as in the kernels`(dtype: KVDType) {
        for headDim in Array(1...300) + [512, 576, 1023, 1024, KVCacheLimits.maxInt8HeadDim] {
            #expect(dtype.slotBytes(headDim) == dtype.element.slotBytes(headDim), "\(headDim)")
        }
        #expect(KVCacheLimits.maxInt8HeadDim == KVElement.maxInt8HeadDim)
    }

    @Test(arguments: [1, 7, 16, 64, 256])
    func `an arena maps what its layout says`(blockSize: Int) throws {
        for (layers, heads) in [(1, 1), (24, 2), (32, 32)] {
            let plan = try KVPlanner(
                geometry: KVGeometry(
                    spans: Array(repeating: .full, count: layers), kvHeads: heads, headDim: 64),
                blockSize: blockSize, maxModelLength: 64
            ).plan(sequences: 3)
            let layout = ArenaLayout(plan)
            #expect(layout.arenaBytes == plan.blockCount * layers * layout.layerStride)
            #expect(try layout.makeArena(pages: plan.blockCount).byteCount == layout.arenaBytes)
        }
    }

    @Test func `layers, keys, values and heads tile a page without gap or overlap`() throws {
        let spans: [AttentionSpan] = [.full, .slidingWindow(8), .full, .slidingWindow(8)]
        for dtype in KVDType.allCases {
            let plan = try KVPlanner(
                geometry: KVGeometry(spans: spans, kvHeads: 3, headDim: 8), dtype: dtype,
                blockSize: 4, maxModelLength: 32
            ).plan(sequences: 1)
            for group in plan.groups {
                let starts = group.layers.flatMap { starts(ofLayer: $0, plan) }
                let step = 4 * dtype.element.slotBytes(8)
                #expect(starts.sorted() == Array(stride(from: 0, to: plan.pageBytes, by: step)))
            }
        }
    }

    /// Where in a page each head's keys and values begin.
    private func starts(ofLayer layer: Int, _ plan: KVPlan) -> [Int] {
        let place = ArenaLayout(plan).placement(ofLayer: layer)
        return (0..<place.kvHeads).flatMap { head in
            [true, false].map { keys in
                place.offset + place.headOffset(plan.dtype.element, head: head, keys: keys)
            }
        }
    }
}
