#if canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#else
    import Darwin
#endif

extension Filters {
    static let numbers: [String: Filter] = [
        "abs": { (run, value, arguments) throws(TemplateError) in
            _ = try arguments.bound(to: [], of: "abs")
            if let integer = value.asInteger {
                return integer < 0 ? try run.negative(value) : .integer(integer)
            }
            if case .float(let number) = value { return .float(number.magnitude) }
            if case .undefined(let undefined) = value { throw undefined.error }
            throw TemplateError(.type, "bad operand type for abs(): '\(value.typeName)'")
        },
        "int": { (run, value, arguments) throws(TemplateError) in
            let bound = try arguments.bound(to: ["default", "base"], of: "int")
            let base = try run.integer(bound[1], "base", or: 10)
            return try run.integer(from: value, base: base) ?? bound[0] ?? .integer(0)
        },
        "float": { (run, value, arguments) throws(TemplateError) in
            let bound = try arguments.bound(to: ["default"], of: "float")
            if case .undefined(let undefined) = value { throw undefined.error }
            if let number = value.asDouble { return .float(number) }
            if let text = value.asText, let number = PythonNumber.float(text) {
                return .float(number)
            }
            return bound[0] ?? .float(0)
        },
        "round": { (run, value, arguments) throws(TemplateError) in
            let bound = try arguments.bound(to: ["precision", "method"], of: "round")
            let precision = try run.integer(bound[0], "precision", or: 0)
            let method = try run.text(bound[1], "method")?.string ?? "common"
            return try run.rounded(value, precision, method)
        },
        "sum": { (run, value, arguments) throws(TemplateError) in
            let bound = try arguments.bound(to: ["attribute", "start"], of: "sum")
            var sum = bound[1] ?? .integer(0)
            if case .text = sum { throw TemplateError(.type, "sum() can't sum strings") }
            for item in try run.elements(of: value) {
                sum = try run.apply(.add, sum, try run.part(bound[0], of: item))
            }
            return sum
        },
    ]
}

extension Interpreter {
    /// Python's `int(value)`; nil where the value is none.
    func integer(from value: Value, base: Int) throws(TemplateError) -> Value? {
        switch value {
        case .undefined(let undefined): throw undefined.error
        case .text(let text):
            try charge(work: text.count)
            if let integer = PythonNumber.integer(text, base: base) { return .integer(integer) }
            return try PythonNumber.float(text).flatMap { number throws(TemplateError) in
                try integer(from: .float(number), base: base)
            }
        case .float(let number):
            guard number.isFinite else { return nil }
            guard let integer = Int(exactly: number.rounded(.towardZero)) else { throw tooLarge }
            return .integer(integer)
        default: return value.asInteger.map { .integer($0) }
        }
    }

    func rounded(
        _ value: Value, _ precision: Int, _ method: String
    ) throws(TemplateError) -> Value {
        guard ["common", "ceil", "floor"].contains(method) else {
            throw TemplateError(.value, "method must be common, ceil or floor")
        }
        if case .undefined(let undefined) = value { throw undefined.error }
        guard let number = value.asDouble, abs(precision) <= 400 else {
            throw TemplateError(.type, "type \(value.typeName) cannot be rounded")
        }
        if method != "common" {
            let scale = pow(10, Double(precision))
            // An integer in between, for Python, which knows no negative zero.
            return .float(((number * scale).rounded(method == "ceil" ? .up : .down) + 0) / scale)
        }
        if let integer = value.asInteger, precision >= 0 { return .integer(integer) }
        guard number.isFinite else { return value }
        let text = DecimalDigits(number.magnitude).rounded(places: precision).fixed(
            max(precision, 0))
        let result = Double(text) ?? number
        if value.asInteger != nil { return .integer(Int(number < 0 ? -result : result)) }
        return .float(number.sign == .minus ? -result : result)
    }
}

/// Python's reading of numbers.
enum PythonNumber {
    static func integer(_ text: MarkedText, base: Int) -> Int? {
        var digits = text.stripped().string
        guard base == 0 || 2...36 ~= base else { return nil }
        var isNegative = false
        if let sign = digits.first, sign == "-" || sign == "+" {
            isNegative = sign == "-"
            digits.removeFirst()
        }
        var base = base
        for (prefix, radix) in [("0x", 16), ("0o", 8), ("0b", 2)]
        where digits.lowercased().hasPrefix(prefix) && (base == radix || base == 0) {
            base = radix
            digits.removeFirst(2)
            if digits.hasPrefix("_") { digits.removeFirst() }
            break
        }
        guard let plain = withoutUnderscores(digits),
            plain.first?.isHexDigit == true || plain.first?.isLetter == true
        else { return nil }
        return Int((isNegative ? "-" : "") + plain, radix: base == 0 ? 10 : base)
    }

    static func float(_ text: MarkedText) -> Double? {
        let plain = text.stripped().string
        let bare = plain.lowercased().drop { $0 == "-" || $0 == "+" }
        let named = ["inf", "infinity", "nan"].contains(String(bare))
        guard named || bare.allSatisfy({ "0123456789.e+-_".contains($0) }),
            let digits = withoutUnderscores(plain), !digits.hasSuffix(".e"), !digits.isEmpty
        else { return nil }
        // Swift wants a digit on both sides of the point.
        var padded = digits
        if let point = padded.firstIndex(of: ".") {
            let after = padded.index(after: point)
            let hasAfter = after < padded.endIndex && padded[after].isNumber
            let hasBefore =
                point > padded.startIndex
                && padded[padded.index(before: point)].isNumber
            guard hasAfter || hasBefore else { return nil }
            if !hasAfter { padded.insert("0", at: after) }
            if !hasBefore { padded.insert("0", at: point) }
        }
        return Double(padded)
    }

    /// Digits without the single underscores between them; nil if they stand elsewhere.
    private static func withoutUnderscores(_ text: String) -> String? {
        guard text.contains("_") else { return text }
        let parts = text.split(separator: "_", omittingEmptySubsequences: false)
        for (left, right) in zip(parts, parts.dropFirst()) {
            guard left.last?.isHexDigit == true, right.first?.isHexDigit == true else { return nil }
        }
        return parts.joined()
    }
}
