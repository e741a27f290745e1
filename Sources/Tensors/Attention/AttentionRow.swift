/// The tokens of one request in a step: `queryLength` tokens that end its context.
package struct AttentionRow: Hashable, Sendable {
    /// The row of the query matrix that holds the first of the tokens.
    package var queryStart: Int

    /// The tokens of the request in this step.
    package var queryLength: Int

    /// The tokens of the request in the cache after this step.
    package var contextLength: Int

    /// The index in the flat block table of the request's first block.
    package var tableStart: Int

    /// Describes a request's part of a step.
    package init(queryStart: Int, queryLength: Int, contextLength: Int, tableStart: Int) {
        self.queryStart = queryStart
        self.queryLength = queryLength
        self.contextLength = contextLength
        self.tableStart = tableStart
    }

    /// The position of the first of the tokens.
    var firstPosition: Int { contextLength - queryLength }
}

/// What attention computes in a layer.
package struct AttentionParameters: Hashable, Sendable {
    /// Query heads: a multiple of the KV heads; head h reads KV head h / (heads / kvHeads).
    package var heads: Int

    /// What scores are multiplied by, 1 / sqrt(headDim) in most models.
    package var scale: Float

    /// The keys that a query sees, its own included; nil: all up to its own.
    package var window: Int?

    /// Scores s become softCap * tanh(s / softCap) (Gemma 2); nil: they stay.
    package var softCap: Float?

    /// Describes a layer's attention.
    package init(heads: Int, scale: Float, window: Int? = nil, softCap: Float? = nil) {
        self.heads = heads
        self.scale = scale
        self.window = window
        self.softCap = softCap
    }
}
