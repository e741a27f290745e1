import KVCache

/// Why the cache had no more of a prompt, in the words of the interfaces that tell it.
///
/// Not what is cached instead: that may be another client's text.
package struct PrefixMiss: Hashable, Sendable {
    /// What was there instead.
    package enum Reason: String, Hashable, Sendable {
        /// Prefix caching is off.
        case disabled
        /// All that may be reused was found.
        case limit
        /// What is cached has another token: the prompt is not what was computed before. A history
        /// that is tokenised otherwise than it was generated shows so.
        case mismatch
        /// Nothing that is cached goes on here.
        case uncached
    }

    /// What was there instead.
    package let reason: Reason
    /// The token of the prompt, from 0, that was the first not to be found.
    package private(set) var position: Int?

    init(_ end: PrefixEnd) {
        switch end {
        case .disabled: reason = .disabled
        case .limit(let position): (reason, self.position) = (.limit, position)
        case .uncached(let position): (reason, self.position) = (.uncached, position)
        case .mismatch(let position, _, _): (reason, self.position) = (.mismatch, position)
        }
    }
}

extension Timeline {
    /// Why the cache had no more of the prompt; nil before the request has run.
    package var prefixMiss: PrefixMiss? { prefixEnd.map { PrefixMiss($0) } }
}
