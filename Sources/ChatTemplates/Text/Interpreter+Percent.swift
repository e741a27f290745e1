/// Python's `format % values`.
extension Interpreter {
    func formatted(
        _ format: MarkedText, with value: Value
    ) throws(TemplateError) -> MarkedText {
        var arguments: [Value]
        if case .tuple(let elements) = value {
            arguments = elements.items
        } else {
            arguments = [value]
        }
        var used = 0
        var result = MarkedText()
        result.isEscaped = format.isEscaped
        var reader = FormatReader(format)
        func next() throws(TemplateError) -> Value {
            guard used < arguments.count else {
                throw TemplateError(.type, "not enough arguments for format string")
            }
            used += 1
            return arguments[used - 1]
        }
        while let character = reader.next() {
            try checkLength(result.count)
            guard character == "%" else {
                result.characters.append(character)
                continue
            }
            var name: MarkedText?
            if reader.skip("(") {
                name = try reader.name()
                arguments = [value]
            }
            var specification = reader.flags()
            specification.width = try width(&reader, next)
            if specification.width < 0 {
                specification.alignment = "<"
                specification.width = -specification.width
            }
            if reader.skip(".") { specification.precision = max(try width(&reader, next), 0) }
            for letter in ["h", "l", "L"] as [Unicode.Scalar] { _ = reader.skip(letter) }
            guard let type = reader.next() else {
                throw TemplateError(.value, "incomplete format")
            }
            if type == "%" {
                result.characters.append(type)
                continue
            }
            specification.type = type.scalar
            let item: Value
            if let name {
                guard case .dictionary(let members) = value else {
                    throw TemplateError(.type, "format requires a mapping")
                }
                guard let member = members[name] else {
                    throw TemplateError(.value, "no value for '\(name.string)' in the format")
                }
                used = 1
                item = member
            } else {
                item = try next()
            }
            let part = try percent(item, specification, escapes: format.isEscaped)
            try charge(work: part.count)
            result.append(part)
        }
        if case .dictionary = value { return result }
        if used < arguments.count {
            throw TemplateError(.type, "not all arguments converted during string formatting")
        }
        return result
    }

    private func width(
        _ reader: inout FormatReader, _ next: () throws(TemplateError) -> Value
    ) throws(TemplateError) -> Int {
        let width: Int
        if reader.skip("*") {
            guard let value = try next().asInteger else {
                throw TemplateError(.type, "* wants an integer")
            }
            width = value
        } else {
            width = reader.number() ?? 0
        }
        guard -TemplateLimits.formatWidth...TemplateLimits.formatWidth ~= width else {
            throw TemplateError(
                .limit, "a format of more than \(TemplateLimits.formatWidth) characters")
        }
        return width
    }

    private func percent(
        _ value: Value, _ specification: FormatSpecification, escapes: Bool
    ) throws(TemplateError) -> MarkedText {
        var specification = specification
        let type = specification.type ?? "s"
        switch type {
        case "s", "r", "a":
            var text = type == "s" ? try softText(of: value) : try representation(of: value)
            if escapes { text = text.escaped() }
            if let precision = specification.precision {
                text = text[0..<min(precision, text.count)]
            }
            specification.fill = MarkedCharacter(" ", isForeign: false)
            return specification.padded(text, isNumber: specification.alignment != "<")
        case "c":
            return specification.padded(try character(value), isNumber: true)
        case "d", "i", "u", "x", "X", "o":
            return try percentInteger(value, specification, type)
        case "f", "F", "e", "E", "g", "G":
            guard let number = value.asDouble else {
                if case .undefined(let undefined) = value { throw undefined.error }
                throw TemplateError(.type, "must be real number, not \(value.typeName)")
            }
            return try float(number, specification)
        default:
            throw TemplateError(.value, "unsupported format character '\(type)'")
        }
    }

    private func percentInteger(
        _ value: Value, _ specification: FormatSpecification, _ type: Unicode.Scalar
    ) throws(TemplateError) -> MarkedText {
        if case .undefined(let undefined) = value { throw undefined.error }
        var integer = value.asInteger
        let isDecimal = type == "d" || type == "i" || type == "u"
        if isDecimal, case .float(let number) = value, number.isFinite {
            let whole = number.rounded(.towardZero)
            integer = Int(exactly: whole)
            if integer == nil {
                return specification.number(
                    FloatFormat.fixed(whole.magnitude, 0), isNegative: whole < 0)
            }
        }
        guard let integer else {
            throw TemplateError(
                .type, "%\(type) format: a number is required, not \(value.typeName)")
        }
        let radix = isDecimal ? 10 : type == "o" ? 8 : 16
        var digits = String(integer.magnitude, radix: radix, uppercase: type == "X")
        if let precision = specification.precision, digits.count < precision {
            digits = String(repeating: "0", count: precision - digits.count) + digits
        }
        return specification.number(
            digits, isNegative: integer < 0,
            prefix: isDecimal ? "" : "0" + String(type))
    }

    /// A character by its number, which may be the request's.
    func character(_ value: Value) throws(TemplateError) -> MarkedText {
        if let text = value.asText, text.count == 1 { return text }
        guard let integer = value.asInteger, let code = UInt32(exactly: integer),
            let scalar = Unicode.Scalar(code)
        else { throw TemplateError(.type, "%c requires int or char") }
        return MarkedText(String(scalar), isForeign: true)
    }
}

/// Reads a format character by character.
struct FormatReader {
    private let format: MarkedText
    private var index = 0

    init(_ format: MarkedText) { self.format = format }

    var peek: MarkedCharacter? { index < format.count ? format.characters[index] : nil }

    mutating func next() -> MarkedCharacter? {
        defer { index += 1 }
        return peek
    }

    mutating func skip(_ scalar: Unicode.Scalar) -> Bool {
        guard let peek, peek == scalar else { return false }
        index += 1
        return true
    }

    /// Digits as a number; nil if there are none. A number too large is the largest.
    mutating func number() -> Int? {
        var value: Int?
        while let digit = peek?.value, 0x30...0x39 ~= digit {
            value = min((value ?? 0) * 10 + Int(digit - 0x30), 1 << 40)
            index += 1
        }
        return value
    }

    /// The name up to its closing parenthesis.
    mutating func name() throws(TemplateError) -> MarkedText {
        var depth = 1
        let start = index
        while let character = next() {
            if character == "(" { depth += 1 }
            if character == ")" { depth -= 1 }
            if depth == 0 { return format[start..<index - 1] }
        }
        throw TemplateError(.value, "incomplete format key")
    }

    mutating func flags() -> FormatSpecification {
        var result = FormatSpecification()
        while true {
            if skip("-") {
                result.alignment = "<"
            } else if skip("+") {
                result.sign = "+"
            } else if skip(" ") {
                if result.sign != "+" { result.sign = " " }
            } else if skip("0") {
                result.padsWithZeros = true
            } else if skip("#") {
                result.isAlternative = true
            } else {
                break
            }
        }
        if result.padsWithZeros, result.alignment == nil {
            result.alignment = "="
            result.fill = MarkedCharacter("0", isForeign: false)
        }
        return result
    }
}
