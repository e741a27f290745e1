/// The prompts of a trace as lists of blocks: what a replay of the prefix cache goes through.
///
/// Blocks are numbered from 0 by their first appearance, so that what is known of a block lies in
/// an array.
package struct BlockTrace: Sendable {
    /// The id that the trace gives each block.
    package private(set) var ids: [UInt64] = []

    /// The blocks of all prompts, one prompt after another, each from its head.
    package private(set) var blocks: [Int] = []

    /// Where the blocks of each prompt begin, and where those of the last end.
    package private(set) var starts: [Int] = [0]

    /// Tokens of each prompt.
    package private(set) var promptTokens: [Int] = []

    /// Tokens of a block.
    package let tokensPerBlock: Int

    /// The blocks of a trace.
    ///
    /// - Throws: `CacheReplayError` when the trace has no blocks, or too many.
    package init(_ trace: Trace) throws(CacheReplayError) {
        guard let tokensPerBlock = trace.tokensPerBlock else {
            throw CacheReplayError(
                "the requests have no block ids: the cache is replayed on traces as Mooncake's, "
                    + "which list the blocks of each prompt, and on workloads that share prompts")
        }
        self.tokensPerBlock = tokensPerBlock
        var numbers: [UInt64: Int] = [:]
        for request in trace.requests {
            guard blocks.count + request.blocks.count <= SimulationLimits.traceBlocks else {
                throw CacheReplayError(
                    "the prompts have more than \(SimulationLimits.traceBlocks) blocks: cut it")
            }
            for id in request.blocks {
                let number = numbers[id] ?? ids.count
                if number == ids.count {
                    numbers[id] = number
                    ids.append(id)
                }
                blocks.append(number)
            }
            starts.append(blocks.count)
            promptTokens.append(request.promptTokens)
        }
    }

    /// How many prompts there are.
    package var requestCount: Int { promptTokens.count }

    /// The places in `blocks` of a prompt's blocks.
    package func places(of request: Int) -> Range<Int> { starts[request]..<starts[request + 1] }

    /// Tokens of a prompt in its first `count` blocks: the last block may not be full.
    package func tokens(of request: Int, inFirst count: Int) -> Int {
        min(tokensPerBlock * count, promptTokens[request])
    }

    /// For every place in `blocks`, the next place with the same block; `blocks.count` when there
    /// is none.
    ///
    /// - Complexity: O(blocks).
    func nextUses() -> [Int] {
        var next = Array(repeating: blocks.count, count: blocks.count)
        var seen = Array(repeating: blocks.count, count: ids.count)
        for place in blocks.indices.reversed() {
            next[place] = seen[blocks[place]]
            seen[blocks[place]] = place
        }
        return next
    }
}

/// Why a trace cannot be replayed.
package struct CacheReplayError: Error, CustomStringConvertible {
    /// What is wrong and what to do.
    package let description: String

    init(_ description: String) { self.description = description }
}
