/// Reads a regular expression: what stands side by side, alternatives, and quantifiers. Atoms,
/// classes, escapes and groups are in files of their own.
struct PatternParser {
    let dialect: PatternDialect
    let scalars: [Unicode.Scalar]
    var position = 0
    var depth = 0
    var options = Options()
    /// Whether a class is being read: only as a whole it is looked at in any case.
    var isInClass = false

    /// What inline flags switch.
    struct Options {
        var ignoresCase = false
        var dotMatchesBreaks = false
        var ignoresSpace = false
    }

    init(_ text: String, _ dialect: PatternDialect) throws(PatternError) {
        self.dialect = dialect
        scalars = Array(text.unicodeScalars)
        guard scalars.count <= PatternLimits.scalars else {
            throw PatternError(
                .tooLarge,
                "a pattern of \(scalars.count) characters; at most \(PatternLimits.scalars) are"
                    + " read",
                at: PatternLimits.scalars)
        }
    }

    mutating func parse() throws(PatternError) -> PatternSyntax {
        let syntax = try choice()
        guard next == nil else { throw malformed("a ) without its (") }
        return syntax
    }

    /// Alternatives, up to the end of the group or of the pattern.
    mutating func choice() throws(PatternError) -> PatternSyntax {
        depth += 1
        defer { depth -= 1 }
        guard depth <= PatternLimits.depth else {
            throw PatternError(
                .tooLarge, "more than \(PatternLimits.depth) groups inside of one another",
                at: position)
        }
        var branches = [try sequence()]
        while take("|") { branches.append(try sequence()) }
        return branches.count == 1 ? branches[0] : .choice(branches)
    }

    private mutating func sequence() throws(PatternError) -> PatternSyntax {
        var parts: [PatternSyntax] = []
        while true {
            if options.ignoresSpace { skipSpace() }
            guard let next, next != "|", next != ")" else { break }
            let start = position
            let atom = try atom()
            parts.append(try quantified(atom, from: start))
        }
        return parts.count == 1 ? parts[0] : parts.isEmpty ? .empty : .sequence(parts)
    }

    /// The part with the quantifiers behind it.
    private mutating func quantified(
        _ atom: PatternSyntax, from start: Int
    ) throws(PatternError) -> PatternSyntax {
        var result = atom
        var count = 0
        while true {
            if options.ignoresSpace { skipSpace() }
            let place = position
            guard let (counts, isInterval) = try quantifier() else { return result }
            guard isRepeatable(atom, from: start) else {
                throw malformed("nothing to repeat", at: place)
            }
            count += 1
            guard count <= 8, dialect == .oniguruma || count == 1 else {
                throw malformed("a quantifier after a quantifier", at: place)
            }
            result = try repetition(result, counts, isInterval: isInterval)
        }
    }

    /// Whether a part may have a quantifier: places in the text have none, but in a group.
    private func isRepeatable(_ atom: PatternSyntax, from start: Int) -> Bool {
        let text = scalars[start...].prefix(4)
        switch atom {
        case .anchor: return text.first == "("
        case .look:
            return !["(?=", "(?!", "(?<=", "(?<!"].contains { text.starts(with: $0.unicodeScalars) }
        default: return true
        }
    }

    private mutating func repetition(
        _ part: PatternSyntax, _ counts: (Int, Int?), isInterval: Bool
    ) throws(PatternError) -> PatternSyntax {
        var counted = PatternSyntax.Repetition(
            minimum: counts.0, maximum: counts.1, greed: .greedy)
        if dialect == .oniguruma, isInterval, counts.0 == counts.1, next == "?" {
            // Oniguruma reads `{n}?` as n times or not at all.
            position += 1
            return .repetition(
                .repetition(part, counted), .init(minimum: 0, maximum: 1, greed: .greedy))
        }
        if take("?") {
            counted.greed = .lazy
        } else if dialect == .oniguruma, !isInterval, take("+") {
            counted.greed = .possessive
        }
        return .repetition(part, counted)
    }

    /// The numbers of a quantifier that stands here, and whether it is `{...}`.
    private mutating func quantifier() throws(PatternError) -> ((Int, Int?), isInterval: Bool)? {
        if take("*") { return ((0, nil), false) }
        if take("+") { return ((1, nil), false) }
        if take("?") { return ((0, 1), false) }
        guard next == "{" else { return nil }
        let start = position
        position += 1
        let least = number()
        let hasComma = take(",")
        let most = hasComma ? number() : least
        guard take("}"), least != nil || (dialect == .oniguruma && most != nil) else {
            // A brace that begins no interval is itself.
            position = start
            return nil
        }
        let minimum = least ?? 0
        for count in [minimum, most ?? 0] where count > PatternLimits.repetitions {
            throw PatternError(
                .tooLarge, "a part repeated more than \(PatternLimits.repetitions) times",
                at: start)
        }
        if let most, most < minimum { throw malformed("an interval that descends", at: start) }
        return ((minimum, most), true)
    }

    /// Decimal digits; a number too large for any bound is one beyond it.
    private mutating func number() -> Int? {
        var value: Int?
        while let digit = next?.value, (0x30...0x39).contains(digit) {
            position += 1
            value = min((value ?? 0) * 10 + Int(digit - 0x30), PatternLimits.repetitions + 1)
        }
        return value
    }
}

extension PatternParser {
    /// The scalar that comes next; nil at the end.
    var next: Unicode.Scalar? { position < scalars.count ? scalars[position] : nil }

    /// Passes over a scalar if it comes next.
    mutating func take(_ scalar: Unicode.Scalar) -> Bool {
        guard next == scalar else { return false }
        position += 1
        return true
    }

    /// Passes over a text if it comes next.
    mutating func take(_ text: String) -> Bool {
        let wanted = Array(text.unicodeScalars)
        guard scalars[position...].starts(with: wanted) else { return false }
        position += wanted.count
        return true
    }

    /// Passes over what `(?x)` ignores.
    mutating func skipSpace() {
        while let scalar = next {
            if scalar == "#" {
                while let scalar = next, scalar != "\n" {
                    _ = scalar
                    position += 1
                }
            } else if " \t\n\r\u{B}\u{C}".unicodeScalars.contains(scalar) {
                position += 1
            } else {
                return
            }
        }
    }

    func malformed(_ message: String, at place: Int? = nil) -> PatternError {
        PatternError(.malformed, message, at: place ?? position)
    }

    func unsupported(_ what: String, at place: Int) -> PatternError {
        PatternError(.unsupported, what + " is not supported", at: place)
    }

    /// A scalar as the options have it: in any case, if they say so.
    func cased(_ set: ScalarSet) -> ScalarSet {
        options.ignoresCase && !isInClass ? CaseFolding.closure(set) : set
    }
}
