package import QuireIdentifiers

extension PagedCache {
    /// Finds how much of a token sequence is cached. No reference changes and nothing is counted.
    ///
    /// Whole blocks are found by their keys and compared by their tokens. After the last one comes
    /// the child that begins with the most of the tokens that follow, which `adopt` will copy.
    /// In a group with a sliding window only the blocks that the next query sees are needed.
    ///
    /// - Parameters:
    ///   - keys: the sequence's keys, extended as far as needed.
    ///   - tokens: the sequence.
    ///   - limit: tokens that may be reused at most: all but the last, whose logits are wanted,
    ///     or fewer when the logits of earlier positions are.
    ///   - sequence: a running sequence that the match will extend; its committed blocks are
    ///     taken as matched and not looked up again.
    /// - Complexity: O(blocks matched).
    package func match(
        _ keys: inout PrefixKeys, tokens: [TokenID], limit: Int,
        extending sequence: SequenceBlocks? = nil
    ) -> PrefixMatch {
        guard configuration.prefixCaching else { return PrefixMatch() }
        let limit = min(max(0, limit), tokens.count)
        extend(&keys, over: tokens, blocks: limit / layout.blockSize)
        var match = PrefixMatch()
        match.version = index.removals
        match.node = index.root(of: keys.scope)
        if let sequence, sequence.entryCount > 0 {
            guard canExtend(sequence) else {
                match.node = .none
                match.end = .uncached(position: sequence.committed * layout.blockSize)
                return match
            }
            match.node = sequence.tip
            match.fullBlocks = sequence.committed
        }
        let start = match.fullBlocks
        if match.node != .none {
            let end = limit / layout.blockSize
            let fetched =
                tiers?.file == nil
                ? nil : matchBlocks(match.node, from: start, keys, tokens, limit: end, file: true)
            (match.node, match.fullBlocks) = matchBlocks(
                match.node, from: start, keys, tokens, limit: end)
            if let fetched, fetched.end > match.fullBlocks {
                match.fileNode = fetched.node
                match.fileBlocks = fetched.end - match.fullBlocks
            }
        }
        let position = match.fullBlocks * layout.blockSize
        match.tokens = position
        match.end = matchPartial(&match, tokens, from: position, limit: limit)
        countHits(&match, from: start)
        return match
    }

    /// Whether a sequence's blocks are all full and committed, so that a match can go on behind
    /// them; after a step that failed they are not before the next commit.
    func canExtend(_ sequence: SequenceBlocks) -> Bool {
        guard sequence.committed == sequence.entryCount else { return false }
        return sequence.committed == 0 || isCommitted(sequence.committed - 1, of: sequence)
    }

    /// Walks down from a node while blocks are cached; the last node from which every group can go
    /// on, and its depth.
    ///
    /// - Parameter file: whether blocks that only the file tier has count.
    private func matchBlocks(
        _ start: PrefixNode, from first: Int, _ keys: PrefixKeys, _ tokens: [TokenID], limit: Int,
        file: Bool = false
    ) -> (node: PrefixNode, end: Int) {
        // For each group with a window, the entry after the last one that is not cached.
        var gaps: [Int] = hasWindows ? Array(repeating: 0, count: layout.groups.count) : []
        var best = (node: start, end: first)
        var node = start
        var entry = first
        while entry < limit {
            node = index.child(of: node, keys.keys[entry], tokens, at: entry * layout.blockSize)
            guard node != .none else { return best }
            var reaches = true
            for group in layout.groups.indices where !isReachable(node, group: group, file: file) {
                guard !layout.groups[group].span.isFull else { return best }
                gaps[group] = entry + 1
            }
            entry += 1
            for group in gaps.indices where !layout.groups[group].span.isFull {
                reaches = reaches && gaps[group] <= firstNeeded(group, at: entry * layout.blockSize)
            }
            if reaches { best = (node, entry) }
        }
        return best
    }

    private func matchPartial(
        _ match: inout PrefixMatch, _ tokens: [TokenID], from position: Int, limit: Int
    ) -> PrefixEnd {
        let room = min(layout.blockSize, limit - position)
        guard room > 0 else { return .limit(position: position) }
        guard match.node != .none,
            let child = index.partialChild(
                of: match.node, tokens, at: position, limit: room, groups: layout.groups.count)
        else { return .uncached(position: position) }
        match.partialNode = child.node
        match.partialTokens = child.run
        match.tokens += child.run
        guard child.run < layout.blockSize, match.tokens < limit else {
            return match.tokens < limit
                ? .uncached(position: match.tokens) : .limit(position: match.tokens)
        }
        return .mismatch(
            position: match.tokens, wanted: tokens[match.tokens],
            cached: index.tokens[child.node.index * layout.blockSize + child.run])
    }

    private func countHits(_ match: inout PrefixMatch, from start: Int) {
        var node = match.node
        var entry = match.fullBlocks
        while entry > start {
            entry -= 1
            for group in layout.groups.indices where entry >= firstNeeded(group, at: match.tokens) {
                guard let block = index.block(of: node, group: group) else {
                    match.loads += 1
                    match.evictableHits += 1
                    continue
                }
                switch (pool.referenceCount(of: block), layout.groups[group].span.isFull) {
                case (0, _): match.evictableHits += 1
                case (_, true): match.heldHits += 1
                case (1, false): match.soleWindowHits += 1
                default: break
                }
                if index.blocks[block.index].isPending { match.pendingHits += 1 }
            }
            node = index.nodes[node.index].parent
        }
    }

    /// The first entry that a query at `position` sees in a group.
    func firstNeeded(_ group: Int, at position: Int) -> Int {
        layout.groups[group].span.firstVisible(from: position) / layout.blockSize
    }

    private var hasWindows: Bool { layout.groups.contains { !$0.span.isFull } }
}
