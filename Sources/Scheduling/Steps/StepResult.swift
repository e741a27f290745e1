package import QuireIdentifiers

/// What became of one row of a step.
package enum RowOutcome: Hashable, Sendable {
    /// Its tokens were computed, and no new token is sampled: a chunk before the last, or a scored
    /// text.
    case advanced
    /// A token was sampled. What the row had of drafts was not accepted.
    case sampled(TokenID)
    /// Several tokens were sampled, one from each of the row's outputs in their order: the drafts
    /// that turned out to be what was sampled in their places, and one token more.
    ///
    /// With a reason the request ended: the token that ended it is not among them, and all of them
    /// are drafts that were accepted.
    case accepted([TokenID], ending: FinishReason? = nil)
    /// The sequence goes on in several: as itself with the token `own`, and as new requests that
    /// share its blocks.
    ///
    /// Without an `own` token it ends in its children: it is gone, its blocks are theirs, and no
    /// `.finished` action tells of it.
    case forked(own: TokenID?, [Fork])
    /// Its tokens were computed, and what follows depends on other requests: `Scheduler.decide`
    /// says it. Until then the request has no place in the batch.
    case held
    /// The request ended with this step.
    case finished(FinishReason)
}

/// A sequence that continues another one's tokens with a token of its own.
package struct Fork: Hashable, Sendable {
    /// The new sequence's number.
    package var sequence: SequenceID

    /// Its own next token.
    package var token: TokenID

    /// Tokens to generate at most, counted from the end of the first prompt; its parent's, unless
    /// it is given.
    package var maxTokens: Int?

    /// A new branch.
    package init(sequence: SequenceID, token: TokenID, maxTokens: Int? = nil) {
        self.sequence = sequence
        self.token = token
        self.maxTokens = maxTokens
    }
}
