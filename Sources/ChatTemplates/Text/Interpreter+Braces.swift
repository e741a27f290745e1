/// Python's `format.format(...)`, as its sandbox has it.
extension Interpreter {
    func formatted(
        _ format: MarkedText, _ arguments: Arguments, _ members: OrderedValues? = nil
    ) throws(TemplateError) -> MarkedText {
        var values = members ?? OrderedValues()
        for (name, value) in arguments.named { values.set(MarkedText(own: name), to: value) }
        var context = BraceContext(positional: arguments.positional, named: values)
        return try expand(format, &context, depth: 2)
    }

    /// What a format may refer to, and how far its automatic numbers are.
    fileprivate struct BraceContext {
        let positional: [Value]
        let named: OrderedValues
        var next = 0
        var isNumbered = false
    }

    private func expand(
        _ format: MarkedText, _ context: inout BraceContext, depth: Int
    ) throws(TemplateError) -> MarkedText {
        var result = MarkedText()
        result.isEscaped = format.isEscaped
        var index = 0
        while index < format.count {
            let character = format.characters[index]
            let isDoubled = index + 1 < format.count && format.characters[index + 1] == character
            if (character == "{" || character == "}") && isDoubled {
                result.characters.append(character)
                index += 2
            } else if character == "}" {
                throw TemplateError(.value, "single '}' encountered in format string")
            } else if character == "{" {
                guard depth > 0 else {
                    throw TemplateError(.value, "max string recursion exceeded")
                }
                guard let end = closing(format, from: index + 1) else {
                    throw TemplateError(.value, "expected '}' before end of string")
                }
                let field = format[index + 1..<end]
                var part = try expand(field: field, &context, depth)
                if format.isEscaped { part = part.escaped() }
                try charge(work: part.count)
                result.append(part)
                index = end + 1
            } else {
                result.characters.append(character)
                index += 1
            }
            try checkLength(result.count)
        }
        return result
    }

    private func closing(_ format: MarkedText, from start: Int) -> Int? {
        var depth = 1
        for index in start..<format.count {
            if format.characters[index] == "{" { depth += 1 }
            if format.characters[index] == "}" { depth -= 1 }
            if depth == 0 { return index }
        }
        return nil
    }

    /// `name!r:specification`
    private func expand(
        field: MarkedText, _ context: inout BraceContext, _ depth: Int
    ) throws(TemplateError) -> MarkedText {
        var inBrackets = false
        let nameEnd = field.characters.firstIndex { character in
            if character == "[" { inBrackets = true }
            if character == "]" { inBrackets = false }
            return !inBrackets && (character == ":" || character == "!")
        }
        let name = field[0..<(nameEnd ?? field.count)]
        var value = try look(up: name, &context)
        var rest = field[(nameEnd ?? field.count)..<field.count]
        if rest.characters.first.map({ $0 == "!" }) == true {
            guard rest.count >= 2, rest.count == 2 || rest.characters[2] == ":" else {
                throw TemplateError(.value, "expected ':' after conversion specifier")
            }
            switch rest.characters[1].scalar {
            case "s": value = .text(try text(of: value))
            case "r", "a": value = .text(try representation(of: value))
            default: throw TemplateError(.value, "unknown conversion specifier")
            }
            rest = rest[2..<rest.count]
        }
        let format = rest.isEmpty ? rest : rest[1..<rest.count]
        let specification = try expand(format, &context, depth: depth - 1)
        return try formatted(value, as: specification)
    }

    /// The value of `0.name[key]`.
    private func look(
        up name: MarkedText, _ context: inout BraceContext
    ) throws(TemplateError) -> Value {
        let end = name.characters.firstIndex { $0 == "." || $0 == "[" } ?? name.count
        let first = name[0..<end]
        var value: Value
        if first.isEmpty || first.characters.allSatisfy({ $0.isDecimal }) {
            let isAutomatic = first.isEmpty
            if isAutomatic, end < name.count {
                throw TemplateError(.value, "the format has no argument ''")
            }
            if context.next > 0 && !isAutomatic || context.isNumbered && isAutomatic {
                throw TemplateError(
                    .value, "cannot mix automatic field numbering with numbers given")
            }
            let index = isAutomatic ? context.next : Int(first.string) ?? .max
            if isAutomatic { context.next += 1 } else { context.isNumbered = true }
            guard index < context.positional.count else {
                throw TemplateError(.value, "the format has no argument \(index)")
            }
            value = context.positional[index]
        } else {
            guard let named = context.named[first] else {
                throw TemplateError(.value, "the format has no argument '\(first.string)'")
            }
            value = named
        }
        var reader = FormatReader(name[end..<name.count])
        while let character = reader.next() {
            try charge(steps: 1)
            var part = MarkedText()
            if character == "." {
                while let next = reader.peek, next != ".", next != "[" {
                    part.characters.append(next)
                    _ = reader.next()
                }
                value = try attribute(part, of: value)
            } else {
                while let next = reader.next(), next != "]" { part.characters.append(next) }
                let index = Int(part.string)
                value = try item(index.map { .integer($0) } ?? .text(part), of: value)
            }
        }
        return value
    }
}

extension MarkedCharacter {
    static func != (left: Self, right: Unicode.Scalar) -> Bool { left.value != right.value }
}
