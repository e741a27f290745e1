package import QuireIdentifiers

/// When a request's last tokens count as a loop that it will not leave.
public struct RepetitionDetection: Hashable, Sendable {
    /// Tokens of the longest pattern to look for; 0: none is looked for.
    public var maxPatternSize: Int

    /// Tokens of the shortest pattern to look for; 0 is 1.
    public var minPatternSize: Int

    /// How often a pattern must follow itself, the first time included; at least 2.
    public var minCount: Int

    /// A rule; `SamplingParameters.validate` checks it.
    public init(maxPatternSize: Int, minPatternSize: Int, minCount: Int) {
        self.maxPatternSize = maxPatternSize
        self.minPatternSize = minPatternSize
        self.minCount = minCount
    }

    /// Whether tokens end with a pattern `minCount` times in a row.
    ///
    /// A sequence ends with a pattern of p tokens c times exactly when each of its last p (c - 1)
    /// tokens equals the one p places before it; the first that does not ends the comparison.
    ///
    /// - Complexity: O(pattern sizes) where nothing repeats, O(pattern sizes x tokens) at worst.
    package func isMet(by tokens: [TokenID]) -> Bool {
        guard minCount >= 2 else { return false }
        var size = max(1, minPatternSize)
        // The quotient, because the product of the two may be beyond an integer.
        while size <= maxPatternSize, size <= tokens.count / minCount {
            let compared = size * (minCount - 1)
            let end = tokens.count
            if (end - compared..<end).reversed().allSatisfy({ tokens[$0] == tokens[$0 - size] }) {
                return true
            }
            size += 1
        }
        return false
    }
}
