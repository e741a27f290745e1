extension Lexer {
    /// Reads the tokens of a tag up to its end.
    mutating func readTag(isOutput: Bool) throws(TemplateError) {
        var open: [(bracket: Unicode.Scalar, index: Int)] = []
        let tag = index
        while index < source.count {
            let start = index
            if source[start].isSpace {
                index += 1
                continue
            }
            if open.isEmpty,
                let after = end(of: isOutput ? "}}" : "%}", at: start, trims: !isOutput)
            {
                append(isOutput ? .outputEnd : .tagEnd, at: start)
                return finishTag(at: after)
            }
            if has("'", at: start) || has("\"", at: start) {
                append(.string(try readString()), at: start)
            } else if isDigit(start) {
                append(try readNumber(), at: start)
            } else if source[start].beginsName {
                while index < source.count, source[index].continuesName { index += 1 }
                append(.name(MarkedText(Array(source[start..<index])).string), at: start)
            } else {
                let sign = try readSign()
                try balance(sign, &open, at: start)
                append(.sign(sign), at: start)
            }
        }
        throw error("the tag has no end", at: tag)
    }

    private mutating func append(_ kind: Token.Kind, at start: Int) {
        tokens.append(Token(kind: kind, place: place(at: start)))
    }

    private static let pairs = ["//", "**", "==", "!=", ">=", "<="]

    private mutating func readSign() throws(TemplateError) -> String {
        let start = index
        if start + 1 < source.count {
            let pair = MarkedText(Array(source[start...start + 1])).string
            if Self.pairs.contains(pair) {
                index += 2
                return pair
            }
        }
        let sign = String(source[start].scalar)
        guard "+-/*%~[](){}><=.:|,;".contains(sign) else {
            throw error("unexpected character '\(sign)'", at: start)
        }
        index += 1
        return sign
    }

    private func balance(
        _ sign: String, _ open: inout [(bracket: Unicode.Scalar, index: Int)], at start: Int
    ) throws(TemplateError) {
        switch sign {
        case "(": open.append((")", start))
        case "[": open.append(("]", start))
        case "{": open.append(("}", start))
        case ")", "]", "}":
            guard let last = open.popLast() else {
                throw error("unexpected '\(sign)'", at: start)
            }
            if String(last.bracket) != sign {
                throw error("unexpected '\(sign)', expected '\(last.bracket)'", at: start)
            }
        default: break
        }
    }

    private func isDigit(_ index: Int) -> Bool {
        source.indices.contains(index) && 0x30...0x39 ~= source[index].value
    }

    /// Passes over digits and single `_` between them.
    private mutating func digits(_ isDigit: (UInt32) -> Bool, _ text: inout String) {
        while index < source.count {
            let at = has("_", at: index) ? index + 1 : index
            guard at < source.count, isDigit(source[at].value) else { return }
            if at > index, text.isEmpty { return }
            text.unicodeScalars.append(source[at].scalar)
            index = at + 1
        }
    }

    private mutating func readNumber() throws(TemplateError) -> Token.Kind {
        let start = index
        let isDecimal: (UInt32) -> Bool = { 0x30...0x39 ~= $0 }
        if has("0", at: start), start + 1 < source.count, let base = radix(at: start + 1) {
            var text = ""
            index += 2
            digits(
                { Unicode.Scalar($0).flatMap { Character($0).hexDigitValue } ?? 99 < base }, &text)
            if let value = Int(text, radix: base) { return .integer(value) }
            throw error("a number that is malformed or too large", at: start)
        }
        var text = ""
        digits(isDecimal, &text)
        var isFloat = false
        let isAfterDot = start > 0 && source[start - 1] == "."
        if !isAfterDot, has(".", at: index), self.isDigit(index + 1) {
            isFloat = true
            index += 1
            text += "."
            var fraction = ""
            digits(isDecimal, &fraction)
            text += fraction
        }
        if !isAfterDot, has("e", at: index) || has("E", at: index) {
            let signed = has("-", at: index + 1) || has("+", at: index + 1)
            if self.isDigit(index + (signed ? 2 : 1)) {
                isFloat = true
                text += has("-", at: index + 1) ? "e-" : "e"
                index += signed ? 2 : 1
                var exponent = ""
                digits(isDecimal, &exponent)
                text += exponent
            }
        }
        if isFloat, let value = Double(text) { return .float(value) }
        guard let value = Int(text) else { throw error("a number too large", at: start) }
        if text.count > 1, text.hasPrefix("0"), value != 0 {
            throw error("a number with leading zeros", at: start)
        }
        return .integer(value)
    }

    private func radix(at index: Int) -> Int? {
        switch source[index].scalar {
        case "x", "X": 16
        case "o", "O": 8
        case "b", "B": 2
        default: nil
        }
    }
}
