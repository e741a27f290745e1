import KVCache
import QuireModels
import TestSupport
import Testing

@testable import Tensors

struct ArenaLayoutTests {
    @Test func `large parts lie an odd number of KiB apart, small ones touch`() {
        for bytes in [1, 64, 4096, (64 << 10) - 1, 1 << 40, .max] {
            #expect(ArenaLayout.partStride(ofBytes: bytes) == bytes)
        }
        for bytes in [64 << 10, (64 << 10) + 1, 65 << 10, 192 << 10, 8 << 20, (1 << 40) - 1] {
            let stride = ArenaLayout.partStride(ofBytes: bytes)
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
    func `an arena maps what its arenaLayout says`(blockSize: Int) throws {
        for (layers, heads) in [(1, 1), (24, 2), (32, 32)] {
            let layout = try KVPlanner(
                geometry: KVGeometry(
                    spans: Array(repeating: .full, count: layers), kvHeads: heads, headDim: 64),
                blockSize: blockSize, maxModelLength: 64
            ).plan(sequences: 3)
            let arenaLayout = ArenaLayout(layout)
            #expect(arenaLayout.arenaBytes == layout.blockCount * layers * arenaLayout.partStride)
            #expect(
                try arenaLayout.makeArena(pages: layout.blockCount).byteCount
                    == arenaLayout.arenaBytes)
        }
    }

    @Test func `layers, keys, values and heads tile a page without gap or overlap`() throws {
        let spans: [AttentionSpan] = [.full, .slidingWindow(8), .full, .slidingWindow(8)]
        for dtype in KVDType.allCases {
            let layout = try KVPlanner(
                geometry: KVGeometry(spans: spans, kvHeads: 3, headDim: 8), dtype: dtype,
                blockSize: 4, maxModelLength: 32
            ).plan(sequences: 1)
            for group in layout.groups {
                let places = group.layers.flatMap { starts(ofLayer: $0, layout) }
                let step = 4 * dtype.element.slotBytes(8)
                #expect(places.sorted() == Array(stride(from: 0, to: layout.pageBytes, by: step)))
            }
        }
    }

    @Test(arguments: KVDType.allCases)
    func `layers of different sizes lie in a page without overlap, each in one part`(
        dtype: KVDType
    ) throws {
        var random = SeededGenerator(seed: 12)
        for blockSize in [1, 5, 16] {
            let layers = (0..<40).map { _ in
                KVLayer(
                    span: Bool.random(using: &random) ? .full : .slidingWindow(32),
                    kvHeads: Int.random(in: 1...4, using: &random),
                    headDim: Int.random(in: 1...20, using: &random))
            }
            let layout = try KVPlanner(
                geometry: KVGeometry(layers: layers), dtype: dtype, blockSize: blockSize,
                maxModelLength: 64
            ).plan(sequences: 1)
            let arena = try ArenaLayout(layout).makeArena(pages: 2)
            for group in layout.groups {
                var taken: Set<Int> = []
                for layer in group.layers {
                    let place = ArenaLayout(layout).placement(ofLayer: layer)
                    #expect(place.kvHeads == layers[layer].kvHeads)
                    #expect(place.headDim == layers[layer].headDim)
                    place.check(arena)
                    let bytes = place.kvHeads * 2 * blockSize * dtype.slotBytes(place.headDim)
                    let lies = Set(place.offset..<place.offset + bytes)
                    #expect(taken.isDisjoint(with: lies))
                    taken.formUnion(lies)
                }
            }
        }
    }

    /// Where in a page each head's keys and values begin.
    private func starts(ofLayer layer: Int, _ layout: CacheLayout) -> [Int] {
        let place = ArenaLayout(layout).placement(ofLayer: layer)
        return (0..<place.kvHeads).flatMap { head in
            [true, false].map { keys in
                place.offset + place.headOffset(layout.dtype.element, head: head, keys: keys)
            }
        }
    }
}
