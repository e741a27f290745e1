extension PatternParser {
    /// What follows a backslash outside of a class.
    mutating func escape(from start: Int) throws(PatternError) -> PatternSyntax {
        if let anchor = anchorEscape() { return .anchor(anchor) }
        if let set = try setEscape(from: start) { return .scalars(set) }
        return .scalars(cased(ScalarSet(try scalarEscape(from: start))))
    }

    private mutating func anchorEscape() -> PatternAnchor? {
        let word = dialect == .oniguruma ? Self.onigurumaWord : Self.asciiWord
        let anchor: PatternAnchor? =
            switch (next, dialect) {
            case ("b", _): .boundary(word)
            case ("B", _): .noBoundary(word)
            case ("A", .oniguruma): .textStart
            case ("z", .oniguruma): .textEnd
            case ("Z", .oniguruma): .textEndOrLastBreak
            default: nil
            }
        if anchor != nil { position += 1 }
        return anchor
    }

    private static let asciiWord = ScalarSet([0x30...0x39, 0x41...0x5A, 0x5F...0x5F, 0x61...0x7A])
    private static let asciiDigits = ScalarSet([0x30...0x39])
    private static let hexDigits = ScalarSet([0x30...0x39, 0x41...0x46, 0x61...0x66])
    /// ECMA's WhiteSpace and LineTerminator.
    private static let ecmaSpace =
        GeneralCategory.whitespace.subtracting(ScalarSet(0x85)).union(ScalarSet(0xFEFF))
    /// Oniguruma counts some numbers of Latin-1 among the scalars of words, but not in classes.
    private static let onigurumaWord = GeneralCategory.word.union(
        ScalarSet("\u{B2}\u{B3}\u{B9}\u{BC}\u{BD}\u{BE}"))

    /// The set that an escape stands for; nil, and the position stays, if it stands for none.
    mutating func setEscape(from start: Int) throws(PatternError) -> ScalarSet? {
        guard let scalar = next else { throw malformed("a \\ at the end", at: start) }
        let isECMA = dialect == .ecma
        let set: ScalarSet
        switch scalar {
        case "d", "D": set = isECMA ? Self.asciiDigits : GeneralCategory.decimalNumber.set
        case "w", "W":
            let word = isInClass ? GeneralCategory.word : Self.onigurumaWord
            set = isECMA ? cased(Self.asciiWord) : word
        case "s", "S": set = isECMA ? Self.ecmaSpace : GeneralCategory.whitespace
        case "h" where !isECMA, "H" where !isECMA: set = Self.hexDigits
        case "p", "P":
            position += 1
            return try property(isNegated: scalar == "P", from: start)
        default: return nil
        }
        position += 1
        return scalar.properties.isUppercase ? set.inverted : set
    }

    /// `{Name}`, `{^Name}` and, in Oniguruma, one letter.
    private mutating func property(
        isNegated: Bool, from start: Int
    ) throws(PatternError) -> ScalarSet {
        var isNegated = isNegated
        var name = ""
        if take("{") {
            if dialect == .oniguruma, take("^") { isNegated.toggle() }
            while let scalar = next, scalar != "}" {
                name.unicodeScalars.append(scalar)
                position += 1
            }
            guard take("}") else { throw malformed("a property without its }", at: start) }
        } else if dialect == .oniguruma, let scalar = next {
            position += 1
            name = String(scalar)
        }
        guard let set = PropertyName.set(name, dialect) else {
            throw unsupported("the property '\(name.prefix(60))'", at: start)
        }
        // Oniguruma looks at classes in any case, and at properties only inside of them.
        let whole = dialect == .ecma ? cased(set) : set
        return isNegated ? whole.inverted : whole
    }

    /// The scalar that an escape stands for.
    mutating func scalarEscape(from start: Int) throws(PatternError) -> UInt32 {
        guard let scalar = next else { throw malformed("a \\ at the end", at: start) }
        position += 1
        switch scalar {
        case "t": return 0x09
        case "n": return 0x0A
        case "v": return 0x0B
        case "f": return 0x0C
        case "r": return 0x0D
        case "a" where dialect == .oniguruma: return 0x07
        case "e" where dialect == .oniguruma: return 0x1B
        case "x": return try hexadecimal(from: start)
        case "u": return try unit(from: start)
        case "c":
            guard let letter = next, ("a"..."z").contains(letter) || ("A"..."Z").contains(letter)
            else { throw malformed("a control character without its letter", at: start) }
            position += 1
            return letter.value & 0x1F
        case "0":
            guard let digit = next, ("0"..."9").contains(digit) else { return 0 }
            throw unsupported("an octal number", at: start)
        case "1"..."9": throw unsupported("the backreference \\\(scalar)", at: start)
        case "k", "g": throw unsupported("the reference \\\(scalar)", at: start)
        case "a"..."z", "A"..."Z": throw unsupported("the escape \\\(scalar)", at: start)
        default: return scalar.value
        }
    }

    private mutating func hexadecimal(from start: Int) throws(PatternError) -> UInt32 {
        if dialect == .oniguruma, take("{") { return try braced(from: start) }
        guard let value = digits(2), dialect == .ecma || value < 0x80 else {
            throw malformed("\\x needs two hexadecimal digits of an ASCII character", at: start)
        }
        return value
    }

    /// `\uHHHH`, also in pairs, and `\u{H...}`.
    private mutating func unit(from start: Int) throws(PatternError) -> UInt32 {
        if dialect == .ecma, take("{") { return try braced(from: start) }
        guard let first = digits(4) else {
            throw malformed("\\u needs four hexadecimal digits", at: start)
        }
        guard (0xD800...0xDBFF).contains(first), dialect == .ecma else { return first }
        let place = position
        guard take("\\u"), let second = digits(4), (0xDC00...0xDFFF).contains(second) else {
            position = place
            return first
        }
        return 0x10000 + (first - 0xD800) << 10 + (second - 0xDC00)
    }

    private mutating func braced(from start: Int) throws(PatternError) -> UInt32 {
        var value: UInt32 = 0
        var count = 0
        while let digit = next.flatMap({ UInt32(String($0), radix: 16) }), value < 0x110000 {
            value = value << 4 | digit
            count += 1
            position += 1
        }
        guard count > 0, value <= ScalarSet.last, take("}") else {
            throw malformed("a character's number needs hexadecimal digits and a }", at: start)
        }
        return value
    }

    /// So many hexadecimal digits; nil, and the position stays, if there are fewer.
    private mutating func digits(_ count: Int) -> UInt32? {
        guard position + count <= scalars.count else { return nil }
        var value: UInt32 = 0
        for scalar in scalars[position..<position + count] {
            guard let digit = UInt32(String(scalar), radix: 16) else { return nil }
            value = value << 4 | digit
        }
        position += count
        return value
    }
}
