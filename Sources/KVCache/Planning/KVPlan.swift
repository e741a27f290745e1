/// The layout and the size of a KV cache: everything that is known before a byte is allocated.
///
/// The arena is `blockCount` pages of `pageBytes`, kept layer by layer: a layer of all pages, each
/// `layerStride` bytes after the one before, then the next. A page of a group holds, for its
/// block's `blockSize` tokens:
///
/// ```
/// [layer in the group][kv head][K, then V][slot 0 ..< blockSize][headDim] of dtype
/// ```
///
/// How the slots of one head's keys, or values, are laid out is the kernels' own affair.
/// The token at position `p` has slot `p % blockSize` of the block at entry `p / blockSize` of its
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
    /// One head's keys (or values) of one layer in one page.
    package var headBytes: Int { blockSize * dtype.headBytes(geometry.headDim) }

    /// One layer's keys and values in one page.
    package var layerBytes: Int { 2 * geometry.kvHeads * headBytes }

    /// One block.
    package var pageBytes: Int { layersPerGroup * layerBytes }

    /// The bytes that are mapped for a block, here and in every tier in memory.
    package var pageStride: Int { layersPerGroup * layerStride }

    /// The bytes from a layer of one block to the same layer of the next, here and in every tier
    /// in memory.
    package var layerStride: Int { Self.layerStride(ofBytes: layerBytes) }

    /// The distance at which the blocks of a layer are best laid out.
    ///
    /// Large ones lie an odd number of KiB apart: at a distance of 2^n, the same keys of all blocks
    /// would share a few sets of a cache, and push each other out before they are read.
    package static func layerStride(ofBytes layerBytes: Int) -> Int {
        guard KVCacheLimits.spreadLayerBytes.contains(layerBytes) else { return layerBytes }
        return (layerBytes + 1023) / 1024 * 1024 | 1024
    }

    /// The arena as it is mapped: the null block's page, and the room between large layers (at
    /// most 3 %), included.
    package var arenaBytes: Int { blockCount * pageStride }

    /// The keys and values of a full cache, which is what a budget is for; the null block's page is
    /// never touched.
    package var residentBytes: Int { capacity * pageBytes }

    /// Where in a page the keys of a layer's head start; the layer's page is that of its group.
    package func keyOffset(layer: Int, head: Int) -> Int {
        locations[layer].layerInGroup * layerBytes + 2 * head * headBytes
    }

    /// Where in a page the values of a layer's head start.
    package func valueOffset(layer: Int, head: Int) -> Int {
        keyOffset(layer: layer, head: head) + headBytes
    }
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
