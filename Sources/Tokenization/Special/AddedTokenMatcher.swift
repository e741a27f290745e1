import Patterns

/// Finds added tokens in text, at each place the longest: a trie over their bytes.
///
/// The tokenizers of the field agree on leftmost and longest (Hugging Face by Aho-Corasick,
/// SentencePiece by a trie); llama.cpp takes the longest of the whole text first, which differs
/// only for tokens that overlap.
struct AddedTokenMatcher: Sendable {
    private let tokens: [AddedToken]
    /// The node of each first byte, or -1.
    private let roots: [Int32]
    private let nodes: [Node]

    private struct Node: Sendable {
        let byte: UInt8
        var sibling: Int32 = -1
        var child: Int32 = -1
        var token: Int32 = -1
    }

    /// A token found.
    struct Match {
        let id: UInt32
        /// The text that it stands for, including whitespace that belongs to it.
        let range: Range<Int>
    }

    /// Empty tokens and those beyond `TokenizerLimits.specialTokenBytes` are never found.
    init(_ tokens: [AddedToken]) {
        self.tokens = tokens.filter {
            (1...TokenizerLimits.specialTokenBytes).contains($0.text.count)
        }
        var roots = [Int32](repeating: -1, count: 256)
        var nodes: [Node] = []
        for (index, token) in self.tokens.enumerated() {
            var current = roots[Int(token.text[0])]
            if current < 0 {
                current = Int32(nodes.count)
                nodes.append(Node(byte: token.text[0]))
                roots[Int(token.text[0])] = current
            }
            for byte in token.text.dropFirst() {
                var next = nodes[Int(current)].child
                while next >= 0, nodes[Int(next)].byte != byte { next = nodes[Int(next)].sibling }
                if next < 0 {
                    next = Int32(nodes.count)
                    nodes.append(Node(byte: byte, sibling: nodes[Int(current)].child))
                    nodes[Int(current)].child = next
                }
                current = next
            }
            if nodes[Int(current)].token < 0 { nodes[Int(current)].token = Int32(index) }
        }
        self.roots = roots
        self.nodes = nodes
    }

    /// Whether there is nothing to find.
    var isEmpty: Bool { tokens.isEmpty }

    /// The first token in `range`; special ones only where they may be.
    ///
    /// - Complexity: O(bytes passed x longest token that begins like them).
    func first(
        in scanner: borrowing TextScanner, _ range: Range<Int>, special: SpecialScope
    ) -> Match? {
        var position = range.lowerBound
        while position < range.upperBound {
            let root = roots[Int(scanner.text[position])]
            if root >= 0,
                let (token, end) = longest(
                    from: root, in: scanner, position..<range.upperBound, within: range,
                    special: special)
            {
                let start =
                    token.takesSpaceBefore
                    ? Self.spaceStart(scanner, position, from: range.lowerBound) : position
                let stop =
                    token.takesSpaceAfter
                    ? scanner.run(of: .whitespace, from: end, range.upperBound) : end
                return Match(id: token.id, range: start..<stop)
            }
            position += 1
        }
        return nil
    }

    private func longest(
        from root: Int32, in scanner: borrowing TextScanner, _ range: Range<Int>,
        within text: Range<Int>, special: SpecialScope
    ) -> (AddedToken, end: Int)? {
        var found: (AddedToken, end: Int)?
        var node = root
        var end = range.lowerBound + 1
        while true {
            let token = nodes[Int(node)].token
            if token >= 0,
                special.allows(tokens[Int(token)], at: range.lowerBound..<end),
                !tokens[Int(token)].isWholeWord
                    || Self.isWholeWord(scanner, range.lowerBound..<end, within: text)
            {
                found = (tokens[Int(token)], end)
            }
            guard end < range.upperBound else { return found }
            let byte = scanner.text[end]
            node = nodes[Int(node)].child
            while node >= 0, nodes[Int(node)].byte != byte { node = nodes[Int(node)].sibling }
            guard node >= 0 else { return found }
            end += 1
        }
    }

    private static func isWholeWord(
        _ scanner: borrowing TextScanner, _ range: Range<Int>, within text: Range<Int>
    ) -> Bool {
        func isWord(_ position: Int) -> Bool {
            let (value, _) = scanner.scalar(position, text.upperBound)
            return GeneralCategory.wordAndJoiners.contains(UInt32(value))
        }
        if range.lowerBound > text.lowerBound,
            isWord(scanner.previous(range.lowerBound, from: text.lowerBound))
        {
            return false
        }
        return range.upperBound == text.upperBound || !isWord(range.upperBound)
    }

    /// The start of the whitespace that ends at `position`.
    private static func spaceStart(
        _ scanner: borrowing TextScanner, _ position: Int, from start: Int
    ) -> Int {
        var position = position
        while position > start {
            let last = scanner.previous(position, from: start)
            guard scanner.kind(last, position).meets(.whitespace) else { break }
            position = last
        }
        return position
    }
}
