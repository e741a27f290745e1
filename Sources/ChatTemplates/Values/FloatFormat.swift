/// How Python writes floats.
enum FloatFormat {
    /// `repr`: the fewest digits that read back the same.
    static func shortest(_ value: Double) -> String {
        guard value.isFinite else { return notFinite(value) }
        if value == 0 { return value.sign == .minus ? "-0.0" : "0.0" }
        let (digits, point) = shortestDigits(value.magnitude)
        let sign = value < 0 ? "-" : ""
        if point <= -4 || point > 16 { return sign + scientific(digits, exponent: point - 1) }
        if point <= 0 { return sign + "0." + zeros(-point) + digits }
        if digits.count <= point { return sign + digits + zeros(point - digits.count) + ".0" }
        return sign + digits.prefix(point) + "." + digits.dropFirst(point)
    }

    /// As `json.dumps` writes it, which for what is no number is not JSON.
    static func json(_ value: Double) -> String {
        if value.isNaN { return "NaN" }
        if value.isInfinite { return value < 0 ? "-Infinity" : "Infinity" }
        return shortest(value)
    }

    /// `%.nf`, rounded to even from the exact value.
    static func fixed(_ value: Double, _ places: Int) -> String {
        guard value.isFinite else { return notFinite(value) }
        return (value.sign == .minus ? "-" : "")
            + DecimalDigits(value.magnitude).rounded(places: places).fixed(places)
    }

    /// `%.ne`
    static func exponential(_ value: Double, _ places: Int) -> String {
        guard value.isFinite else { return notFinite(value) }
        let sign = value.sign == .minus ? "-" : ""
        let number = DecimalDigits(value.magnitude).rounded(significant: places + 1)
        let digits = number.leading(places + 1)
        return sign + scientific(digits, exponent: number.isZero ? 0 : number.point - 1)
    }

    /// `%.ng`: at most `precision` digits, in either form, without trailing zeros.
    static func general(_ value: Double, _ precision: Int) -> String {
        guard value.isFinite else { return notFinite(value) }
        let precision = max(precision, 1)
        let sign = value.sign == .minus ? "-" : ""
        let number = DecimalDigits(value.magnitude).rounded(significant: precision)
        if number.isZero { return sign + "0" }
        let exponent = number.point - 1
        if exponent < -4 || exponent >= precision {
            let digits = trimmed(number.leading(precision))
            return sign + scientific(digits.isEmpty ? "0" : digits, exponent: exponent)
        }
        let text = number.fixed(max(precision - 1 - exponent, 0))
        guard text.contains(".") else { return sign + text }
        let kept = trimmed(text)
        return sign + (kept.hasSuffix(".") ? String(kept.dropLast()) : kept)
    }

    private static func notFinite(_ value: Double) -> String {
        value.isNaN ? "nan" : value < 0 ? "-inf" : "inf"
    }

    private static func trimmed(_ text: String) -> String {
        var text = text
        while text.hasSuffix("0") { text.removeLast() }
        return text
    }

    private static func zeros(_ count: Int) -> String { String(repeating: "0", count: count) }

    private static func scientific(_ digits: String, exponent: Int) -> String {
        let fraction = digits.dropFirst()
        let power = String(exponent.magnitude)
        return digits.prefix(1) + (fraction.isEmpty ? "" : "." + fraction)
            + (exponent < 0 ? "e-" : "e+") + (power.count < 2 ? "0" : "") + power
    }

    /// The digits without zeros at either end, and how many of them are before the point.
    private static func shortestDigits(_ value: Double) -> (digits: String, point: Int) {
        let parts = value.description.split(separator: "e")
        let number = parts[0].split(separator: ".", omittingEmptySubsequences: false)
        let whole = String(number[0])
        let fraction = number.count > 1 ? String(number[1]) : ""
        var digits = whole + fraction
        var point = whole.count + (parts.count > 1 ? Int(parts[1]) ?? 0 : 0)
        while digits.hasPrefix("0") {
            digits.removeFirst()
            point -= 1
        }
        return (trimmed(digits), point)
    }
}
