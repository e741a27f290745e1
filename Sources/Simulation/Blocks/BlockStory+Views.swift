package import KVCache

extension BlockStory {
    /// The story before a text, and after each of its lines that does something.
    ///
    /// - Throws: `TraceError` with the line that is none of a story, or does not fit.
    package func scenes(of text: String) throws(TraceError) -> [BlockStory] {
        var story = self
        var scenes = [story]
        let lines = text.split(omittingEmptySubsequences: false, whereSeparator: \.isNewline)
        for (number, line) in lines.enumerated() {
            do throws(TraceError) {
                try story.play(String(line))
            } catch {
                throw TraceError(line: number + 1, error.message)
            }
            if story.events.count == scenes.count { scenes.append(story) }
        }
        return scenes
    }

    /// An entry of a sequence's block table.
    package struct Entry: Hashable, Sendable {
        /// Its number in the table: the logical block.
        package let logical: Int
        /// The block of the pool that has its tokens.
        package let physical: BlockID
        /// The words in it.
        package let words: [String]
        /// Sequences that hold the block.
        package let references: Int
    }

    /// The block table of a sequence.
    package func table(of sequence: Sequence) -> [Entry] {
        let size = cache.layout.blockSize
        return sequence.blocks.tables[0].blocks.enumerated().map { logical, block in
            let start = logical * size
            return Entry(
                logical: logical, physical: block,
                words: Array(sequence.words[start..<min(start + size, sequence.words.count)]),
                references: cache.pool.referenceCount(of: block))
        }
    }

    /// What a block of the pool is in.
    package enum State: String, Hashable, Sendable {
        /// Of one sequence.
        case held
        /// Of several.
        case shared
        /// Of none, and can be hit.
        case cached
        /// Holds nothing that could be hit.
        case free
    }

    /// The state of every block of the pool, from block 1 on.
    package var states: [State] {
        (1..<cache.layout.blockCount).map { number in
            let block = BlockID(UInt32(number))
            switch cache.pool.referenceCount(of: block) {
            case 0: return cache.isCached(block) ? .cached : .free
            case 1: return .held
            default: return .shared
            }
        }
    }

    /// A prefix that was computed: a full block after another.
    package struct PrefixNode: Hashable, Sendable {
        /// The words of the block.
        package let words: [String]
        /// Whether a sequence's prompt would find it now.
        package var isCached: Bool
        /// What continues it.
        package var children: [PrefixNode] = []
    }

    /// The tree of the full blocks that were ever computed, in the order of their coming.
    package mutating func prefixTree() -> [PrefixNode] {
        var roots: [PrefixNode] = []
        for text in texts { insert(text[...], hit: cachedWords(of: text), into: &roots) }
        return roots
    }

    private func insert(_ words: ArraySlice<String>, hit: Int, into nodes: inout [PrefixNode]) {
        let size = cache.layout.blockSize
        guard words.count >= size else { return }
        let own = Array(words.prefix(size))
        let isCached = hit >= size
        let place: Int
        if let known = nodes.firstIndex(where: { $0.words == own }) {
            place = known
            nodes[place].isCached = isCached
        } else {
            place = nodes.count
            nodes.append(PrefixNode(words: own, isCached: isCached))
        }
        insert(words.dropFirst(size), hit: hit - size, into: &nodes[place].children)
    }

    /// How many of a text's words are in full blocks that a prompt would find.
    private mutating func cachedWords(of words: [String]) -> Int {
        var keys = PrefixKeys()
        let tokens = words.map { token($0) }
        let match = cache.match(&keys, tokens: tokens, limit: tokens.count)
        return match.fullBlocks * cache.layout.blockSize
    }
}
