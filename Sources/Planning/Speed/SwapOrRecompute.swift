/// What it costs to take a sequence out of memory and bring it back: by moving its keys and values
/// to the host and back, or by computing them again.
package struct SwapOrRecompute: Hashable, Sendable {
    /// The model and the machine.
    package var roofline: Roofline
    /// Bytes that pass to the host, or back, in a second.
    package var link: Double
    /// Tokens of a block: whole blocks are moved.
    package var blockSize: Int

    /// A question.
    package init(roofline: Roofline, link: Double, blockSize: Int) {
        self.roofline = roofline
        self.link = link
        self.blockSize = blockSize
    }

    /// Bytes that are moved for a sequence of `tokens`, one way: whole blocks. A layer with a
    /// window keeps no more than the window between steps.
    package func bytes(tokens: Int) -> Int {
        let whole = (tokens + blockSize - 1) / blockSize * blockSize
        return KeyValueCost(
            roofline.shape, dtype: roofline.dtype, context: whole, chunk: 1
        ).bytesPerSequence
    }

    /// Seconds to move a sequence of `tokens` out and back.
    package func swapSeconds(tokens: Int) -> Double { 2 * Double(bytes(tokens: tokens)) / link }

    /// Seconds to compute it again, at least.
    package func recomputeSeconds(tokens: Int) -> Double {
        roofline.prefill(tokens: tokens).seconds
    }

    /// Whether moving is quicker.
    package func swapIsQuicker(tokens: Int) -> Bool {
        swapSeconds(tokens: tokens) < recomputeSeconds(tokens: tokens)
    }

    /// Bytes a second of a link at which both take equally long.
    package func breakEvenLink(tokens: Int) -> Double {
        2 * Double(bytes(tokens: tokens)) / recomputeSeconds(tokens: tokens)
    }

    /// A run of lengths for which one way is the quicker.
    package struct Stretch: Hashable, Sendable {
        /// Tokens of its shortest and its longest sequence.
        package var tokens: ClosedRange<Int>
        /// Whether they are better moved.
        package var swaps: Bool
    }

    /// The lengths up to `context`, as runs for which one way is the quicker.
    ///
    /// Looked at block by block, and where there are very many, at that many lengths: short
    /// sequences are quick to move (a recomputation reads all weights), middling ones may not be,
    /// and long ones are again, since attention grows with the square.
    ///
    /// - Complexity: O(layers x `samples`).
    package func stretches(upTo context: Int, samples: Int = 4096) -> [Stretch] {
        let blocks = (context + blockSize - 1) / blockSize
        let stride = max(1, (blocks + samples - 1) / samples) * blockSize
        var found: [Stretch] = []
        var tokens = min(blockSize, context)
        while true {
            let swaps = swapIsQuicker(tokens: tokens)
            if let last = found.last, last.swaps == swaps {
                found[found.count - 1].tokens = last.tokens.lowerBound...tokens
            } else {
                let first = found.last.map { $0.tokens.upperBound + 1 } ?? 1
                found.append(Stretch(tokens: first...tokens, swaps: swaps))
            }
            guard tokens < context else { return found }
            tokens = min(context, tokens + stride)
        }
    }
}
