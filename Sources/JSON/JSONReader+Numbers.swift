extension JSONReader {
    /// Reads a number that is an integer within `Int`, in any spelling: `3`, `3.0`, `30e-1`.
    package mutating func integer() throws(JSONError) -> Int {
        try expect(.number)
        let number = try scanNumber()
        guard let value = number.integer else {
            throw error("expected an integer of 64 bits", at: number.range.lowerBound)
        }
        return value
    }

    /// Reads a number. One beyond the range of `Double` (`1e999`) is an error.
    package mutating func double() throws(JSONError) -> Double {
        try expect(.number)
        return try double(of: try scanNumber())
    }

    /// A number as it stands in the text.
    struct Number {
        let range: Range<Int>
        /// The value, if it is an integer that `Int` holds, in whatever spelling.
        let integer: Int?
        /// Whether the text has neither a fraction nor an exponent.
        let isPlain: Bool
        /// The digits as one integer and the power of ten to scale it by, if both are exact in a
        /// `Double`, so that one rounding gives the nearest value (Clinger 1990).
        let exact: (digits: Int, exponent: Int)?
    }

    func double(of number: Number) throws(JSONError) -> Double {
        let negative = bytes[number.range.lowerBound] == UInt8(ascii: "-")
        if let (digits, exponent) = number.exact {
            let magnitude =
                exponent < 0
                ? Double(digits) / Self.powersOfTen[-exponent]
                : Double(digits) * Self.powersOfTen[exponent]
            return negative ? -magnitude : magnitude
        }
        let text = String(decoding: bytes[number.range], as: UTF8.self)
        guard let value = Double(text), value.isFinite else {
            throw error("the number is beyond the range of a double", at: number.range.lowerBound)
        }
        return value
    }

    private static let powersOfTen: [Double] = [
        1e0, 1e1, 1e2, 1e3, 1e4, 1e5, 1e6, 1e7, 1e8, 1e9, 1e10, 1e11, 1e12, 1e13, 1e14, 1e15,
        1e16, 1e17, 1e18, 1e19, 1e20, 1e21, 1e22,
    ]

    /// Passes over a number, checking its grammar:
    /// `-? (0 | [1-9][0-9]*) (. [0-9]+)? ([eE] [+-]? [0-9]+)?`.
    mutating func scanNumber() throws(JSONError) -> Number {
        let start = offset
        var digits = Digits()
        let negative = bytes[offset] == UInt8(ascii: "-")
        if negative { offset += 1 }
        if try next("a digit") == UInt8(ascii: "0") {
            offset += 1
        } else {
            try scanDigits(&digits)
        }
        var isPlain = true
        var exponent = 0
        if offset < bytes.count, bytes[offset] == UInt8(ascii: ".") {
            isPlain = false
            offset += 1
            let fractionStart = offset
            try scanDigits(&digits)
            exponent = fractionStart - offset
        }
        if offset < bytes.count, bytes[offset] | 0x20 == UInt8(ascii: "e") {
            isPlain = false
            exponent += try scanExponent()
        }
        guard offset - start <= JSONLimits.numberBytes else {
            throw error(
                "a number of more than \(JSONLimits.numberBytes) characters", at: start)
        }
        exponent += digits.zeros
        let isExact = !digits.overflow && digits.value <= 1 << 53 && abs(exponent) <= 22
        return Number(
            range: start..<offset,
            integer: digits.integer(exponent: exponent, negative: negative), isPlain: isPlain,
            exact: isExact ? (Int(digits.value), exponent) : nil)
    }

    /// Digits read so far, as a number: `value` followed by `zeros`, which are kept apart so that
    /// those of a fraction cannot make it too large.
    private struct Digits {
        var value: UInt64 = 0
        var zeros = 0
        var overflow = false

        mutating func append(_ digit: UInt8) {
            if digit == 0 {
                if value > 0 || overflow { zeros += 1 }
                return
            }
            while zeros > 0, !overflow {
                shift()
                zeros -= 1
            }
            shift()
            let (sum, carry) = value.addingReportingOverflow(UInt64(digit))
            if carry { overflow = true }
            value = sum
        }

        private mutating func shift() {
            let (product, over) = value.multipliedReportingOverflow(by: 10)
            if over { overflow = true }
            value = product
        }

        /// The value times a power of ten, where that is an integer that `Int` holds.
        func integer(exponent: Int, negative: Bool) -> Int? {
            if overflow { return nil }
            if value == 0 { return 0 }
            // Its last digit is not 0: it is no multiple of 10.
            guard 0...18 ~= exponent else { return nil }
            let (product, over) = value.multipliedReportingOverflow(
                by: (0..<exponent).reduce(1) { power, _ in power * 10 })
            if over { return nil }
            if negative, product == UInt64(Int.max) + 1 { return .min }
            return Int(exactly: product).map { negative ? -$0 : $0 }
        }
    }

    private mutating func scanDigits(_ digits: inout Digits) throws(JSONError) {
        let start = offset
        while offset < bytes.count, bytes[offset] &- UInt8(ascii: "0") <= 9 {
            digits.append(bytes[offset] - UInt8(ascii: "0"))
            offset += 1
        }
        if offset == start { throw unexpected("a digit") }
    }

    /// The exponent, held to a range in which nothing overflows and everything is out of range.
    private mutating func scanExponent() throws(JSONError) -> Int {
        offset += 1
        var negative = false
        let sign = try next("an exponent")
        if sign == UInt8(ascii: "-") || sign == UInt8(ascii: "+") {
            negative = sign == UInt8(ascii: "-")
            offset += 1
        }
        var digits = Digits()
        try scanDigits(&digits)
        let magnitude = min(
            digits.integer(exponent: digits.zeros, negative: false) ?? .max, 1_000_000)
        return negative ? -magnitude : magnitude
    }
}
