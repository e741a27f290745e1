import KVCache
import Testing

private let gibibyte = 1 << 30

/// 32 layers of 32 kv heads of 128 elements: 512 KiB a token in f16.
private let large = KVGeometry(
    spans: Array(repeating: .full, count: 32), kvHeads: 32, headDim: 128)

@Suite struct `The KV planner` {
    /// D1
    @Test(arguments: [(16_385, 16_384), (16_383, 16_383)])
    func `8 GiB hold exactly 16,384 tokens of half a mebibyte`(wanted: Int, fits: Int) throws {
        #expect(large.bytesPerToken(.f16) == 512 << 10)
        let planner = KVPlanner(geometry: large, maxModelLength: wanted)
        #expect(try planner.maximumLength(budget: 8 * gibibyte) == fits)
    }

    @Test(arguments: [1, 7, 16, 64, 256])
    func `a budget is of keys and values alone`(blockSize: Int) throws {
        for (layers, heads) in [(1, 1), (24, 2), (32, 32)] {
            let planner = KVPlanner(
                geometry: KVGeometry(
                    spans: Array(repeating: .full, count: layers), kvHeads: heads, headDim: 64),
                blockSize: blockSize, maxModelLength: 64)
            let layout = try planner.plan(sequences: 3)
            #expect(layout.residentBytes == layout.capacity * layout.pageBytes)
            #expect(try planner.plan(budget: layout.residentBytes) == layout)
            #expect(try planner.plan(budget: layout.residentBytes - 1 + layout.pageBytes) == layout)
        }
    }

    @Test func `bytes follow kv heads, not query heads`() {
        let spans: [AttentionSpan] = Array(repeating: .full, count: 24)
        for (kvHeads, dtype, bytes) in [
            (14, KVDType.f16, 86_016), (2, .f16, 12_288), (1, .f16, 6_144), (2, .f32, 24_576),
            (2, .bf16, 12_288),
        ] {
            let geometry = KVGeometry(spans: spans, kvHeads: kvHeads, headDim: 64)
            #expect(geometry.bytesPerToken(dtype) == bytes)
        }
    }

    @Test func `3 global and 15 local layers make 6 groups of 3`() throws {
        let spans: [AttentionSpan] = (0..<18).map { $0 % 6 == 5 ? .full : .slidingWindow(512) }
        let planner = KVPlanner(
            geometry: KVGeometry(spans: spans, kvHeads: 1, headDim: 256), maxModelLength: 4096)
        let layout = try planner.plan(sequences: 1)
        #expect(layout.groups.count == 6)
        #expect(layout.partsPerPage == 3)
        #expect(layout.groups.filter { $0.span == .full }.map(\.layers) == [[5, 11, 17]])
        #expect(layout.groups.allSatisfy { $0.layers.count == 3 })
        #expect(layout.pageBytes == 3 * 2 * 256 * 2 * 16)
        #expect(Set(layout.groups.flatMap(\.layers)) == Set(0..<18))
        for (layer, place) in layout.locations.enumerated() {
            #expect(layout.groups[place.group].layers[place.part] == layer)
        }
    }

    @Test func `a count that does not divide leaves room in one group`() throws {
        let spans: [AttentionSpan] = (0..<26).map { $0 % 6 == 5 ? .full : .slidingWindow(512) }
        let planner = KVPlanner(
            geometry: KVGeometry(spans: spans, kvHeads: 1, headDim: 256), maxModelLength: 1024)
        let layout = try planner.plan(sequences: 1)
        #expect(layout.groups.map(\.layers.count).sorted() == [2, 4, 4, 4, 4, 4, 4])
        #expect(layout.partsPerPage == 4)
    }

    @Test func `one span makes one group`() throws {
        let layout = try KVPlanner(geometry: large, maxModelLength: 64).plan(sequences: 1)
        #expect(layout.groups == [layout.groups[0]])
        #expect(layout.groups[0].layers == Array(0..<32))
        #expect(layout.pageBytes == large.bytesPerToken(.f16) * layout.blockSize)
    }

    @Test func `small layers share a part of a page, and the sums follow`() throws {
        // As Gemma 3n: global layers keep more for a token than local ones.
        let layers = (0..<12).map {
            $0 % 3 == 2
                ? KVLayer(span: .full, kvHeads: 2, headDim: 512)
                : KVLayer(span: .slidingWindow(64), kvHeads: 2, headDim: 256)
        }
        let geometry = KVGeometry(layers: layers)
        #expect(geometry.bytesPerToken(.f16) == 2 * 2 * 2 * (4 * 512 + 8 * 256))
        let layout = try KVPlanner(geometry: geometry, maxModelLength: 512).plan(sequences: 1)
        #expect(layout.groups.map(\.layers) == [[0, 1, 3, 4, 6, 7, 9, 10], [2, 5, 8, 11]])
        #expect(layout.partsPerPage == 4 && layout.partBytes == 16 * 2 * 2 * 2 * 512)
        #expect(layout.pageBytes * 2 == geometry.bytesPerToken(.f16) * 16, "no byte is wasted")
        #expect(layout.locations[3].part == 1 && layout.locations[3].bytesBefore == 0)
        #expect(layout.locations[4].part == 1 && layout.locations[4].bytesBefore == 2 * 2 * 2 * 256)
        #expect(layout.bytesRead(context: 500) == 2 * 2 * 2 * (4 * 512 * 500 + 8 * 256 * 64))
    }

    @Test func `layers of unequal sizes are padded, and a budget pays for the padding`() throws {
        // As OpenELM: every layer sees all, and later ones have more heads.
        let layers = [3, 3, 4, 5].map { KVLayer(span: .full, kvHeads: $0, headDim: 64) }
        let planner = KVPlanner(geometry: KVGeometry(layers: layers), maxModelLength: 64)
        let layout = try planner.plan(sequences: 1)
        #expect(layout.groups.map(\.layers) == [[0, 1, 2, 3]] && layout.partsPerPage == 4)
        #expect(layout.pageBytes == 4 * 16 * 2 * 5 * 64 * 2)
        #expect(try planner.plan(budget: layout.residentBytes) == layout)
        #expect(throws: KVCacheError.self) { try planner.plan(budget: layout.residentBytes - 1) }
    }

    @Test func `a number out of range is refused with its layer`() {
        for (bad, name) in [
            (KVLayer(span: .full, kvHeads: 0, headDim: 8), "kv heads of layer 1"),
            (KVLayer(span: .full, kvHeads: 1, headDim: 5000), "the head dimension of layer 1"),
            (KVLayer(span: .slidingWindow(0), kvHeads: 1, headDim: 8), "window of layer 1"),
        ] {
            let planner = KVPlanner(
                geometry: KVGeometry(
                    layers: [KVLayer(span: .full, kvHeads: 1, headDim: 8), bad]),
                dtype: .int8, maxModelLength: 64)
            let error = #expect(throws: KVCacheError.self) { try planner.plan(sequences: 1) }
            #expect(error?.code == .invalidConfiguration)
            #expect(error?.message.contains(name) == true)
        }
    }

    /// D2
    @Test func `a full context bounds how many run at once`() throws {
        let one: [AttentionSpan] = [.full]
        let planner = KVPlanner(
            geometry: KVGeometry(spans: one, kvHeads: 1, headDim: 64), maxModelLength: 16_384)
        let layout = try planner.plan(blockCount: 1536 + 1)
        #expect(layout.concurrency == 1.5)
        #expect(layout.tokenCapacity == 24_576)
    }

    /// D2, H13
    @Test(arguments: [(1024, 129), (2048, 193)])
    func `a window keeps itself and the chunk`(chunk: Int, blocks: Int) throws {
        let planner = KVPlanner(
            geometry: KVGeometry(spans: [.slidingWindow(1024)], kvHeads: 1, headDim: 64),
            maxModelLength: 16_384, maxChunk: chunk)
        let layout = try planner.plan(blockCount: 3 * blocks + 1)
        #expect(layout.peakBlocks(tokens: 16_384, chunk: chunk) == blocks)
        #expect(layout.concurrency == 3)
    }

    /// D2
    @Test func `full and window layers add up`() throws {
        let spans: [AttentionSpan] = [.full, .slidingWindow(1024)]
        let planner = KVPlanner(
            geometry: KVGeometry(spans: spans, kvHeads: 1, headDim: 64), maxModelLength: 16_384,
            maxChunk: 1024)
        let layout = try planner.plan(blockCount: (1024 + 129) * 3 + 1)
        #expect(layout.concurrency == 3)
        #expect(layout.tokenCapacity == 3 * 16_384)
    }

    /// H5; admission itself is with the scheduler's tests.
    @Test func `a long prompt costs a window group no more than a window and a chunk`() throws {
        let spans: [AttentionSpan] = [.full, .slidingWindow(64)]
        let planner = KVPlanner(
            geometry: KVGeometry(spans: spans, kvHeads: 1, headDim: 64), maxModelLength: 512,
            maxChunk: 128)
        let layout = try planner.plan(blockCount: 64 + 13 + 1)
        #expect(layout.peakBlocks(tokens: 512, chunk: 128) == 32 + 13)
        #expect(layout.peakBlocks(tokens: 16, chunk: 128) == 2, "never more than the sequence has")
    }

    /// D3
    @Test func `32 blocks hold at most 512 tokens`() throws {
        let planner = KVPlanner(
            geometry: KVGeometry(spans: [.full], kvHeads: 1, headDim: 64), maxModelLength: 1024)
        let layout = try planner.plan(sequences: 1)
        #expect(try planner.maximumLength(budget: 32 * layout.pageBytes) == 512)
        #expect(try planner.maximumLength(budget: 1 << 30) == 1024)
        #expect(try planner.maximumLength(budget: 0) == 0)
        #expect(try planner.maximumLength(budget: -1) == 0)
    }

    /// D6
    @Test func `too small a cache is refused with the length and the bytes that would do`() {
        let planner = KVPlanner(geometry: large, maxModelLength: 16_384)
        let error = #expect(throws: KVCacheError.self) { try planner.plan(budget: gibibyte) }
        #expect(error?.code == .insufficientMemory)
        let message = error?.message ?? ""
        #expect(message.contains("max seq len 16384"))
        #expect(message.contains("8.6 GB"))
        #expect(message.contains("at most 2048 tokens"))
        let blocks = #expect(throws: KVCacheError.self) { try planner.plan(blockCount: 32) }
        #expect(blocks?.message.contains("max seq len") == true)
        #expect(blocks?.message.contains("at most 496 tokens") == true, "31 blocks and the null")
    }

    /// D4: the length changes only where somebody asks what fits.
    @Test func `a length that is wanted is kept or refused, never shortened`() throws {
        for length in [1, 17, 1024, 2048] {
            let planner = KVPlanner(geometry: large, maxModelLength: length)
            #expect(try planner.plan(budget: gibibyte).maxModelLength == length)
            #expect(try planner.plan(budget: 64 * gibibyte).maxModelLength == length)
            #expect(try planner.plan(blockCount: 4096).maxModelLength == length)
        }
        let planner = KVPlanner(geometry: large, maxModelLength: 2049)
        #expect(throws: KVCacheError.self) { try planner.plan(budget: gibibyte) }
    }

    /// D5, D6: a number of blocks counts the null block, whatever memory there is.
    @Test func `32 given blocks hold 496 tokens and not one more`() throws {
        var planner = KVPlanner(geometry: large, maxModelLength: 496)
        let layout = try planner.plan(blockCount: 32)
        #expect(layout.capacity == 31)
        #expect(layout.concurrency == 1)
        planner.maxModelLength = 497
        let error = #expect(throws: KVCacheError.self) { try planner.plan(blockCount: 32) }
        #expect(error?.message.contains("at most 496 tokens") == true)
    }

    @Test func `a plan uses its budget and no more`() throws {
        let planner = KVPlanner(geometry: large, maxModelLength: 1024)
        let layout = try planner.plan(budget: gibibyte + 12_345)
        #expect(layout.capacity == 128)
        #expect(layout.residentBytes == gibibyte)
    }

    @Test func `one block may be the whole context`() throws {
        let spans: [AttentionSpan] = [.full, .slidingWindow(16)]
        let planner = KVPlanner(
            geometry: KVGeometry(spans: spans, kvHeads: 1, headDim: 4), blockSize: 4096,
            maxModelLength: 4096)
        let layout = try planner.plan(sequences: 3)
        #expect(layout.capacity == 6)
        #expect(layout.concurrency == 3)
    }

    @Test func `numbers out of range are refused by name`() {
        func message(_ change: (inout KVPlanner) -> Void) -> String? {
            var planner = KVPlanner(geometry: large, maxModelLength: 64)
            change(&planner)
            let error = #expect(throws: KVCacheError.self) { try planner.plan(sequences: 1) }
            #expect(error?.code == .invalidConfiguration)
            return error?.message
        }
        #expect(message { $0.blockSize = 0 }?.contains("block size") == true)
        #expect(message { $0.maxModelLength = -1 }?.contains("context length") == true)
        #expect(message { $0.maxChunk = 0 }?.contains("chunk") == true)
        #expect(
            message { $0.geometry = KVGeometry(spans: [], kvHeads: 1, headDim: 1) }?
                .contains("layers") == true)
        #expect(
            message { $0.geometry = KVGeometry(spans: [.full], kvHeads: .max, headDim: 1) }?
                .contains("kv heads") == true)
        #expect(
            message {
                $0.geometry = KVGeometry(spans: [.slidingWindow(0)], kvHeads: 1, headDim: 1)
            }?.contains("window") == true)
    }

    @Test func `sizes beyond the address space are refused, never wrapped`() {
        let extent = KVCacheLimits.maxHeadExtent
        let geometry = KVGeometry(
            spans: Array(repeating: .full, count: KVCacheLimits.maxLayers), kvHeads: extent,
            headDim: extent)
        for (block, length) in [
            (KVCacheLimits.maxBlockSize, KVCacheLimits.maxModelLength),
            (1 << 10, KVCacheLimits.maxModelLength), (1, KVCacheLimits.maxModelLength),
        ] {
            let planner = KVPlanner(
                geometry: geometry, dtype: .f32, blockSize: block, maxModelLength: length)
            #expect(throws: KVCacheError.self) { try planner.plan(sequences: .max) }
            #expect(throws: KVCacheError.self) { try planner.plan(budget: .max) }
        }
    }
}
