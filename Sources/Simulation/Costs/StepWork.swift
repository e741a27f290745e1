package import Scheduling

/// What a step has to compute, in the numbers that its time depends on.
package struct StepWork: Hashable, Sendable {
    /// Rows of the step: requests with tokens in it.
    package var rows = 0

    /// Rows of one token, which is what a decode is to an executor.
    package var decodes = 0

    /// Tokens of all rows.
    package var tokens = 0

    /// Tokens whose logits are wanted.
    package var outputs = 0

    /// Positions that the rows of one token attend to, all together: keys and values that are read
    /// once each.
    package var decodeContext = 0

    /// Pairs of a token and a position that it attends to, in rows of more than one token.
    package var prefillPairs = 0

    /// Positions that the rows of more than one token attend to: what is read of the cache for
    /// them, once a row.
    package var prefillContext = 0

    /// As `decodeContext`, of which a layer with a window sees.
    package var decodeWindow = 0

    /// As `prefillPairs`, of which a layer with a window sees.
    package var windowPairs = 0

    /// Pages that are moved between the cache and a slower tier, or copied.
    package var transfers = 0

    /// Nothing.
    package init() {}

    /// Counts a row in.
    ///
    /// - Parameter window: how many positions a layer with a window sees; nil: there is none.
    package mutating func add(_ row: borrowing StepPlan.Row, window: Int?) {
        rows += 1
        tokens += row.queryLength
        outputs += row.outputLength
        if row.queryLength == 1 {
            decodes += 1
            decodeContext += row.contextLength
            if let window { decodeWindow += min(window, row.contextLength) }
            return
        }
        let start = row.contextLength - row.queryLength
        prefillPairs += Self.pairs(row.contextLength) - Self.pairs(start)
        prefillContext += row.contextLength
        if let window {
            windowPairs +=
                Self.pairs(row.contextLength, window) - Self.pairs(start, window)
        }
    }

    /// Pairs of a position and one that it sees, itself included, of the first `tokens`.
    private static func pairs(_ tokens: Int) -> Int { tokens * (tokens + 1) / 2 }

    /// The same where it sees `window` at most.
    private static func pairs(_ tokens: Int, _ window: Int) -> Int {
        let inside = min(tokens, window)
        return pairs(inside) + (tokens - inside) * window
    }

    /// Tokens of rows of more than one token.
    package var prefillTokens: Int { tokens - decodes }
}
