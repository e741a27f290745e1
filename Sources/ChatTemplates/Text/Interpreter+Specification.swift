/// Python's format specifications: `[[fill]align][sign][#][0][width][grouping][.precision][type]`.
extension Interpreter {
    func formatted(
        _ value: Value, as format: MarkedText
    ) throws(TemplateError) -> MarkedText {
        if format.isEmpty { return try text(of: value) }
        var specification = try specification(format)
        switch value {
        case .text(let text):
            guard specification.type == nil || specification.type == "s",
                specification.alignment != "=" || specification.padsWithZeros
            else { throw badFormat(value, format) }
            if specification.padsWithZeros, specification.alignment == "=" {
                specification.alignment = "<"
            }
            let kept = min(specification.precision ?? text.count, text.count)
            return specification.padded(text[0..<kept], isNumber: false)
        case .bool, .integer:
            let integer = value.asInteger ?? 0
            let isFloat = specification.type.map { "eEfFgG%".unicodeScalars.contains($0) } ?? false
            if isFloat { return try float(Double(integer), specification) }
            return try self.integer(integer, specification, value, format)
        case .float(let number):
            if let type = specification.type, !"eEfFgGn%".unicodeScalars.contains(type) {
                throw badFormat(value, format)
            }
            return try float(number, specification)
        case .undefined, .none, .list, .tuple, .dictionary:
            throw TemplateError(
                .type, "unsupported format string passed to \(value.typeName).__format__")
        default: throw badFormat(value, format)
        }
    }

    private func badFormat(_ value: Value, _ format: MarkedText) -> TemplateError {
        TemplateError(
            .value, "invalid format '\(format.string)' for a value of type '\(value.typeName)'")
    }

    private func integer(
        _ integer: Int, _ specification: FormatSpecification, _ value: Value, _ format: MarkedText
    ) throws(TemplateError) -> MarkedText {
        guard specification.precision == nil else { throw badFormat(value, format) }
        let radix: Int
        switch specification.type {
        case nil, "d", "n": radix = 10
        case "b": radix = 2
        case "o": radix = 8
        case "x", "X": radix = 16
        case "c": return specification.padded(try character(value), isNumber: true)
        default: throw badFormat(value, format)
        }
        let type = specification.type ?? "d"
        return specification.number(
            String(integer.magnitude, radix: radix, uppercase: type == "X"),
            isNegative: integer < 0, prefix: radix == 10 ? "" : "0" + String(type))
    }

    /// A float by the letter of its specification.
    func float(
        _ number: Double, _ specification: FormatSpecification
    ) throws(TemplateError) -> MarkedText {
        let precision = specification.precision ?? 6
        try charge(work: precision + 400)
        let magnitude = number.magnitude
        let digits: String
        switch specification.type {
        case "f", "F": digits = FloatFormat.fixed(magnitude, precision)
        case "e", "E": digits = FloatFormat.exponential(magnitude, precision)
        case "g", "G", "n": digits = FloatFormat.general(magnitude, precision)
        case "%": digits = FloatFormat.fixed(magnitude * 100, precision) + "%"
        default:
            digits =
                specification.precision.map { precision in
                    let text = FloatFormat.general(magnitude, precision)
                    return text.contains(where: { ".en".contains($0) }) ? text : text + ".0"
                } ?? FloatFormat.shortest(magnitude)
        }
        let isUpper = specification.type.map { "EFG".unicodeScalars.contains($0) } ?? false
        return specification.number(
            isUpper ? digits.uppercased() : digits,
            isNegative: number.sign == .minus && !number.isNaN)
    }

    private func specification(_ format: MarkedText) throws(TemplateError) -> FormatSpecification {
        var result = FormatSpecification()
        var reader = FormatReader(format)
        var hasFill = false
        let alignments = "<>=^".unicodeScalars
        if format.count >= 2, alignments.contains(format.characters[1].scalar) {
            result.fill = format.characters[0]
            result.alignment = format.characters[1].scalar
            _ = reader.next()
            _ = reader.next()
            hasFill = true
        } else if let first = reader.peek, alignments.contains(first.scalar) {
            result.alignment = first.scalar
            _ = reader.next()
        }
        for sign in ["+", "-", " "] as [Unicode.Scalar] where reader.skip(sign) {
            result.sign = sign
            break
        }
        result.isAlternative = reader.skip("#")
        if reader.skip("0") {
            result.padsWithZeros = true
            if !hasFill { result.fill = MarkedCharacter("0", isForeign: false) }
            if result.alignment == nil { result.alignment = "=" }
        }
        result.width = reader.number() ?? 0
        for grouping in [",", "_"] as [Unicode.Scalar] where reader.skip(grouping) {
            result.grouping = grouping
        }
        if reader.skip(".") {
            guard let precision = reader.number() else {
                throw TemplateError(.value, "format specifier missing precision")
            }
            result.precision = precision
        }
        result.type = reader.next()?.scalar
        guard reader.peek == nil else { throw TemplateError(.value, "invalid format specifier") }
        guard max(result.width, result.precision ?? 0) <= TemplateLimits.formatWidth else {
            throw TemplateError(
                .limit, "a format of more than \(TemplateLimits.formatWidth) characters")
        }
        return result
    }
}
