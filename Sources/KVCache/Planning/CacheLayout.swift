/// The layout and the size of a KV cache: everything that is known before a byte is allocated.
///
/// The cache is `blockCount` pages of `pageBytes`, all equal. A page of a group holds the keys and
/// values of its block's `blockSize` tokens, layer by layer, each in a part as large as the largest
/// needs; where its bytes lie in memory is for the owner of the arena to decide. The token at
/// position `p` has slot `p % blockSize` of the block at entry `p / blockSize` of its group's
/// table. A contiguous cache is a layout whose `blockSize` is `maxModelLength`.
package struct CacheLayout: Hashable, Sendable {
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

    /// The parts that a page is cut into, each for a layer or for several small ones.
    package let partsPerPage: Int

    /// Bytes of a part that belong to one token: what the largest layer keeps.
    let partBytesPerToken: Int

    /// Blocks of the arena, the null block (block 0) included.
    package let blockCount: Int

    /// Where each layer's keys and values lie, by layer.
    package let locations: [Location]

    /// A layer's place in the cache.
    package struct Location: Hashable, Sendable {
        /// The index of its group in `groups`.
        package let group: Int

        /// The part of a page of that group that it lies in.
        package let part: Int

        /// Bytes that the layers before it in that part keep for one token.
        package let bytesBefore: Int
    }

    init(_ planner: KVPlanner, _ grouping: KVGrouping, blockCount: Int) {
        geometry = planner.geometry
        dtype = planner.dtype
        blockSize = planner.blockSize
        maxModelLength = planner.maxModelLength
        maxChunk = planner.maxChunk
        groups = grouping.groups
        partsPerPage = grouping.partsPerPage
        partBytesPerToken = grouping.partBytesPerToken
        locations = grouping.locations
        self.blockCount = blockCount
    }
}

// MARK: - Sizes, in bytes

extension CacheLayout {
    /// One part of a page: the keys and values of its largest layer.
    package var partBytes: Int { partBytesPerToken * blockSize }

    /// One block.
    package var pageBytes: Int { partsPerPage * partBytes }

    /// The keys and values of a full cache, which is what a budget is for; the null block's page is
    /// never touched.
    package var residentBytes: Int { capacity * pageBytes }
}

// MARK: - Blocks of sequences

extension CacheLayout {
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
