extension Filters {
    static let moreTexts: [String: Filter] = [
        "center": { (run, value, arguments) throws(TemplateError) in
            let bound = try arguments.bound(to: ["width"], of: "center")
            let width = try run.integer(bound[0], "width", or: 80)
            return try run.padded(
                try run.softText(of: value), to: width, with: MarkedText(own: " "), side: .both)
        },
        "indent": { (run, value, arguments) throws(TemplateError) in
            let bound = try arguments.bound(to: ["width", "first", "blank"], of: "indent")
            guard let text = value.asText else {
                if case .undefined(let undefined) = value { throw undefined.error }
                throw TemplateError(.type, "indent takes a string, not \(value.typeName)")
            }
            let indent: MarkedText
            if let width = bound[0]?.asText {
                indent = width
            } else {
                let width = try run.integer(bound[0], "width", or: 4)
                try run.checkLength(width)
                indent = MarkedText(own: String(repeating: " ", count: max(width, 0)))
            }
            return try run.indented(
                text, by: indent, first: bound[1]?.isTrue ?? false, blank: bound[2]?.isTrue ?? false
            )
        },
        "truncate": { (run, value, arguments) throws(TemplateError) in
            let bound = try arguments.bound(
                to: ["length", "killwords", "end", "leeway"], of: "truncate")
            let length = try run.integer(bound[0], "length", or: 255)
            let end = try run.text(bound[2], "end") ?? MarkedText(own: "...")
            let leeway = try run.integer(bound[3], "leeway", or: 5)
            guard length >= end.count, leeway >= 0 else {
                throw TemplateError(.value, "truncate needs a length of \(end.count) or more")
            }
            let (most, overflow) = length.addingReportingOverflow(leeway)
            if let count = value.length, overflow || count <= most { return value }
            guard let text = value.asText else {
                throw TemplateError(.type, "truncate takes a string, not \(value.typeName)")
            }
            try run.charge(work: text.count)
            var kept = text[0..<length - end.count]
            if bound[1]?.isTrue != true {
                kept = kept.splitFromRight(by: MarkedText(own: " "), limit: 1)[0]
            }
            kept.append(end)
            return try run.make(kept)
        },
        "wordcount": { (run, value, arguments) throws(TemplateError) in
            _ = try arguments.bound(to: [], of: "wordcount")
            let text = try run.softText(of: value)
            try run.charge(work: text.count)
            var words = 0
            var isInside = false
            for character in text.characters {
                let isPart = character.isAlphanumeric || character == "_"
                if isPart, !isInside { words += 1 }
                isInside = isPart
            }
            return .integer(words)
        },
        "urlencode": { (run, value, arguments) throws(TemplateError) in
            _ = try arguments.bound(to: [], of: "urlencode")
            return try run.make(try run.urlEncoded(value))
        },
    ]
}

extension Interpreter {
    enum Side { case left, right, both }

    /// Padded to a width, on the named side.
    func padded(
        _ text: MarkedText, to width: Int, with fill: MarkedText, side: Side
    ) throws(TemplateError) -> Value {
        guard fill.count == 1 else {
            throw TemplateError(.type, "the fill character must be exactly one character long")
        }
        try checkLength(width)
        let missing = max(width - text.count, 0)
        let left: Int
        switch side {
        case .left: left = missing
        case .right: left = 0
        // Python's rule for an odd rest.
        case .both: left = missing / 2 + (missing & width & 1)
        }
        var result = MarkedText(Array(repeating: fill.characters[0], count: left))
        result.isEscaped = text.isEscaped
        result.append(text)
        result.append(MarkedText(Array(repeating: fill.characters[0], count: missing - left)))
        return try make(result)
    }

    func indented(
        _ text: MarkedText, by indent: MarkedText, first: Bool, blank: Bool
    ) throws(TemplateError) -> Value {
        try charge(work: text.count)
        var result = first ? indent : MarkedText()
        result.isEscaped = text.isEscaped
        var source = text
        source.append(own: "\n")
        for (index, line) in source.lines().enumerated() {
            if index > 0 {
                result.append(own: "\n")
                if blank || !line.isEmpty { result.append(indent) }
            }
            result.append(line)
            try checkLength(result.count)
            try charge(work: indent.count)
        }
        return try make(result)
    }

    func urlEncoded(_ value: Value) throws(TemplateError) -> MarkedText {
        let pairs: [Value]
        switch value {
        case .dictionary(let members): pairs = members.part(.items)
        case .list, .tuple, .iterator, .view: pairs = try elements(of: value)
        default: return try quoted(try text(of: value), keeps: "/")
        }
        var result = MarkedText()
        for (index, pair) in pairs.enumerated() {
            let parts = try elements(of: pair)
            guard parts.count == 2 else { throw TemplateError(.value, "urlencode takes pairs") }
            if index > 0 { result.append(own: "&") }
            result.append(try quoted(try text(of: parts[0]), keeps: ""))
            result.append(own: "=")
            result.append(try quoted(try text(of: parts[1]), keeps: ""))
        }
        return result
    }

    private func quoted(_ text: MarkedText, keeps: String) throws(TemplateError) -> MarkedText {
        try charge(work: 3 * text.count)
        var result = MarkedText()
        for character in text.characters {
            let scalar = character.scalar
            let isPlain =
                scalar.isASCII
                && (character.isAlphanumeric || "_.-~".unicodeScalars.contains(scalar))
            if isPlain || keeps.unicodeScalars.contains(scalar) {
                result.characters.append(character)
            } else if keeps.isEmpty, scalar == " " {
                result.characters.append(MarkedCharacter("+", like: character))
            } else {
                for byte in String(scalar).utf8 {
                    let digits = String(byte, radix: 16, uppercase: true)
                    for digit in ("%" + (digits.count < 2 ? "0" : "") + digits).unicodeScalars {
                        result.characters.append(MarkedCharacter(digit, like: character))
                    }
                }
            }
        }
        return result
    }
}
