extension PatternParser {
    /// What follows a bracket, up to the one that closes it.
    mutating func characterClass(from start: Int) throws(PatternError) -> ScalarSet {
        depth += 1
        defer { depth -= 1 }
        guard depth <= PatternLimits.depth else {
            throw PatternError(
                .tooLarge, "more than \(PatternLimits.depth) classes inside of one another",
                at: start)
        }
        let outer = isInClass
        isInClass = true
        defer { isInClass = outer }
        let isNegated = take("^")
        var parts: [ScalarSet] = []
        var ranges: [ClosedRange<UInt32>] = []
        var isFirst = true
        while true {
            guard let scalar = next else { throw malformed("a [ without its ]", at: start) }
            if scalar == "]", !isFirst || dialect == .ecma {
                position += 1
                break
            }
            if dialect == .oniguruma, take("&&") {
                parts.append(ScalarSet(ranges))
                ranges = []
            } else {
                ranges += try classMember()
            }
            isFirst = false
        }
        isInClass = outer
        let set = cased(parts.reduce(ScalarSet(ranges)) { $0.intersection($1) })
        return isNegated ? set.inverted : set
    }

    /// A member of a class: a scalar, a range, a set.
    private mutating func classMember() throws(PatternError) -> [ClosedRange<UInt32>] {
        let start = position
        guard let low = try classAtom() else { return [] }
        guard case .scalar(let first) = low else {
            if dialect == .oniguruma, next == "-", !isLast(after: position) {
                throw malformed("a range that begins with a set", at: start)
            }
            return low.ranges
        }
        guard next == "-", !isLast(after: position) else { return low.ranges }
        let dash = position
        position += 1
        guard let high = try classAtom(), case .scalar(let last) = high else {
            guard dialect == .ecma else {
                throw malformed("a range that ends with a set", at: start)
            }
            position = dash
            return low.ranges
        }
        guard first <= last else { throw malformed("a range that descends", at: start) }
        return [first...last]
    }

    /// Whether the class ends, or another begins, behind the scalar at a place.
    private func isLast(after place: Int) -> Bool {
        guard place + 1 < scalars.count else { return true }
        if scalars[place + 1] == "]" { return true }
        return dialect == .oniguruma && scalars[place + 1] == "&" && place + 2 < scalars.count
            && scalars[place + 2] == "&"
    }

    private enum ClassAtom {
        case scalar(UInt32)
        case set(ScalarSet)

        var ranges: [ClosedRange<UInt32>] {
            switch self {
            case .scalar(let scalar): [scalar...scalar]
            case .set(let set): set.ranges
            }
        }
    }

    private mutating func classAtom() throws(PatternError) -> ClassAtom? {
        let start = position
        guard let scalar = next else { return nil }
        position += 1
        switch scalar {
        case "[" where dialect == .oniguruma:
            guard next != ":" else { throw unsupported("a class of the form [:name:]", at: start) }
            return .set(try characterClass(from: start))
        case "\\":
            if take("b") { return .scalar(8) }
            if let set = try setEscape(from: start) { return .set(set) }
            return .scalar(try scalarEscape(from: start))
        default: return .scalar(scalar.value)
        }
    }
}
