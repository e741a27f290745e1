import KVCache

/// Blocks of the engine's own cache: its tables, its pool, its free list.
///
/// With `blockSize` the longest sequence it is the contiguous cache. With the tokens of a memory
/// page it counts as a virtually contiguous cache does, which reserves addresses for the longest
/// sequence and maps pages as tokens come (Prabhu et al., "vAttention", ASPLOS 2025).
struct PagedSlots: SlotAllocator {
    private var cache: PagedCache
    private let watermark: Int
    /// The blocks of a prefix that all requests share; empty: they share none.
    private var prefix: SequenceBlocks

    /// A cache of as many whole blocks as `capacity` slots have.
    ///
    /// - Parameter prefixTokens: tokens at the head of every prompt that are the same: the full
    ///   blocks of them are held once.
    /// - Throws: `KVCacheError` where the longest sequence does not fit.
    init(
        capacity: Int, blockSize: Int, longest: Int, prefixTokens: Int = 0
    ) throws(KVCacheError) {
        let blocks = capacity / blockSize
        cache = try .ofSlots(
            blocks, blockSize: blockSize, longest: min(longest, blocks * blockSize))
        watermark = capacity / blockSize / 100
        prefix = cache.makeSequence()
        let shared = prefixTokens / blockSize * blockSize
        let fits = cache.grow(&prefix, tokens: shared)
        precondition(fits, "a prefix that is part of a sequence does not fit")
    }

    var grows: Bool { true }
    var copiedTokens: Int { 0 }
    private var blockSize: Int { cache.layout.blockSize }

    mutating func admit(
        _ request: LengthSample, tokens: Int, nothingRuns: Bool
    ) -> SequenceBlocks? {
        let needed = max(0, (tokens + blockSize - 1) / blockSize - prefix.entryCount)
        guard needed <= cache.pool.freeCount - (nothingRuns ? 0 : watermark) else { return nil }
        var sequence =
            prefix.entryCount > 0
            ? cache.fork(prefix)
            : cache.makeSequence(reserving: request.prompt + request.output)
        let fits = cache.grow(&sequence, tokens: tokens)
        precondition(fits, "blocks that were counted are not there")
        return sequence
    }

    mutating func grow(_ holding: inout SequenceBlocks, tokens: Int) -> Bool {
        cache.grow(&holding, tokens: tokens)
    }

    mutating func release(_ holding: inout SequenceBlocks) { cache.release(&holding) }

    func slots(of holding: SequenceBlocks) -> Int { holding.entryCount * blockSize }

    func rounding(of holding: SequenceBlocks) -> Int { 0 }

    var sharedSlots: Int { prefix.entryCount * blockSize }
}

extension PagedCache {
    /// A cache of `blocks` blocks of one layer, without prefix caching: for counting.
    ///
    /// - Throws: `KVCacheError` where a sequence of `longest` tokens does not fit.
    static func ofSlots(
        _ blocks: Int, blockSize: Int, longest: Int
    ) throws(KVCacheError) -> PagedCache {
        let planner = KVPlanner(
            geometry: KVGeometry(spans: [.full], kvHeads: 1, headDim: 1), blockSize: blockSize,
            maxModelLength: longest)
        let configuration = CacheConfiguration(prefixCaching: false, seed: 0)
        return PagedCache(
            layout: try planner.plan(blockCount: blocks + 1), configuration: configuration)
    }
}
