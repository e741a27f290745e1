package import KVCache
package import QuireIdentifiers

/// One forward pass over any mix of prefill chunks and decodes: which sequences run, which tokens,
/// which blocks, and which logits are wanted.
///
/// Flat arrays. The step's tokens lie one row after another; a row is a run of consecutive
/// positions of one request, `queryLength == 1` for a decode. The executor writes the keys and
/// values of *all* the step's tokens in a layer before any row's attention reads, so what one row
/// writes another row of the same step may read.
///
/// ```
/// tokens     [ a5 | b0 b1 b2 b3 | c9 ]        positions [ 5 | 0 1 2 3 | 9 ]
/// rows       [ a: query 0..<1 | b: query 1..<5 | c: query 5..<6 ]
/// outputs    [ 0, 4, 5 ]                      the flat indices whose logits are wanted
/// ```
///
/// The slot of the token at `position` in group `g` for row `r`:
/// `blockTables[g][r.tableStart + position / blockSize]`, slot `position % blockSize`.
package struct StepPlan: Sendable {
    /// One request's part of the step.
    package struct Row: Hashable, Sendable {
        /// Whose tokens these are.
        package var sequence: SequenceID

        /// The flat index of the row's first token.
        package var queryStart: Int

        /// How many tokens the row has.
        package var queryLength: Int

        /// Tokens of the request in the cache after this step; the row's tokens are the last
        /// `queryLength` of them.
        package var contextLength: Int

        /// Where the row's entries start in each of `blockTables`.
        package var tableStart: Int

        /// How many entries the row has in each of `blockTables`.
        package var tableLength: Int

        /// Where the row's logits start in `outputs`.
        package var outputStart: Int

        /// How many of the row's tokens have their logits wanted; always its last ones.
        package var outputLength: Int

        /// How many of the row's tokens are drafts: proposals for what comes after the tokens that
        /// are known, always the last ones. A draft is accepted if it is the token that is sampled
        /// from the output before it.
        package var draftLength = 0

        /// Whether the row ends at the last known token of a request that generates: a token is to
        /// be sampled from its last output, or from each of the last `draftLength + 1`.
        package var samples = false

        /// The position of the row's first token.
        package var startPosition: Int { contextLength - queryLength }
    }

    /// The tokens of all rows, one row after another.
    package var tokens: [TokenID] = []

    /// The position in its sequence of each token.
    package var positions: [Int32] = []

    /// The rows, in the order of their tokens.
    package var rows: [Row] = []

    /// For each cache group, the block table entries of all rows, one row after another.
    ///
    /// A row has the same `tableStart` and `tableLength` in every group; entries that left a
    /// sliding window are the null block.
    package var blockTables: [[BlockID]] = []

    /// The flat indices of the tokens whose logits are wanted, ascending.
    package var outputs: [Int32] = []

    /// Pages that are moved before anything is written, in this order.
    package var transfers: [BlockTransfer] = []

    /// Whether rows have block table entries.
    package let hasBlockTables: Bool

    /// A plan without rows for a cache with `groups` groups.
    ///
    /// - Parameter hasBlockTables: whether the plan's executor reads them.
    package init(groups: Int, hasBlockTables: Bool = true) {
        blockTables = Array(repeating: [], count: groups)
        self.hasBlockTables = hasBlockTables
    }

    /// Whether there is nothing to do.
    package var isEmpty: Bool { rows.isEmpty && transfers.isEmpty }

    /// Removes all rows and transfers and keeps the memory.
    package mutating func removeAll() {
        tokens.removeAll(keepingCapacity: true)
        positions.removeAll(keepingCapacity: true)
        rows.removeAll(keepingCapacity: true)
        outputs.removeAll(keepingCapacity: true)
        transfers.removeAll(keepingCapacity: true)
        for group in blockTables.indices {
            blockTables[group].removeAll(keepingCapacity: true)
        }
    }

    /// Adds the row of a request that decodes: a token, and the next one is sampled from it. As
    /// `append`, for the many rows that are alike; its tables follow by `appendTables`.
    package mutating func appendDecode(_ sequence: SequenceID, token: TokenID, at position: Int) {
        let first = tokens.count
        rows.append(
            Row(
                sequence: sequence, queryStart: first, queryLength: 1, contextLength: position + 1,
                tableStart: blockTables.first?.count ?? 0,
                tableLength: 0, outputStart: outputs.count, outputLength: 1, samples: true))
        tokens.append(token)
        positions.append(Int32(position))
        outputs.append(Int32(first))
    }

    /// Gives the last row its block table entries.
    package mutating func appendTables(_ blocks: borrowing SequenceBlocks) {
        precondition(blocks.tables.count == blockTables.count, "one table for each group")
        rows[rows.count - 1].tableLength = blocks.entryCount
        for group in blockTables.indices {
            blockTables[group].append(contentsOf: blocks.tables[group].blocks)
        }
    }

    /// Adds a row.
    ///
    /// - Parameters:
    ///   - sequence: whose row it is.
    ///   - newTokens: the tokens, at positions from `start`.
    ///   - start: the position of the first one.
    ///   - blocks: the request's tables; they hold `start + newTokens.count` tokens.
    ///   - outputs: of how many of the last tokens the logits are wanted.
    ///   - samples: whether a token is to be sampled from the last of them.
    ///   - drafts: how many of the tokens are drafts.
    package mutating func append(
        _ sequence: SequenceID, tokens newTokens: ArraySlice<TokenID>, at start: Int,
        blocks: SequenceBlocks, outputs outputCount: Int, samples: Bool = false,
        drafts: Int = 0
    ) {
        precondition(blocks.tables.count == blockTables.count, "one table for each group")
        precondition(outputCount <= newTokens.count, "more outputs than tokens")
        precondition(drafts == 0 || samples && drafts < outputCount, "drafts without outputs")
        let first = tokens.count
        rows.append(
            Row(
                sequence: sequence, queryStart: first, queryLength: newTokens.count,
                contextLength: start + newTokens.count,
                tableStart: blockTables.first?.count ?? 0,
                tableLength: hasBlockTables ? blocks.entryCount : 0,
                outputStart: outputs.count, outputLength: outputCount,
                draftLength: drafts, samples: samples))
        tokens.append(contentsOf: newTokens)
        positions.append(contentsOf: Int32(start)..<Int32(start + newTokens.count))
        let end = first + newTokens.count
        outputs.append(contentsOf: Int32(end - outputCount)..<Int32(end))
        guard hasBlockTables else { return }
        for group in blockTables.indices {
            blockTables[group].append(contentsOf: blocks.tables[group].blocks)
        }
    }
}
