import QuireIdentifiers

@testable import KVCache

/// A sequence of a test: what a scheduler keeps for a request.
struct Running {
    var tokens: [TokenID]
    var keys: PrefixKeys
    var blocks: SequenceBlocks
    var match = PrefixMatch()

    /// The block ids of a group's table.
    func ids(_ group: Int = 0) -> [BlockID] { blocks.tables[group].blocks }

    /// Registers what is full at `upTo` tokens.
    mutating func commit(in cache: inout PagedCache, upTo: Int) {
        cache.commit(&blocks, &keys, tokens: tokens, upTo: upTo)
    }
}

/// A test asked for more blocks than there are.
struct OutOfBlocks: Error {}

extension PagedCache {
    /// Does for a request what a scheduler does in one step: matches, adopts, allocates for all
    /// its tokens, and commits.
    ///
    /// - Throws: `OutOfBlocks`, and then nothing has changed.
    mutating func start(
        _ tokens: [TokenID], scope: PrefixScope = .shared, limit: Int? = nil,
        settling: Bool = true, retention: RetentionPlan? = nil
    ) throws -> Running {
        var running = Running(
            tokens: tokens, keys: PrefixKeys(scope: scope),
            blocks: makeSequence(retention: retention))
        running.match = match(
            &running.keys, tokens: tokens, limit: limit ?? max(0, tokens.count - 1))
        guard adopt(running.match, &running.blocks, tokens: tokens.count) else {
            throw OutOfBlocks()
        }
        commit(&running.blocks, &running.keys, tokens: tokens, upTo: tokens.count)
        if settling { step() }
        return running
    }

    /// Appends tokens that were generated: grows, commits, settles.
    mutating func append(_ tokens: [TokenID], to running: inout Running) -> Bool {
        let computed = running.tokens.count
        guard grow(&running.blocks, tokens: computed + tokens.count, from: computed) else {
            return false
        }
        running.tokens += tokens
        commit(
            &running.blocks, &running.keys, tokens: running.tokens, upTo: running.tokens.count)
        step()
        return true
    }

    /// The step is done.
    mutating func step() {
        var transfers: [BlockTransfer] = []
        takeTransfers(into: &transfers)
        settle()
    }

    mutating func stop(_ running: inout Running) {
        release(&running.blocks)
    }
}

/// `count` times the same token.
func repeated(_ token: UInt32, _ count: Int) -> [TokenID] {
    Array(repeating: TokenID(token), count: count)
}

/// The tokens of a range of numbers.
func tokens(_ range: Range<UInt32>) -> [TokenID] {
    range.map { TokenID($0) }
}

/// The 48 tokens that most prompts of the shared-prefix tests begin with.
let common = repeated(0, 16) + repeated(1, 16) + repeated(2, 16)
