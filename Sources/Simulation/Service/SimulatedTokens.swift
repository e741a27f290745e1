package import QuireIdentifiers

/// Stands in for the texts that a trace does not have.
///
/// Tokens are a function of what the trace says: blocks of one id have the same tokens, whatever
/// request they are in, so that prefixes are found just where they were; all others are a request's
/// own. A token is 32 bits of a hash, so that two different blocks begin alike once in four
/// billion.
package struct SimulatedTokens: Sendable {
    /// Token ids that there are: every number of 32 bits.
    package static let vocabularySize = 1 << 32

    private let tokensPerBlock: Int

    /// The tokens of a trace's requests.
    package init(tokensPerBlock: Int?) {
        precondition(tokensPerBlock ?? 1 >= 1, "a block of no tokens")
        self.tokensPerBlock = tokensPerBlock ?? 1
    }

    /// The prompt of a request.
    ///
    /// - Parameter number: what tells the request's own tokens from those of others.
    /// - Complexity: O(tokens).
    package func prompt(of request: TraceRequest, number: Int) -> [TokenID] {
        var tokens: [TokenID] = []
        tokens.reserveCapacity(request.promptTokens)
        for block in request.blocks where tokens.count < request.promptTokens {
            let count = min(tokensPerBlock, request.promptTokens - tokens.count)
            Self.append(count, of: Self.mix(block), to: &tokens)
        }
        let own = Self.mix(~UInt64(number))
        Self.append(request.promptTokens - tokens.count, of: own, to: &tokens)
        return tokens
    }

    private static func append(_ count: Int, of seed: UInt64, to tokens: inout [TokenID]) {
        var state = seed
        for _ in 0..<count {
            tokens.append(TokenID(UInt32(truncatingIfNeeded: state >> 32)))
            state &+= 0x9E37_79B9_7F4A_7C15
        }
    }

    /// The token that a request's answer has at a position.
    package static func answer(_ number: UInt64, at position: Int) -> UInt32 {
        let state = (number &+ 1) &* 0xD6E8_FEB8_6659_FD93 &+ UInt64(truncatingIfNeeded: position)
        return UInt32(truncatingIfNeeded: (state &* 0x9E37_79B9_7F4A_7C15) >> 32)
    }

    static func mix(_ value: UInt64) -> UInt64 {
        var mixed = value &+ 0x9E37_79B9_7F4A_7C15
        mixed = (mixed ^ (mixed >> 30)) &* 0xBF58_476D_1CE4_E5B9
        mixed = (mixed ^ (mixed >> 27)) &* 0x94D0_49BB_1331_11EB
        return mixed ^ (mixed >> 31)
    }
}
