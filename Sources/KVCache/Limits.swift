/// The bounds of the KV cache's bookkeeping.
public enum KVCacheLimits {
    /// Blocks of one pool. At 12 bytes a block the bookkeeping of a full pool is 800 MB, so
    /// nothing real comes near; it keeps block numbers far inside 32 bits.
    public static let maxBlocks = 1 << 26

    /// Tokens of one block: at most a whole sequence (the contiguous baseline).
    public static let maxBlockSize = 1 << 24

    /// Tokens of one sequence.
    public static let maxModelLength = 1 << 24

    /// Layers of a model.
    public static let maxLayers = 4_096

    /// Key/value heads of a layer, and elements of one head.
    public static let maxHeadExtent = 1 << 16

    /// Contents whose lookups the filter before a tier counts.
    public static let trackedKeys = 64_000
}
