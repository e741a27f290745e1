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
