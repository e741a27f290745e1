import QuireIdentifiers

/// Turns words into tokens, the longest first.
struct WordPieceEncoder: ~Escapable, PieceEncoding {
    private let text: Span<UInt8>
    private let model: WordPieceModel
    private let vocabulary: Vocabulary

    @_lifetime(copy text)
    init(text: Span<UInt8>, model: WordPieceModel, vocabulary: Vocabulary) {
        self.text = text
        self.model = model
        self.vocabulary = vocabulary
    }

    /// Appends the tokens of the word in `range`, or the unknown token.
    ///
    /// - Complexity: O(tokens times the square of the longest token's bytes).
    func encode(_ range: Range<Int>, _ scratch: inout MergeScratch, to output: inout [TokenID]) {
        let start = output.count
        guard isShort(range) else { return output.append(TokenID(model.unknown)) }
        var position = range.lowerBound
        while position < range.upperBound {
            let isFirst = position == range.lowerBound
            guard let (id, end) = longest(from: position, range.upperBound, isFirst: isFirst) else {
                output.removeLast(output.count - start)
                return output.append(TokenID(model.unknown))
            }
            output.append(TokenID(id))
            position = end
        }
    }

    private func isShort(_ range: Range<Int>) -> Bool {
        var characters = 0
        for index in range where text[index] & 0xC0 != 0x80 { characters += 1 }
        return characters <= model.longestWord
    }

    private func longest(
        from start: Int, _ end: Int, isFirst: Bool
    ) -> (id: UInt32, end: Int)? {
        let prefix = isFirst ? model.wordPrefix : model.continuingPrefix
        var stop = min(end, start + max(0, model.longest - prefix.count))
        while stop > start {
            // Between two characters.
            if stop == end || text[stop] & 0xC0 != 0x80 {
                let part = text.extracting(start..<stop)
                if let id = vocabulary.find(prefix.span, part), !vocabulary.kinds[id].isSpecial {
                    return (UInt32(id), stop)
                }
            }
            stop -= 1
        }
        return nil
    }
}
