package import KVCache
package import QuireIdentifiers

/// Something that happened to a request, in the order in which it did.
package enum SchedulerAction: Hashable, Sendable {
    /// It has its first tokens in the step that was just planned.
    case admitted(SequenceID, Admission)
    /// It lost its place and waits again; what it has generated is kept.
    case preempted(SequenceID, Preemption)
    /// The request has ended and its blocks are free; full ones stay cached.
    case finished(SequenceID, FinishReason)
}

/// How a request started to run.
package struct Admission: Hashable, Sendable {
    /// Tokens that need not be computed, because the cache had them.
    package var cachedTokens: Int

    /// Why the cached prefix ended there.
    package var prefixEnd: PrefixEnd

    /// Whether it had run before and was preempted.
    package var resumed: Bool

    /// The start of a request.
    package init(cachedTokens: Int, prefixEnd: PrefixEnd, resumed: Bool) {
        self.cachedTokens = cachedTokens
        self.prefixEnd = prefixEnd
        self.resumed = resumed
    }
}

/// How a request lost its place.
public struct Preemption: Hashable, Sendable {
    /// Why a request loses its place.
    public enum Reason: Hashable, Sendable, CaseIterable {
        /// Another request of its class or a better one needed its blocks to go on.
        case blocks
        /// A waiting request of a better class needed its blocks.
        case priorityBlocks
        /// A waiting request of a better class needed its place in the batch.
        case prioritySlot
        /// It was born of a fork when the batch was full.
        case forkedIntoFullBatch
        /// The prefix cache was reset.
        case reset
        /// The configuration injects preemptions.
        case forced
    }

    /// How its keys and values are brought back.
    public enum Method: String, Hashable, Sendable, CaseIterable {
        /// Its blocks are dropped and computed again, but for what stays cached.
        case recompute
        /// Its blocks are copied to a slower tier and back.
        case swap
    }

    /// Why it was chosen.
    public var reason: Reason

    /// How its keys and values are brought back.
    public var how: Method

    /// Computed tokens whose blocks no other request holds: they are lost, unless the cache still
    /// has them when the request returns.
    public var recomputedTokens: Int

    /// The loss of a place.
    public init(reason: Reason, how: Method, recomputedTokens: Int) {
        self.reason = reason
        self.how = how
        self.recomputedTokens = recomputedTokens
    }
}
