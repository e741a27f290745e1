/// The arithmetic of the KV cache's size: what a budget holds and what a length costs.
///
/// ```swift
/// let planner = KVPlanner(geometry: model.kvGeometry, maxModelLength: 4096)
/// let plan = try planner.plan(budget: 512 << 20)
/// print(plan.blockCount, plan.residentBytes)
/// ```
package struct KVPlanner: Hashable, Sendable {
    /// The model.
    package var geometry: KVGeometry

    /// The number format of keys and values.
    package var dtype: KVDType

    /// Tokens of one block. 16 wastes 8 slots a sequence on average and keeps a page of one head
    /// (16 x 64 x 2 bytes) at half a memory page, long enough for the hardware's prefetcher.
    package var blockSize: Int

    /// Tokens of the longest sequence.
    package var maxModelLength: Int

    /// Tokens of one sequence that are computed in one step at most: a sliding window must keep
    /// the chunk besides the window.
    package var maxChunk: Int

    /// Describes a cache; nothing is checked or computed yet.
    package init(
        geometry: KVGeometry, dtype: KVDType = .f16, blockSize: Int = 16, maxModelLength: Int,
        maxChunk: Int = 512
    ) {
        self.geometry = geometry
        self.dtype = dtype
        self.blockSize = blockSize
        self.maxModelLength = maxModelLength
        self.maxChunk = maxChunk
    }

    /// The largest cache within a budget.
    ///
    /// - Parameter budget: bytes for keys and values.
    /// - Throws: `KVCacheError.insufficientMemory` when one sequence of `maxModelLength` does not
    ///   fit, with the length that would and the budget that it takes;
    ///   `.invalidConfiguration` for numbers out of range.
    package func plan(budget: Int) throws(KVCacheError) -> CacheLayout {
        let empty = try layout()
        let blocks = min(max(0, budget) / empty.pageBytes, KVCacheLimits.maxBlocks - 1)
        return try plan(capacity: blocks, of: empty, budget: budget)
    }

    /// The cache that holds `sequences` of `maxModelLength` at once, and no more.
    ///
    /// - Throws: `KVCacheError.invalidConfiguration` for numbers out of range, also when so many
    ///   sequences take more blocks than a pool can have.
    package func plan(sequences: Int) throws(KVCacheError) -> CacheLayout {
        let empty = try layout()
        let each = empty.peakBlocks(tokens: maxModelLength, chunk: maxChunk)
        let (blocks, overflow) = each.multipliedReportingOverflow(by: max(1, sequences))
        guard !overflow, blocks < KVCacheLimits.maxBlocks else {
            throw KVCacheError(
                .invalidConfiguration,
                "\(sequences) sequences of \(maxModelLength) tokens take \(each) blocks each, more "
                    + "than a pool can have; lower the context length or raise the block size")
        }
        return try plan(capacity: blocks, of: empty, budget: nil)
    }

    /// The cache of exactly `blockCount` blocks, the null block included.
    ///
    /// - Throws: as `plan(budget:)`.
    package func plan(blockCount: Int) throws(KVCacheError) -> CacheLayout {
        let empty = try layout()
        let blocks = min(max(1, blockCount), KVCacheLimits.maxBlocks) - 1
        return try plan(capacity: blocks, of: empty, budget: nil)
    }

    /// The largest `maxModelLength` up to this one that a budget holds; 0 when not one token fits.
    ///
    /// - Throws: `KVCacheError.invalidConfiguration` for numbers out of range.
    /// - Complexity: O(log `maxModelLength`) plans.
    package func maximumLength(budget: Int) throws(KVCacheError) -> Int {
        let empty = try layout()
        return maximumLength(blocks: max(0, budget) / empty.pageBytes, of: empty)
    }
}

extension KVPlanner {
    /// The plan with no block but the null block: the page layout alone.
    private func layout() throws(KVCacheError) -> CacheLayout {
        try check()
        let grouping = KVGrouping(geometry, dtype)
        // The checks bound a page's bytes of one token far below an Int.
        let token = grouping.partsPerPage * grouping.partBytesPerToken
        guard !token.multipliedReportingOverflow(by: blockSize).overflow else {
            throw KVCacheError(
                .invalidConfiguration,
                "one block of \(blockSize) tokens has more bytes than can be addressed; lower "
                    + "the block size")
        }
        return CacheLayout(self, grouping, blockCount: 1)
    }

    private func plan(
        capacity: Int, of empty: CacheLayout, budget: Int?
    ) throws(KVCacheError) -> CacheLayout {
        let needed = empty.peakBlocks(tokens: maxModelLength, chunk: maxChunk)
        guard needed <= capacity else {
            throw tooSmall(needed: needed, capacity: capacity, of: empty, budget: budget)
        }
        // The arena may put room between pages, so only half of the address range is used.
        let (bytes, overflow) = empty.pageBytes.multipliedReportingOverflow(by: capacity + 1)
        guard !overflow, bytes <= Int.max / 2 else {
            throw KVCacheError(
                .invalidConfiguration,
                "\(capacity) blocks of \(empty.pageBytes) bytes are more than can be addressed; "
                    + "lower the context length or the number of blocks")
        }
        return CacheLayout(self, KVGrouping(geometry, dtype), blockCount: capacity + 1)
    }

    private func maximumLength(blocks: Int, of empty: CacheLayout) -> Int {
        var fits = 0
        var tooLong = maxModelLength + 1
        while tooLong - fits > 1 {
            let middle = fits + (tooLong - fits) / 2
            if empty.peakBlocks(tokens: middle, chunk: maxChunk) <= blocks {
                fits = middle
            } else {
                tooLong = middle
            }
        }
        return fits
    }

    private func tooSmall(
        needed: Int, capacity: Int, of empty: CacheLayout, budget: Int?
    ) -> KVCacheError {
        let wanted = needed.multipliedReportingOverflow(by: empty.pageBytes)
        let bytes = wanted.overflow ? "more bytes than exist" : describe(bytes: wanted.partialValue)
        let given = budget.map { "the budget is \(describe(bytes: max(0, $0))), " } ?? ""
        let fits = maximumLength(blocks: capacity, of: empty)
        let remedy =
            fits > 0
            ? "lower the context to at most \(fits) tokens, or give the KV cache \(bytes)"
            : "give the KV cache at least \(bytes)"
        let smaller =
            switch dtype {
            case .f32: "; f16 keys and values halve it"
            case .f16, .bf16: "; int8 keys and values nearly halve it"
            case .int8: ""
            }
        return KVCacheError(
            .insufficientMemory,
            "the KV cache cannot hold one sequence of the max seq len \(maxModelLength): it takes "
                + "\(bytes) (\(needed) blocks of \(blockSize) tokens), "
                + "\(given)which is \(capacity) blocks; \(remedy)\(smaller)")
    }

    private func check() throws(KVCacheError) {
        func require(_ value: Int, _ name: String, atMost limit: Int) throws(KVCacheError) {
            guard value >= 1, value <= limit else {
                throw KVCacheError(
                    .invalidConfiguration,
                    "\(name) is \(value); it must be between 1 and \(limit)")
            }
        }
        try require(geometry.layers.count, "the number of layers", atMost: KVCacheLimits.maxLayers)
        for (index, layer) in geometry.layers.enumerated() {
            try require(
                layer.kvHeads, "kv heads of layer \(index)", atMost: KVCacheLimits.maxHeadExtent)
            try require(
                layer.headDim, "the head dimension of layer \(index)",
                atMost: dtype == .int8
                    ? KVCacheLimits.maxInt8HeadDim : KVCacheLimits.maxHeadExtent)
            if case .slidingWindow(let window) = layer.span {
                try require(
                    window, "the sliding window of layer \(index)", atMost: Int(UInt32.max))
            }
        }
        try require(blockSize, "the block size", atMost: KVCacheLimits.maxBlockSize)
        try require(maxModelLength, "the context length", atMost: KVCacheLimits.maxModelLength)
        try require(maxChunk, "the chunk size", atMost: KVCacheLimits.maxModelLength)
    }
}

/// A number of bytes in decimal units, rounded up, as `quire inspect --plan` has them.
func describe(bytes: Int) -> String {
    var value = Double(bytes)
    var unit = 0
    let units = ["B", "kB", "MB", "GB", "TB", "PB", "EB"]
    while value >= 1000, unit < units.count - 1 {
        value /= 1000
        unit += 1
    }
    guard unit > 0 else { return "\(bytes) B" }
    let tenths = Int((value * 10).rounded(.up))
    return "\(tenths / 10).\(tenths % 10) \(units[unit])"
}
