internal import CKernels

/// What attention adds to the scores of each query head of a layer: apart from its parameters,
/// since layers that differ in nothing else share a plan.
package struct HeadTerms: Hashable, Sendable {
    /// The longest context of layers with slopes: distances are exact up to here.
    package static var slopedContext: Int { Int(QK_ATTENTION_SLOPED) }

    /// One more score for each head, which takes its share of the weights and has no value
    /// (gpt-oss); it is neither scaled nor capped. Empty: none.
    ///
    /// Keys of such a layer are not kept without a shift: a constant in the scores of keys alone
    /// changes the sink's share.
    package var sinks: [Float] = []

    /// What the score of a key loses for each position that it lies before the query, for each
    /// head (ALiBi, Press et al. 2022), once it is scaled and capped. Empty: nothing.
    package var slopes: [Float] = []

    /// Describes the terms of a layer's heads; none by default.
    package init(sinks: [Float] = [], slopes: [Float] = []) {
        self.sinks = sinks
        self.slopes = slopes
    }

    /// ALiBi's slopes for so many heads: with n the largest power of two within `heads`, the powers
    /// of 2^(-maxBias / n), and then every other power of 2^(-maxBias / 2n).
    package static func alibi(heads: Int, maxBias: Float = 8) -> [Float] {
        precondition(heads > 0 && maxBias > 0)
        var n = 1
        while 2 * n <= heads { n *= 2 }
        return (0..<heads).map { head in
            let step = head < n ? Double(head + 1) : Double(head - n) + 0.5
            return Float(Elementary.power(2, -Double(maxBias) * step / Double(n)))
        }
    }

    func check(_ heads: Int) {
        precondition(sinks.isEmpty || sinks.count == heads, "a sink for each head")
        precondition(slopes.isEmpty || slopes.count == heads, "a slope for each head")
    }

    /// Calls `body` with the addresses of the terms of the heads from one on; null: none.
    @unsafe
    func withAddresses(
        from head: Int, _ body: (UnsafePointer<Float>?, UnsafePointer<Float>?) -> Void
    ) {
        unsafe sinks.withUnsafeBufferPointer { sinks in
            unsafe slopes.withUnsafeBufferPointer { slopes in
                unsafe body(
                    sinks.isEmpty ? nil : sinks.baseAddress.map { unsafe $0 + head },
                    slopes.isEmpty ? nil : slopes.baseAddress.map { unsafe $0 + head })
            }
        }
    }
}
