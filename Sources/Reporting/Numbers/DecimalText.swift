/// Numbers in decimal digits, the same on every system.
enum DecimalText {
    /// Values from here on have no fraction that a Double could hold.
    private static let largest = 9e15

    /// A number with a fixed count of digits after the point, thousands grouped by commas.
    static func fixed(_ value: Double, digits: Int, grouped: Bool = true) -> String {
        guard value.isFinite else { return "\u{2013}" }
        let digits = max(0, digits)
        let factor = Elementary.powerOfTen(digits)
        let scaled = (value.magnitude * factor).rounded()
        guard scaled < largest else {
            return value.magnitude < largest && digits > 0
                ? fixed(value, digits: digits - 1, grouped: grouped) : scientific(value)
        }
        let whole = Int(scaled) / Int(factor)
        var text = grouped ? group(whole) : String(whole)
        if digits > 0 {
            let rest = String(Int(scaled) % Int(factor))
            text += "." + String(repeating: "0", count: digits - rest.count) + rest
        }
        return (value < 0 && scaled > 0 ? "-" : "") + text
    }

    /// A number to so many significant digits, without zeros at the end of its fraction; the whole
    /// part is never rounded.
    static func short(_ value: Double, significant: Int = 4) -> String {
        guard value.isFinite else { return "\u{2013}" }
        guard value != 0 else { return "0" }
        let decade = Elementary.decade(of: value.magnitude)
        if decade < -4 || decade >= 15 { return scientific(value) }
        return trimmed(fixed(value, digits: significant - 1 - decade))
    }

    /// A number as 1.5×10⁻⁹.
    static func scientific(_ value: Double) -> String {
        guard value.isFinite else { return "\u{2013}" }
        guard value != 0 else { return "0" }
        var decade = Elementary.decade(of: value.magnitude)
        var mantissa = value / Elementary.powerOfTen(decade)
        if mantissa.magnitude >= 9.9995 {
            decade += 1
            mantissa /= 10
        }
        return trimmed(fixed(mantissa, digits: 3)) + powerSuffix(decade)
    }

    /// The factor 10^exponent, as it stands behind a number: ×10⁻⁹.
    static func powerSuffix(_ exponent: Int) -> String {
        let digits = Array("⁰¹²³⁴⁵⁶⁷⁸⁹")
        let power = String(exponent.magnitude).compactMap(\.wholeNumberValue).map { digits[$0] }
        return "\u{D7}10" + (exponent < 0 ? "\u{207B}" : "") + String(power)
    }

    /// A coordinate of a drawing: at most two digits after the point, no grouping.
    static func coordinate(_ value: Double) -> String {
        trimmed(fixed(value, digits: 2, grouped: false))
    }

    /// Without the zeros at the end of a fraction.
    static func trimmed(_ text: String) -> String {
        guard text.contains(".") else { return text }
        var text = Substring(text)
        while text.last == "0" { text.removeLast() }
        if text.last == "." { text.removeLast() }
        return String(text)
    }

    private static func group(_ whole: Int) -> String {
        var digits = String(whole)
        var groups: [String] = []
        while digits.count > 3 {
            groups.append(String(digits.suffix(3)))
            digits.removeLast(3)
        }
        groups.append(digits)
        return groups.reversed().joined(separator: ",")
    }
}
