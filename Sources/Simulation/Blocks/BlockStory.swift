package import KVCache
import QuireIdentifiers

/// The cache that serves, driven by hand: which sequence holds which block after every line of a
/// story.
///
/// ```
/// prompt a the quick brown fox      a new sequence; every word is a token
/// append a jumps                    tokens that it generated
/// fork a b                          b continues what a has so far
/// free a                            a has ended; what it computed stays cached
/// ```
///
/// Nothing is computed: it is the bookkeeping of `PagedCache` and nothing else.
package struct BlockStory {
    /// A sequence that holds blocks.
    package struct Sequence {
        /// What the story calls it.
        package let name: String
        /// Its words.
        package fileprivate(set) var words: [String]
        var tokens: [TokenID]
        var keys: PrefixKeys
        var blocks: SequenceBlocks
    }

    /// What a line did.
    package struct Event: Hashable, Sendable {
        /// The line.
        package let line: String
        /// Words whose keys and values were found in the cache, of those of a prompt.
        package var reused = 0
        /// Words that had to be computed.
        package var computed = 0
        /// Blocks that were copied because they were shared and would be written.
        package var copies: [(from: BlockID, to: BlockID)] = []
        /// Cached blocks that were given up for others.
        package var evictions = 0

        package static func == (left: Event, right: Event) -> Bool {
            left.line == right.line && left.reused == right.reused
                && left.computed == right.computed && left.evictions == right.evictions
                && left.copies.elementsEqual(right.copies, by: ==)
        }

        package func hash(into hasher: inout Hasher) { hasher.combine(line) }
    }

    /// The cache.
    package private(set) var cache: PagedCache
    /// The sequences that hold blocks, in the order of their coming.
    package private(set) var sequences: [Sequence] = []
    /// What the lines have done so far.
    package private(set) var events: [Event] = []
    /// All texts whose blocks were ever computed: what the tree is drawn of.
    private(set) var texts: [[String]] = []
    private var ids: [String: TokenID] = [:]

    /// A story over an empty cache.
    ///
    /// - Throws: `TraceError` for sizes out of range.
    package init(blocks: Int, blockSize: Int, eviction: EvictionPolicy = .lru) throws(TraceError) {
        guard (1...SimulationLimits.storyBlocks).contains(blocks),
            (1...SimulationLimits.storyBlocks).contains(blockSize)
        else {
            throw TraceError(
                "a story has 1 to \(SimulationLimits.storyBlocks) blocks of 1 to "
                    + "\(SimulationLimits.storyBlocks) tokens")
        }
        let layer = KVLayer(span: .full, kvHeads: 1, headDim: 1)
        do throws(KVCacheError) {
            let layout = try KVPlanner(
                geometry: KVGeometry(layers: [layer]), blockSize: blockSize,
                maxModelLength: blocks * blockSize
            ).plan(blockCount: blocks + 1)
            // A seed: keys, and with them the order of equals, are the same in every run.
            cache = PagedCache(
                layout: layout, configuration: CacheConfiguration(eviction: eviction, seed: 0))
        } catch {
            throw TraceError("\(error)")
        }
    }

    /// Plays a line; an empty one, or one that begins with #, does nothing.
    ///
    /// - Throws: `TraceError` for what is no line of a story, or does not fit; nothing has changed.
    package mutating func play(_ line: String) throws(TraceError) {
        let words = line.split(whereSeparator: \.isWhitespace).map(String.init)
        guard let verb = words.first, !verb.hasPrefix("#") else { return }
        guard words.count >= 2 else { throw TraceError("\(verb.prefix(40)): a name is missing") }
        let (name, rest) = (words[1], Array(words.dropFirst(2)))
        let before = cache.evictions
        var event = Event(line: words.joined(separator: " "))
        switch verb {
        case "prompt": try begin(name, rest, &event)
        case "append": try append(rest, to: try find(name), &event)
        case "fork": try fork(try find(name), as: rest)
        case "free":
            guard rest.isEmpty else { throw TraceError("free takes one name") }
            let index = try find(name)
            cache.release(&sequences[index].blocks)
            sequences.remove(at: index)
        default:
            throw TraceError(
                "\"\(verb.prefix(40))\" is none of prompt, append, fork and free")
        }
        event.evictions = cache.evictions - before
        events.append(event)
        cache.checkInvariants(sequences: sequences.map(\.blocks))
    }

    private func find(_ name: String) throws(TraceError) -> Int {
        guard let index = sequences.firstIndex(where: { $0.name == name }) else {
            throw TraceError("there is no sequence \"\(name.prefix(40))\" now")
        }
        return index
    }

    private mutating func begin(
        _ name: String, _ words: [String], _ event: inout Event
    ) throws(TraceError) {
        guard !sequences.contains(where: { $0.name == name }) else {
            throw TraceError("there is a sequence \"\(name.prefix(40))\" already")
        }
        guard !words.isEmpty else { throw TraceError("a prompt has words") }
        let tokens = words.map { token($0) }
        var keys = PrefixKeys()
        var blocks = cache.makeSequence(reserving: tokens.count)
        let match = cache.match(&keys, tokens: tokens, limit: tokens.count - 1)
        guard cache.adopt(match, &blocks, tokens: tokens.count) else {
            throw outOfBlocks(tokens.count)
        }
        event.reused = match.tokens
        event.computed = tokens.count - match.tokens
        sequences.append(
            Sequence(name: name, words: words, tokens: tokens, keys: keys, blocks: blocks))
        finishStep(sequences.count - 1, &event)
    }

    private mutating func append(
        _ words: [String], to index: Int, _ event: inout Event
    ) throws(TraceError) {
        guard !words.isEmpty else { throw TraceError("append needs words") }
        let start = sequences[index].tokens.count
        let tokens = sequences[index].tokens + words.map { token($0) }
        guard cache.grow(&sequences[index].blocks, tokens: tokens.count, from: start) else {
            throw outOfBlocks(words.count)
        }
        event.computed = words.count
        sequences[index].tokens = tokens
        sequences[index].words += words
        finishStep(index, &event)
    }

    private mutating func fork(_ index: Int, as names: [String]) throws(TraceError) {
        guard names.count == 1 else { throw TraceError("fork takes two names: of what, as what") }
        guard !sequences.contains(where: { $0.name == names[0] }) else {
            throw TraceError("there is a sequence \"\(names[0].prefix(40))\" already")
        }
        let source = sequences[index]
        sequences.append(
            Sequence(
                name: names[0], words: source.words, tokens: source.tokens, keys: source.keys,
                blocks: cache.fork(source.blocks)))
    }

    /// What a step of the engine does after its plan: full blocks can be hit, copies are made.
    private mutating func finishStep(_ index: Int, _ event: inout Event) {
        var sequence = sequences[index]
        cache.commit(
            &sequence.blocks, &sequence.keys, tokens: sequence.tokens,
            upTo: sequence.tokens.count)
        sequences[index] = sequence
        var transfers: [BlockTransfer] = []
        cache.takeTransfers(into: &transfers)
        cache.settle()
        for case .copy(let from, let to) in transfers { event.copies.append((from: from, to: to)) }
        texts.append(sequences[index].words)
    }

    private func outOfBlocks(_ words: Int) -> TraceError {
        TraceError(
            "\(words) words need more than the \(cache.gauges.free + cache.gauges.cached) blocks "
                + "that no sequence holds; free one, or tell the story with more blocks")
    }

    mutating func token(_ word: String) -> TokenID {
        if let known = ids[word] { return known }
        let new = TokenID(UInt32(ids.count))
        ids[word] = new
        return new
    }
}
