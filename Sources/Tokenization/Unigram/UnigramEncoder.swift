import QuireIdentifiers

/// Finds the likeliest tokens of a piece by Viterbi's algorithm: from left to right, the best way
/// to each place between characters.
struct UnigramEncoder: ~Escapable, PieceEncoding {
    private let text: Span<UInt8>
    private let model: UnigramModel
    private let vocabulary: Vocabulary

    @_lifetime(copy text)
    init(text: Span<UInt8>, model: UnigramModel, vocabulary: Vocabulary) {
        self.text = text
        self.model = model
        self.vocabulary = vocabulary
    }

    /// Appends the tokens of the piece in `range`.
    ///
    /// - Complexity: O(n times the longest token) in the bytes of the piece.
    func encode(_ range: Range<Int>, _ scratch: inout MergeScratch, to output: inout [TokenID]) {
        findPaths(range, &scratch)
        // Backwards from the end: where each token of the best way ends.
        scratch.clear()
        var end = range.count
        while end > 0 {
            scratch.ids.append(scratch.pathIDs[end])
            scratch.ends.append(range.lowerBound + end)
            end = Int(scratch.pathStarts[end])
        }
        scratch.ids.reverse()
        scratch.ends.reverse()
        emit(range.lowerBound, scratch, to: &output)
    }

    /// For each place in the piece the best way to it: its score, its last token and where that one
    /// begins.
    private func findPaths(_ range: Range<Int>, _ scratch: inout MergeScratch) {
        let count = range.count + 1
        scratch.pathScores = Array(repeating: -.infinity, count: count)
        scratch.pathIDs = Array(repeating: MergeModel.noToken, count: count)
        scratch.pathStarts = Array(repeating: -1, count: count)
        scratch.pathScores[0] = 0
        var start = range.lowerBound
        while start < range.upperBound {
            let characterEnd = min(start + TextScanner.width(of: text[start]), range.upperBound)
            let score = scratch.pathScores[start - range.lowerBound]
            let limit = min(range.upperBound, start + model.longest)
            var end = start
            var hash = PieceIndex.seed
            var isKnown = false
            while end < limit {
                let next = min(end + TextScanner.width(of: text[end]), range.upperBound)
                guard next <= limit else { break }
                hash = PieceIndex.hash(text.extracting(end..<next), hash)
                end = next
                guard let id = vocabulary.find(text.extracting(start..<end), hash: hash),
                    model.scores[id] > -.infinity
                else { continue }
                isKnown = isKnown || end == characterEnd
                let sum = model.kept(model.scores[id] + score)
                enter(UInt32(id), sum, start, end, range, &scratch)
            }
            if !isKnown {
                let sum = model.kept(model.unknownScore + score)
                enter(MergeModel.noToken, sum, start, characterEnd, range, &scratch)
            }
            start = characterEnd
        }
    }

    /// Takes a token into the best way to its end, if it makes a better one; of equal ones the
    /// first stays.
    @inline(__always)
    private func enter(
        _ id: UInt32, _ score: Double, _ start: Int, _ end: Int, _ range: Range<Int>,
        _ scratch: inout MergeScratch
    ) {
        let place = end - range.lowerBound
        guard scratch.pathStarts[place] < 0 || score > scratch.pathScores[place] else { return }
        scratch.pathScores[place] = score
        scratch.pathIDs[place] = id
        scratch.pathStarts[place] = Int32(start - range.lowerBound)
    }

    /// Appends the tokens; what has none becomes byte tokens or the unknown token.
    private func emit(_ start: Int, _ scratch: borrowing MergeScratch, to output: inout [TokenID]) {
        var begin = start
        var afterUnknown = false
        for (index, id) in scratch.ids.enumerated() {
            let end = scratch.ends[index]
            defer { begin = end }
            if id != MergeModel.noToken {
                output.append(TokenID(id))
                afterUnknown = false
            } else if (begin..<end).allSatisfy({ byteToken($0) != MergeModel.noToken }) {
                for byte in begin..<end { output.append(TokenID(byteToken(byte))) }
                afterUnknown = false
            } else {
                if model.unknown != MergeModel.noToken, !(afterUnknown && model.fusesUnknown) {
                    output.append(TokenID(model.unknown))
                }
                afterUnknown = true
            }
        }
    }

    private func byteToken(_ position: Int) -> UInt32 { model.byteTokens[Int(text[position])] }
}
