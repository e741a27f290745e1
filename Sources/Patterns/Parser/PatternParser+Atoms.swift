extension PatternParser {
    /// One part of a sequence, before its quantifier.
    mutating func atom() throws(PatternError) -> PatternSyntax {
        let start = position
        guard let scalar = next else { return .empty }
        position += 1
        switch scalar {
        case "(": return try group(from: start)
        case "[": return .scalars(try characterClass(from: start))
        case "\\": return try escape(from: start)
        case ".": return .scalars(dot)
        case "^": return .anchor(dialect == .ecma ? .textStart : .lineStart)
        case "$": return .anchor(dialect == .ecma ? .textEnd : .lineEnd)
        case "*", "+", "?": throw malformed("nothing to repeat", at: start)
        default: return .scalars(cased(ScalarSet(scalar.value)))
        }
    }

    private var dot: ScalarSet {
        if options.dotMatchesBreaks { return .all }
        switch dialect {
        case .oniguruma: return ScalarSet(0x0A).inverted
        case .ecma: return ScalarSet("\n\r\u{2028}\u{2029}").inverted
        }
    }

    /// What follows a parenthesis, up to the one that closes it.
    private mutating func group(from start: Int) throws(PatternError) -> PatternSyntax {
        let outer = options
        var inner: PatternSyntax
        if !take("?") {
            inner = try choice()
        } else if take(":") {
            inner = try choice()
        } else if take("=") {
            inner = .look(.init(isBehind: false, isNegative: false), try choice())
        } else if take("!") {
            inner = .look(.init(isBehind: false, isNegative: true), try choice())
        } else if take("<=") {
            inner = .look(.init(isBehind: true, isNegative: false), try choice())
        } else if take("<!") {
            inner = .look(.init(isBehind: true, isNegative: true), try choice())
        } else if take("<") {
            try groupName(from: start)
            inner = try choice()
        } else if dialect == .oniguruma, take(">") {
            inner = .atomic(try choice())
        } else if dialect == .oniguruma, take("#") {
            while let scalar = next, scalar != ")" { position += scalar == "\\" ? 2 : 1 }
            position = min(position, scalars.count)
            inner = .empty
        } else if let flags = try flags(from: start) {
            options = flags.options
            // `(?i)` goes on to the end of the group that it is in.
            if flags.isIsolated {
                inner = try choice()
                options = outer
                return inner
            }
            inner = try choice()
        } else {
            throw unsupported("a group of the form (?\(next.map(String.init) ?? "")", at: start)
        }
        guard take(")") else { throw malformed("a ( without its )", at: start) }
        options = outer
        return inner
    }

    /// The name of a group, which changes nothing: no pattern can refer to it.
    private mutating func groupName(from start: Int) throws(PatternError) {
        let first = position
        while let scalar = next,
            scalar.properties.isAlphabetic
                || "0123456789_$".unicodeScalars
                    .contains(scalar)
        {
            position += 1
        }
        guard position > first, take(">") else {
            throw malformed("a group without a name", at: start)
        }
    }

    /// `i-m:` or `i)`; the position stays if these are no flags.
    private mutating func flags(
        from start: Int
    ) throws(PatternError) -> (options: Options, isIsolated: Bool)? {
        var result = options
        var isOn = true
        while let flag = next {
            position += 1
            switch (flag, dialect) {
            case ("-", _) where isOn: isOn = false
            case ("i", _): result.ignoresCase = isOn
            case ("m", .oniguruma), ("s", .ecma): result.dotMatchesBreaks = isOn
            case ("x", .oniguruma): result.ignoresSpace = isOn
            case (":", _): return (result, false)
            case (")", .oniguruma): return (result, true)
            default:
                position = start + 2
                return nil
            }
        }
        throw malformed("a ( without its )", at: start)
    }
}
