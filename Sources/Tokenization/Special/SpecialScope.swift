import QuireIdentifiers

/// Where in a text the names of special tokens stand for them.
enum SpecialScope: Sendable {
    /// Nowhere: all of it is data.
    case nowhere
    /// Wherever they are.
    case everywhere
    /// Where no byte of the name is in one of these ranges, which are in order and apart. There
    /// the tokens of `structure` too, which are not special in the vocabulary, are text.
    case outside([Range<Int>], structure: Set<TokenID>)

    /// Whether the name of a token at `range` stands for it.
    func allows(_ token: AddedToken, at range: Range<Int>) -> Bool {
        switch self {
        case .nowhere: !token.isSpecial
        case .everywhere: true
        case .outside(_, let structure):
            !token.isSpecial && !structure.contains(TokenID(token.id)) || allows(range)
        }
    }

    /// Whether names of special tokens at `range` stand for them.
    ///
    /// - Complexity: O(log ranges)
    private func allows(_ range: Range<Int>) -> Bool {
        switch self {
        case .nowhere: return false
        case .everywhere: return true
        case .outside(let data, _):
            // The first range that ends behind the beginning of the name.
            var low = 0
            var high = data.count
            while low < high {
                let middle = (low + high) / 2
                if data[middle].upperBound > range.lowerBound {
                    high = middle
                } else {
                    low = middle + 1
                }
            }
            return low == data.count || data[low].lowerBound >= range.upperBound
        }
    }

    /// The scope of a stretch of the text whose bytes are not the text's any more.
    ///
    /// Where any of them was data, names in it stay text: which of them were data cannot be told.
    func rewritten(_ range: Range<Int>) -> SpecialScope {
        guard case .outside(_, let structure) = self else { return self }
        return allows(range) ? .everywhere : .outside([0..<Int.max], structure: structure)
    }
}
