/// The exact decimal digits of a double, to round them as Python does.
struct DecimalDigits {
    /// Digits, the most significant first; without leading zeros.
    private var digits: [UInt8]
    /// How many of the digits are before the point; negative for zeros behind it.
    private(set) var point: Int

    var isZero: Bool { digits.isEmpty }

    /// The digits of a value that is finite and not negative.
    init(_ value: Double) {
        // value = significand * 2^exponent, with an integer significand.
        let exponent = value == 0 ? 0 : max(Int(value.exponent), -1022) - 52
        let significand =
            value == 0
            ? 0 : UInt64((value / 0x1p-1022 >= 1 ? value.significand : value / 0x1p-1022) * 0x1p52)
        // Limbs of nine digits, the least significant first.
        var limbs = [UInt64](), rest = significand
        while rest > 0 {
            limbs.append(rest % Self.base)
            rest /= Self.base
        }
        // 2^-n is 5^n / 10^n.
        let factor: UInt64 = exponent < 0 ? 5 : 2
        for _ in 0..<exponent.magnitude {
            var carry: UInt64 = 0
            for index in limbs.indices {
                let product = limbs[index] * factor + carry
                limbs[index] = product % Self.base
                carry = product / Self.base
            }
            if carry > 0 { limbs.append(carry) }
        }
        var digits: [UInt8] = []
        for limb in limbs.reversed() {
            let text = String(limb)
            digits += [UInt8](repeating: 0, count: 9 - text.utf8.count)
            digits += text.utf8.map { $0 - UInt8(ascii: "0") }
        }
        point = digits.count + (exponent < 0 ? exponent : 0)
        let leading = digits.prefix { $0 == 0 }.count
        point -= leading
        self.digits = Array(digits.dropFirst(leading))
    }

    private static let base: UInt64 = 1_000_000_000

    func rounded(places: Int) -> DecimalDigits { rounded(keeping: point + places) }

    func rounded(significant count: Int) -> DecimalDigits { rounded(keeping: count) }

    /// Rounded, halves to even, to its first digits.
    private func rounded(keeping count: Int) -> DecimalDigits {
        guard count < digits.count else { return self }
        var result = self
        guard count >= 0 else {
            result.digits = []
            return result
        }
        let next = digits[count]
        let isHalf = next == 5 && digits[(count + 1)...].allSatisfy { $0 == 0 }
        let isOdd = count > 0 && digits[count - 1] % 2 == 1
        result.digits = Array(digits.prefix(count))
        guard next > 5 || next == 5 && (!isHalf || isOdd) else {
            if result.digits.allSatisfy({ $0 == 0 }) { result.digits = [] }
            return result
        }
        var index = count - 1
        while index >= 0, result.digits[index] == 9 {
            result.digits[index] = 0
            index -= 1
        }
        if index >= 0 {
            result.digits[index] += 1
        } else {
            result.digits.insert(1, at: 0)
            result.point += 1
        }
        return result
    }

    /// The first digits, with zeros where it has none.
    func leading(_ count: Int) -> String { text(0..<count) }

    /// With so many digits behind the point.
    func fixed(_ places: Int) -> String {
        let point = isZero ? 0 : point
        let whole = point > 0 ? text(0..<point) : "0"
        return places == 0 ? whole : whole + "." + text(point..<point + places)
    }

    private func text(_ range: Range<Int>) -> String {
        String(
            decoding: range.map { index in
                (digits.indices.contains(index) ? digits[index] : 0) + UInt8(ascii: "0")
            }, as: UTF8.self)
    }
}
