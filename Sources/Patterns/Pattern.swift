/// A regular expression, ready to be searched for: the first alternative that matches at the
/// leftmost place is taken, as in Oniguruma, PCRE and ECMA 262.
///
/// A match costs steps, and a search has so many (`PatternLimits`): no pattern and no text can keep
/// it busy for ever.
package struct Pattern: Hashable, Sendable {
    /// The regular expression as it was written.
    package let text: String
    let program: PatternProgram

    /// - Throws: `PatternError` for what is malformed, not implemented or too large.
    package init(_ text: String, dialect: PatternDialect) throws(PatternError) {
        try self.init(PatternSyntax(text, dialect: dialect), text: text)
    }

    /// A tree, and a text that no other tree goes by.
    package init(_ syntax: PatternSyntax, text: String) throws(PatternError) {
        self.text = text
        program = try ProgramBuilder.program(of: syntax)
    }

    /// Patterns are equal if they are written alike.
    package static func == (left: Pattern, right: Pattern) -> Bool { left.text == right.text }

    /// Hashes the text.
    package func hash(into hasher: inout Hasher) { hasher.combine(text) }

    /// All matches in a text, as ranges of its UTF-8, leftmost first and apart; nil if they take
    /// more steps than a search has.
    package func matches(in text: String) -> [Range<Int>]? {
        var text = text
        text.makeContiguousUTF8()
        return matches(in: text.utf8.span, 0..<text.utf8.count)
    }

    /// All matches in a stretch of UTF-8, which is all that the pattern sees of the text.
    package func matches(in text: Span<UInt8>, _ range: Range<Int>) -> [Range<Int>]? {
        var found: [Range<Int>] = []
        var matcher = Matcher(program, text, range)
        var position = range.lowerBound
        while let match = matcher.firstMatch(from: position) {
            // An empty match where the last one ended is none of its own.
            if !match.isEmpty || match.lowerBound != found.last?.upperBound { found.append(match) }
            position = match.upperBound
            if match.isEmpty {
                guard position < range.upperBound else { break }
                position = matcher.after(position)
            }
        }
        return matcher.isExhausted ? nil : found
    }
}
