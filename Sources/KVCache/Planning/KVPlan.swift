/// The layout and the size of a KV cache: everything that is known before a byte is allocated.
///
/// The cache is `blockCount` pages of `pageBytes`, all equal. A page of a group holds the keys and
/// values of its block's `blockSize` tokens, layer by layer; where its bytes lie in memory is for
/// whoever owns that to say. The token at position `p` has slot `p % blockSize` of the block at entry `p / blockSize` of its
/// group's table. A contiguous cache is a plan whose `blockSize` is `maxModelLength`.
package struct KVPlan: Hashable, Sendable {
    /// The model.
    package let geometry: KVGeometry

    /// The number format of keys and values.
    package let dtype: KVDType

    /// Tokens of one block.
    package let blockSize: Int

    /// Tokens of the longest sequence.
    package let maxModelLength: Int

    /// Tokens of one sequence that are computed in one step at most.
    package let maxChunk: Int

    /// The groups of layers that share a block table.
    package let groups: [KVGroup]

    /// Layers that a page has room for.
    package let layersPerGroup: Int

    /// Blocks of the arena, the null block (block 0) included.
    package let blockCount: Int

    /// Where each layer's keys and values lie, by layer.
    package let locations: [Location]

    /// A layer's place in the cache.
    package struct Location: Hashable, Sendable {
        /// The index of its group in `groups`.
        package let group: Int

        /// Its index among the layers of a page of that group.
        package let layerInGroup: Int
    }

    init(
        _ planner: KVPlanner, groups: [KVGroup], layersPerGroup: Int, blockCount: Int
    ) {
        geometry = planner.geometry
        dtype = planner.dtype
        blockSize = planner.blockSize
        maxModelLength = planner.maxModelLength
        maxChunk = planner.maxChunk
        self.groups = groups
        self.layersPerGroup = layersPerGroup
        self.blockCount = blockCount
        var locations = geometry.spans.map { _ in Location(group: 0, layerInGroup: 0) }
        for (index, group) in groups.enumerated() {
            for (place, layer) in group.layers.enumerated() {
                locations[layer] = Location(group: index, layerInGroup: place)
            }
        }
        self.locations = locations
    }
}

// MARK: - Sizes, in bytes

extension KVPlan {
    /// One layer's keys and values in one page.
    package var layerBytes: Int {
        2 * geometry.kvHeads * blockSize * dtype.slotBytes(geometry.headDim)
    }

    /// One block.
    package var pageBytes: Int { layersPerGroup * layerBytes }

    /// The keys and values of a full cache, which is what a budget is for; the null block's page is
    /// never touched.
    package var residentBytes: Int { capacity * pageBytes }
}

// MARK: - Blocks of sequences

extension KVPlan {
    /// Blocks that can hold tokens.
    package var capacity: Int { blockCount - 1 }

    /// Blocks that a running sequence holds at most, all groups together.
    ///
    /// - Parameters:
    ///   - tokens: the sequence's tokens when it ends.
    ///   - chunk: its tokens that are computed in one step at most.
    package func peakBlocks(tokens: Int, chunk: Int) -> Int {
        groups.reduce(0) {
            $0 + $1.peakBlocks(tokens: tokens, chunk: chunk, blockSize: blockSize)
        }
    }

    /// How many sequences of `maxModelLength` the cache holds at once.
    package var concurrency: Double {
        Double(capacity) / Double(peakBlocks(tokens: maxModelLength, chunk: maxChunk))
    }
}
