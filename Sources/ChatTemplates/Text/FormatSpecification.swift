/// How one value is to be written: what stands between `%` and a letter, or after a `:`.
struct FormatSpecification {
    var fill = MarkedCharacter(" ", isForeign: false)
    /// `<`, `>`, `^` or `=`; nil for the type's own.
    var alignment: Unicode.Scalar?
    /// `+`, `-` or a space: what stands before a number that is not negative.
    var sign: Unicode.Scalar = "-"
    var isAlternative = false
    var padsWithZeros = false
    var width = 0
    /// `,` or `_` between groups of three digits.
    var grouping: Unicode.Scalar?
    var precision: Int?
    var type: Unicode.Scalar?

    /// Pads a text, in which a number's sign and prefix are the first characters.
    func padded(_ text: MarkedText, prefix: Int = 0, isNumber: Bool) -> MarkedText {
        let missing = width - text.count
        guard missing > 0 else { return text }
        func filling(_ count: Int) -> MarkedText {
            MarkedText(Array(repeating: fill, count: count))
        }
        var result = MarkedText()
        switch alignment ?? (isNumber ? ">" : "<") {
        case ">":
            result.append(filling(missing))
            result.append(text)
        case "^":
            result.append(filling(missing / 2))
            result.append(text)
            result.append(filling(missing - missing / 2))
        case "=":
            result.append(text[0..<prefix])
            result.append(filling(missing))
            result.append(text[prefix..<text.count])
        default:
            result.append(text)
            result.append(filling(missing))
        }
        return result
    }

    /// A number of which the sign, the prefix and the digits are known.
    func number(_ digits: String, isNegative: Bool, prefix: String = "") -> MarkedText {
        let sign = isNegative ? "-" : self.sign == "-" ? "" : String(self.sign)
        let lead = sign + (isAlternative ? prefix : "")
        var text = MarkedText(own: lead)
        text.append(
            own: grouped(digits, minimum: alignment == "=" && fill == "0" ? width - lead.count : 0))
        return padded(text, prefix: lead.count, isNumber: true)
    }

    /// With a separator in the digits before the point, and zeros up to a length before them.
    private func grouped(_ digits: String, minimum: Int) -> String {
        guard let grouping else { return digits }
        let size = type == "x" || type == "X" || type == "b" || type == "o" ? 4 : 3
        let whole = digits.prefix { $0.isHexDigit && $0 != "e" || size == 4 }
        let rest = digits.dropFirst(whole.count)
        var result: [Character] = []
        var count = 0
        var source = whole.reversed().makeIterator()
        while true {
            let next = source.next()
            if next == nil, result.count + rest.count >= minimum { break }
            if count > 0, count % size == 0 { result.append(Character(grouping)) }
            result.append(next ?? "0")
            count += 1
        }
        return String(result.reversed()) + rest
    }
}
