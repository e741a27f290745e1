/// Layers that share one block table.
///
/// Layers of one attention span need the same blocks at the same time, so one table serves them
/// all; a block of the group then carries the keys and values of `blockSize` tokens in each of its
/// layers. All groups of a plan have room for the same number of layers, which makes every block
/// as large as every other and lets the groups draw on one pool.
package struct KVGroup: Hashable, Sendable {
    /// How far back the group's layers see; decides when a block can go back to the pool.
    package let span: AttentionSpan

    /// The model's layers of this group, ascending; at most the plan's `layersPerGroup`.
    package let layers: [Int]

    /// Splits a model's layers into groups of one span each, with room for equally many layers.
    ///
    /// The room is the smallest count of layers that any span has, so that the rarest kind (the
    /// global layers of Gemma 3) fills one group exactly: 3 global and 15 local layers make 6
    /// groups of 3. What does not divide leaves room unused in the last group of its span (4 and 22
    /// layers: 1 + 6 groups of 4, of which one is half empty). When the spans have nearly equally
    /// many layers (within a quarter), one group each wastes less than it saves in tables.
    ///
    /// - Returns: the groups, in the order in which their first layers come in the model.
    static func groups(of spans: [AttentionSpan]) -> (groups: [KVGroup], layersPerGroup: Int) {
        var bySpan: [(span: AttentionSpan, layers: [Int])] = []
        for (layer, span) in spans.enumerated() {
            if let found = bySpan.firstIndex(where: { $0.span == span }) {
                bySpan[found].layers.append(layer)
            } else {
                bySpan.append((span, [layer]))
            }
        }
        let fewest = bySpan.map(\.layers.count).min() ?? 0
        let most = bySpan.map(\.layers.count).max() ?? 0
        let room = most * 4 <= fewest * 5 ? most : fewest
        var groups: [KVGroup] = []
        for (span, layers) in bySpan {
            for start in stride(from: 0, to: layers.count, by: max(room, 1)) {
                let end = min(start + room, layers.count)
                groups.append(KVGroup(span: span, layers: Array(layers[start..<end])))
            }
        }
        groups.sort { ($0.layers.first ?? 0) < ($1.layers.first ?? 0) }
        return (groups, room)
    }

    /// Tokens that a running sequence of `tokens` keeps in this group at most, when at most
    /// `chunk` of them are computed in one step.
    ///
    /// A window keeps the `window - 1` tokens before the chunk and the chunk itself.
    func peakTokens(tokens: Int, chunk: Int) -> Int {
        switch span {
        case .full: tokens
        case .slidingWindow(let window): min(tokens, window - 1 + min(chunk, tokens))
        }
    }

    /// Blocks that hold `peakTokens`; a run of tokens in a window may start anywhere in a block,
    /// which costs one block more, though never more than the whole sequence has.
    func peakBlocks(tokens: Int, chunk: Int, blockSize: Int) -> Int {
        let whole = ceilDivide(tokens, blockSize)
        let kept = peakTokens(tokens: tokens, chunk: chunk)
        return kept == tokens ? whole : min(whole, ceilDivide(kept, blockSize) + 1)
    }
}

/// `a / b` rounded up, for a dividend that is not negative.
func ceilDivide(_ a: Int, _ b: Int) -> Int {
    a == 0 ? 0 : (a - 1) / b + 1
}
