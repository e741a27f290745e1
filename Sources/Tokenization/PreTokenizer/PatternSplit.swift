import Patterns

/// Text cut at the matches of a regular expression.
struct PatternSplit: Hashable, Sendable {
    /// What becomes of the matches; the names are those of `tokenizer.json`.
    enum Behavior: String, Sendable {
        case removed = "Removed"
        case isolated = "Isolated"
        case mergedWithPrevious = "MergedWithPrevious"
        case mergedWithNext = "MergedWithNext"
        case contiguous = "Contiguous"
    }

    let pattern: Pattern
    var behavior = Behavior.isolated
    /// Whether what lies between matches is treated as the matches, and they as that.
    var isInverted = false

    /// The pieces of a stretch of text, in order.
    ///
    /// A text that takes more steps than a search has stays whole: the bound is far beyond what any
    /// pattern of a tokenizer needs, and no text may stop the engine.
    func pieces(of text: Span<UInt8>, _ range: Range<Int>) -> [Range<Int>] {
        guard let matches = pattern.matches(in: text, range) else { return [range] }
        var parts: [(range: Range<Int>, isMatch: Bool)] = []
        parts.reserveCapacity(2 * matches.count + 1)
        var position = range.lowerBound
        for match in matches {
            if match.lowerBound > position {
                parts.append((position..<match.lowerBound, isInverted))
            }
            parts.append((match, !isInverted))
            position = match.upperBound
        }
        if position < range.upperBound { parts.append((position..<range.upperBound, isInverted)) }
        return joined(parts).filter { !$0.isEmpty }
    }

    private func joined(_ parts: [(range: Range<Int>, isMatch: Bool)]) -> [Range<Int>] {
        var pieces: [Range<Int>] = []
        var afterMatch = false
        switch behavior {
        case .isolated: return parts.map(\.range)
        case .removed: return parts.lazy.filter { !$0.isMatch }.map(\.range)
        case .mergedWithPrevious:
            for (range, isMatch) in parts {
                if isMatch, !afterMatch, let last = pieces.popLast() {
                    pieces.append(last.lowerBound..<range.upperBound)
                } else {
                    pieces.append(range)
                }
                afterMatch = isMatch
            }
        case .mergedWithNext:
            for (range, isMatch) in parts.reversed() {
                if isMatch, !afterMatch, let next = pieces.popLast() {
                    pieces.append(range.lowerBound..<next.upperBound)
                } else {
                    pieces.append(range)
                }
                afterMatch = isMatch
            }
            pieces.reverse()
        case .contiguous:
            for (range, isMatch) in parts {
                if isMatch == afterMatch, let last = pieces.popLast() {
                    pieces.append(last.lowerBound..<range.upperBound)
                } else {
                    pieces.append(range)
                }
                afterMatch = isMatch
            }
        }
        return pieces
    }
}

extension PatternSplit {
    /// The pre-tokenizers that are no regular expressions in their files, as ones.
    enum Known: String {
        case whitespace = "WhitespaceSplit"
        case words = "Whitespace"
        case punctuation = "Punctuation"

        var syntax: PatternSyntax {
            switch self {
            case .whitespace: .scalars(GeneralCategory.whitespace)
            case .punctuation: .scalars(Self.punctuationMarks)
            case .words:
                .choice([
                    Self.run(GeneralCategory.wordAndJoiners),
                    Self.run(
                        GeneralCategory.wordAndJoiners.union(GeneralCategory.whitespace).inverted),
                ])
            }
        }

        /// `\p{P}` and all of ASCII's punctuation.
        private static let punctuationMarks = ScalarSet(
            GeneralCategory.runs.lazy.filter { $0.category.name.hasPrefix("P") }.map(\.scalars)
                + [0x21...0x2F, 0x3A...0x40, 0x5B...0x60, 0x7B...0x7E])

        private static func run(_ set: ScalarSet) -> PatternSyntax {
            .repetition(.scalars(set), .init(minimum: 1, maximum: nil, greed: .greedy))
        }
    }

    /// A known pre-tokenizer's cuts.
    init(_ known: Known, _ behavior: Behavior, isInverted: Bool = false) throws(TokenizerError) {
        self.init(
            pattern: try Self.reading("(\(known.rawValue))") { () throws(PatternError) in
                try Pattern(known.syntax, text: "(\(known.rawValue))")
            }, behavior: behavior, isInverted: isInverted)
    }

    /// A regular expression of a `tokenizer.json`.
    static func pattern(_ regex: String) throws(TokenizerError) -> Pattern {
        try reading(regex) { () throws(PatternError) in
            try Pattern(regex, dialect: .oniguruma)
        }
    }

    /// A text that matches only itself.
    static func pattern(literal: String) throws(TokenizerError) -> Pattern {
        try reading(literal) { () throws(PatternError) in
            let syntax = literal.unicodeScalars.map { PatternSyntax.scalars(ScalarSet($0.value)) }
            return try Pattern(.sequence(syntax), text: "(literal)" + literal)
        }
    }

    private static func reading(
        _ text: String, _ body: () throws(PatternError) -> Pattern
    ) throws(TokenizerError) -> Pattern {
        do {
            return try body()
        } catch {
            throw TokenizerError(.unsupportedPattern, "the pattern \(quoted(text)): \(error)")
        }
    }
}
