/// Layers that share one block table.
///
/// Layers of one attention span need the same blocks at the same time, so one table serves them
/// all; a block of the group then carries the keys and values of `blockSize` tokens in each of its
/// layers. All groups of a layout have room for the same number of parts of equal size, which makes
/// every block as large as every other and lets the groups draw on one pool.
package struct KVGroup: Hashable, Sendable {
    /// How far back the group's layers see; decides when a block can go back to the pool.
    package let span: AttentionSpan

    /// The model's layers of this group, ascending.
    package let layers: [Int]

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
