/// The bounds of the KV cache's bookkeeping.
package enum KVCacheLimits {
    /// Blocks of one pool. At 128 bytes a block the bookkeeping of a full pool is 8 GB, so
    /// nothing real comes near; it keeps block numbers far inside 32 bits.
    package static let maxBlocks = 1 << 26

    /// Tokens of one block: at most a whole sequence (the contiguous baseline).
    package static let maxBlockSize = 1 << 24

    /// Tokens of one sequence.
    package static let maxModelLength = 1 << 24

    /// Layers of a model.
    package static let maxLayers = 4_096

    /// Key/value heads of a layer, and elements of one head.
    package static let maxHeadExtent = 1 << 16

    /// Elements of one head of int8 keys and values, which are turned in one buffer.
    package static let maxInt8HeadDim = 4096

    /// Contents whose lookups the filter before a tier counts.
    package static let trackedKeys = 64_000
    /// Children of a prefix that are compared for a partial hit: a prompt's continuations are many
    /// under a shared system prompt, and the most recent are the likeliest.
    package static let maxPartialCandidates = 16

    /// Nodes that are passed in search of them: other prefixes share their hash bucket.
    package static let maxPartialSteps = 64

    /// Cache groups of one plan.
    package static let maxGroups = 1 << 16 - 1

    /// The position at which a token costs twice as much to compute as at the start of a prompt,
    /// in the `cost` policy's model: attention grows with the position, the rest does not.
    package static let costDoublingPosition = 8_192

    /// The share of the cache that new blocks pass through in the `s3fifo` policy, as a divisor.
    package static let s3SmallShare = 10

    /// Keys that the `adaptive` policy watches at most.
    package static let monitoredKeys = 8_192

    /// Different keys among which those are spread, as long as they are four times the cache: one
    /// in eight is watched, and how soon it is used again.
    package static let monitoredSpan = 65_536

    /// The same for small caches, in capacities.
    package static let monitoredTimes = 64

    /// Uses and losses that the `adaptive` policy remembers: when there are more, all count half.
    package static let reuseMemory = 131_072

    /// Uses that its factors are taken to have been right about before anything was seen.
    package static let reusePrior: Float = 30

    /// Candidates that are compared for a victim.
    package static let evictionSamples = 64

    /// Evicted blocks whose uses are remembered, in capacities.
    package static let rememberedUses = 4

    /// What `adaptive` may lose against LRU, of every thousand hits of LRU.
    package static let stakePerThousandHits = 4

    /// Blocks that it may give up before LRU for each hit that it may lose, as a divisor: when at
    /// most one in three of them is asked for.
    package static let leastRisk = 0.35

    /// How many such blocks are remembered at most: three quarters of the cache.
    package static func ghostRoom(blockCount: Int) -> Int { max(1, blockCount * 3 / 4) }

    /// Of how many such blocks all are taken to have been asked for before any was seen.
    package static let stakeDoubt = 128.0

    /// A cache of fewer blocks has too few of them to know: each is taken to be asked for.
    package static let countedGhostBlocks = 512

    /// For how many of them, in capacities, it is remembered whether they were.
    package static let riskTurnovers = 4

    /// Blocks that continue one and the same, up to which they are taken to belong to one
    /// conversation: each turn adds one, and so does an answer that is asked for again. What
    /// continues a shared system prompt begins a conversation of its own.
    package static let conversationBranches: UInt8 = 5
}
