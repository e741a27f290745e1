/// A regular expression as a tree. Options are resolved: a letter in any case is a set of letters.
package indirect enum PatternSyntax: Hashable, Sendable {
    /// Nothing, which matches everywhere.
    case empty
    /// One scalar of a set.
    case scalars(ScalarSet)
    /// One after the other.
    case sequence([PatternSyntax])
    /// The first that lets the whole match.
    case choice([PatternSyntax])
    /// Again and again.
    case repetition(PatternSyntax, Repetition)
    /// A part that, once matched, is not tried in another way.
    case atomic(PatternSyntax)
    /// What must follow, or must not, or come before.
    case look(PatternLook, PatternSyntax)
    /// A place in the text.
    case anchor(PatternAnchor)

    /// How often a part occurs.
    package struct Repetition: Hashable, Sendable {
        /// The least.
        package var minimum: Int
        /// The most, or nil for any number.
        package var maximum: Int?
        /// Which number is tried first.
        package var greed: Greed

        /// From the least to the most.
        package init(minimum: Int, maximum: Int?, greed: Greed) {
            self.minimum = minimum
            self.maximum = maximum
            self.greed = greed
        }
    }

    /// Which number of a repetition is tried first.
    package enum Greed: Hashable, Sendable {
        /// The most, then fewer.
        case greedy
        /// The least, then more.
        case lazy
        /// The most that can be, and no other.
        case possessive
    }

    /// Reads a regular expression.
    ///
    /// - Throws: `PatternError` for what is malformed, not implemented or too large.
    package init(_ text: String, dialect: PatternDialect) throws(PatternError) {
        var parser = try PatternParser(text, dialect)
        self = try parser.parse()
    }
}

/// Which way a part of a pattern looks.
package struct PatternLook: Hashable, Sendable {
    /// Whether it looks at what comes before.
    package var isBehind: Bool
    /// Whether it must not match.
    package var isNegative: Bool

    /// Behind or ahead, and whether it must not match.
    package init(isBehind: Bool, isNegative: Bool) {
        self.isBehind = isBehind
        self.isNegative = isNegative
    }
}

/// A place in the text.
package enum PatternAnchor: Hashable, Sendable {
    /// The beginning of the text.
    case textStart
    /// The end of the text.
    case textEnd
    /// The end of the text, or before a line break that ends it.
    case textEndOrLastBreak
    /// The beginning of a line.
    case lineStart
    /// The end of a line.
    case lineEnd
    /// Between a scalar of the set and one that is not.
    case boundary(ScalarSet)
    /// Anywhere else.
    case noBoundary(ScalarSet)
}
