public import QuireIdentifiers

/// How far a prompt is cached: what `PagedCache.match` found.
///
/// It refers to blocks by their place in the prefix index and holds none of them: `adopt` it
/// before the cache evicts anything else, or match again.
package struct PrefixMatch: Hashable, Sendable {
    /// Tokens whose keys and values need not be computed, from position 0.
    package internal(set) var tokens = 0

    /// Whole blocks among them.
    package internal(set) var fullBlocks = 0

    /// Tokens after the whole blocks that one copied block will hold.
    package internal(set) var partialTokens = 0

    /// Why the match goes no further.
    package internal(set) var end = PrefixEnd.disabled

    /// Unreferenced blocks of the match, `loads` included: adopting it takes as many from the free
    /// blocks, all groups together, besides what it allocates.
    package internal(set) var evictableHits = 0

    /// Referenced blocks of the match, in groups that keep all: adopting them costs nothing.
    package internal(set) var heldHits = 0

    /// Blocks of the match that one sequence alone holds, in groups with a window: once they are
    /// shared, its leaving the window no longer frees them.
    package internal(set) var soleWindowHits = 0

    /// Blocks of the match that the step being planned will write: they are shared in that step,
    /// and hold nothing if the step fails.
    package internal(set) var pendingHits = 0

    /// Blocks of the match that must be loaded from the host tier.
    package internal(set) var loads = 0

    /// Whole blocks after those of the match that would be matched if they were fetched from the
    /// file tier.
    package internal(set) var fileBlocks = 0

    /// The node of the last of them.
    var fileNode = PrefixNode.none

    /// The node of the last whole block.
    var node = PrefixNode.none

    /// The node whose block begins with `partialTokens` tokens that are wanted.
    var partialNode = PrefixNode.none

    /// The index's count of removals when the match was made.
    var version: UInt64 = 0
}

/// Why a match ends where it ends.
public enum PrefixEnd: Hashable, Sendable {
    /// Prefix caching is off.
    case disabled

    /// All that may be reused is: the prompt but its last token, or the caller's limit.
    case limit(position: Int)

    /// What is cached has another token there.
    case mismatch(position: Int, wanted: TokenID, cached: TokenID)

    /// No cached block continues the match.
    case uncached(position: Int)
}

/// A logical prefix in the index: a slot number.
struct PrefixNode: Hashable, Sendable {
    let rawValue: UInt32

    /// No node.
    static let none = PrefixNode(rawValue: .max)

    /// The root of the shared scope; never removed.
    static let sharedRoot = PrefixNode(rawValue: 0)

    var index: Int { Int(rawValue) }
}
