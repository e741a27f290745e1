package import QuireIdentifiers

/// Which tokens of a vocabulary may come: a bit for each.
package struct TokenMask: Hashable, Sendable {
    /// The tokens of the vocabulary.
    package private(set) var count = 0

    private var words: [UInt64] = []

    /// A mask of an empty vocabulary.
    package init() {}

    /// A mask that allows all of `count` tokens.
    package init(count: Int) { reset(count: count) }

    /// Allows all of `count` tokens.
    ///
    /// - Complexity: O(`count` / 64); no memory is allocated when the size is unchanged.
    package mutating func reset(count: Int) {
        self.count = count
        let size = (count + 63) / 64
        if words.count == size {
            for index in words.indices { words[index] = .max }
        } else {
            words = Array(repeating: .max, count: size)
        }
        if count % 64 > 0 { words[size - 1] = (1 << UInt64(count % 64)) - 1 }
    }

    /// Whether a token may come; one beyond the vocabulary may not.
    package func allows(_ token: TokenID) -> Bool {
        let token = Int(token.rawValue)
        return token < count && words[token / 64] >> UInt64(token % 64) & 1 == 1
    }

    /// Rules a token out.
    package mutating func remove(_ token: TokenID) {
        let token = Int(token.rawValue)
        if token < count { words[token / 64] &= ~(1 << UInt64(token % 64)) }
    }

    /// Rules all tokens out.
    package mutating func removeAll() {
        for index in words.indices { words[index] = 0 }
    }

    /// Rules all tokens out but one, which stays what it is.
    package mutating func keep(_ token: TokenID) {
        let isAllowed = allows(token)
        removeAll()
        let token = Int(token.rawValue)
        if isAllowed { words[token / 64] = 1 << UInt64(token % 64) }
    }

    /// Whether no token may come.
    package var isEmpty: Bool { words.allSatisfy { $0 == 0 } }

    /// Rules out of a row of logits what the mask does.
    ///
    /// - Complexity: O(vocabulary).
    func apply(to row: inout [Float]) {
        for (index, word) in words.enumerated() where word != .max {
            for token in index * 64..<min(row.count, index * 64 + 64)
            where word >> UInt64(token % 64) & 1 == 0 {
                row[token] = -.infinity
            }
        }
    }
}
