import QuireIdentifiers

extension PrefixIndex {
    /// A child that begins with the wanted tokens.
    struct PartialChild {
        let node: PrefixNode
        let run: Int
    }

    /// The child of `parent` whose block has the longest common run with the tokens at `position`,
    /// of those whose blocks are written in every group.
    ///
    /// At most `KVCacheLimits.maxPartialCandidates` children that begin with the first token are
    /// looked at, the most recent first.
    ///
    /// - Parameter limit: the longest run that may be reused.
    func partialChild(
        of parent: PrefixNode, _ text: [TokenID], at position: Int, limit: Int, groups: Int
    ) -> PartialChild? {
        guard limit > 0 else { return nil }
        let first = text[position]
        var cursor = byToken[tokenBucket(parent, first)]
        var best: PartialChild?
        var steps = 0
        var candidates = 0
        while cursor != .none, steps < KVCacheLimits.maxPartialSteps,
            candidates < KVCacheLimits.maxPartialCandidates
        {
            steps += 1
            let next = nodes[cursor.index].nextByToken
            if nodes[cursor.index].parent == parent, tokens[cursor.index * blockSize] == first {
                candidates += 1
                let run = commonRun(cursor, text, at: position, atMost: limit)
                if run > best?.run ?? 0, isWritten(cursor, groups: groups) {
                    best = PartialChild(node: cursor, run: run)
                    if run == limit { break }
                }
            }
            cursor = next
        }
        return best
    }

    private func isWritten(_ node: PrefixNode, groups: Int) -> Bool {
        (0..<groups).allSatisfy { block(of: node, group: $0, settled: true) != nil }
    }
}
