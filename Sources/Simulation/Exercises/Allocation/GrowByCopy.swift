/// A buffer that is made one token longer, and copied, for every token: what a cache without room
/// to grow costs.
package enum GrowByCopy {
    /// Tokens that are copied until the buffer holds `tokens`: the first copies none, the next
    /// one, then two: `n (n - 1) / 2`.
    package static func tokenCopies(tokens: Int) -> Int {
        precondition(tokens >= 0, "a buffer of fewer than no tokens")
        return tokens < 2 ? 0 : tokens * (tokens - 1) / 2
    }

    /// Grows a buffer token by token, for real, and counts what it copies.
    ///
    /// - Parameters:
    ///   - tokens: tokens at the end.
    ///   - width: 16-bit elements of a token.
    /// - Returns: the tokens copied, and a sum over the last buffer, so that no compiler may leave
    ///   the work out.
    /// - Complexity: O(`tokens`² x `width`).
    package static func run(tokens: Int, width: Int) -> (copies: Int, sum: Int) {
        let token = [UInt16](repeating: 1, count: width)
        var cache: [UInt16] = []
        var copies = 0
        for length in 0..<tokens {
            var longer: [UInt16] = []
            longer.reserveCapacity((length + 1) * width)
            longer.append(contentsOf: cache)
            longer.append(contentsOf: token)
            copies += length
            cache = longer
        }
        return (copies, cache.reduce(0) { $0 + Int($1) })
    }
}
