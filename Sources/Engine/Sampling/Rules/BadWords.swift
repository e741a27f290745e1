import QuireIdentifiers
import Tokenization

/// Token sequences that an answer must not have.
struct BadWords: Hashable {
    /// A sequence: its last token is ruled out where the answer ends with those before it.
    let sequences: [[TokenID]]

    /// The sequences of words, with a space before each and without: in the middle of a text most
    /// words begin with one. A word that is a special token's name is that token too.
    ///
    /// - Throws: `EngineError.invalidParameters` when they are too many.
    init(_ words: [String], tokenizer: Tokenizer) throws(EngineError) {
        var sequences: [[TokenID]] = []
        var known: Set<[TokenID]> = []
        for word in words {
            let bare = String(word.drop { $0 == " " })
            let named = tokenizer.specialToken(named: word).map { [$0] } ?? []
            for tokens in [named, tokenizer.encode(bare), tokenizer.encode(" " + bare)] {
                guard !tokens.isEmpty, known.insert(tokens).inserted else { continue }
                sequences.append(tokens)
            }
        }
        guard sequences.count <= EngineLimits.maxBadWords else {
            throw EngineError(
                .invalidParameters,
                "the bad words come to \(sequences.count) sequences of tokens; there may be "
                    + "\(EngineLimits.maxBadWords), and most words come to two")
        }
        self.sequences = sequences
    }

    /// The sequences as they are.
    init(sequences: [[TokenID]]) { self.sequences = sequences }

    /// Rules tokens out of a row of logits.
    ///
    /// - Complexity: O(tokens of the sequences).
    func apply(to row: inout [Float], generated: [TokenID]) {
        for sequence in sequences {
            guard let last = sequence.last, Int(last.rawValue) < row.count,
                generated.suffix(sequence.count - 1).elementsEqual(sequence.dropLast())
            else { continue }
            row[Int(last.rawValue)] = -.infinity
        }
    }
}
