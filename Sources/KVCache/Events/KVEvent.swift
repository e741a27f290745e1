public import QuireIdentifiers

/// A change of what the prefix cache has, for a router that sends requests to where their prefix is
/// cached.
///
/// Per key and group: a key is stored when its first block is registered and removed when its last
/// block goes, whatever duplicates come and go in between.
public enum KVEvent: Hashable, Sendable {
    /// Blocks can be hit from now on.
    case stored(Stored)

    /// Blocks cannot be hit any more.
    case removed(keys: [BlockKey], group: Int, medium: Medium)

    /// Nothing can be hit any more.
    case cleared

    /// Where a block's bytes are.
    public enum Medium: Hashable, Sendable {
        /// The arena that the executor computes on.
        case device

        /// The host tier.
        case host

        /// The file tier.
        case file
    }

    /// A run of blocks of one sequence.
    public struct Stored: Hashable, Sendable {
        /// The blocks' keys, in order.
        public var keys: [BlockKey]

        /// The key of the block before them; nil when they start a sequence.
        public var parent: BlockKey?

        /// The blocks' tokens, `blockSize` for each key.
        public var tokens: [TokenID]

        /// Tokens of a block.
        public var blockSize: Int

        /// The cache group's index in the cache's layout.
        public var group: Int

        /// Where the blocks' bytes are.
        public var medium: Medium

        /// The salt and adapter whose requests may hit these blocks.
        public var scope: PrefixScope

        /// Describes blocks of one sequence that can be hit from now on.
        public init(
            keys: [BlockKey], parent: BlockKey?, tokens: [TokenID], blockSize: Int, group: Int,
            medium: Medium = .device, scope: PrefixScope = .shared
        ) {
            self.keys = keys
            self.parent = parent
            self.tokens = tokens
            self.blockSize = blockSize
            self.group = group
            self.medium = medium
            self.scope = scope
        }
    }
}
