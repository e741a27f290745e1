/// The methods of Python's `str`, by what they need.
extension Interpreter {
    func callText(
        _ name: String, _ text: MarkedText, _ arguments: Arguments
    ) throws(TemplateError) -> Value {
        try charge(work: text.count)
        switch name {
        case "format": return try make(try formatted(text, arguments))
        case "format_map":
            let bound = try arguments.bound(to: ["mapping"], of: name, required: 1)
            guard case .dictionary(let members)? = bound[0] else {
                throw TemplateError(.type, "format_map takes a mapping")
            }
            return try make(try formatted(text, Arguments(), members))
        case "split", "rsplit", "splitlines", "partition", "rpartition":
            return try callSplit(name, text, arguments)
        case "strip", "lstrip", "rstrip":
            let bound = try arguments.bound(to: ["chars"], of: name)
            let set = try self.text(bound[0], "chars")
            try charge(work: text.count * (set?.count ?? 0) / 8)
            return try make(
                text.stripped(set, left: name != "rstrip", right: name != "lstrip"))
        case "startswith", "endswith", "find", "rfind", "index", "rindex", "count":
            return try callSearch(name, text, arguments)
        case "removeprefix", "removesuffix":
            let bound = try arguments.bound(to: ["affix"], of: name, required: 1)
            let affix = try self.text(bound[0], "affix") ?? MarkedText()
            if name == "removeprefix", text.hasPrefix(affix) {
                return try make(text[affix.count..<text.count])
            }
            let isSuffix = name == "removesuffix" && text.hasSuffix(affix)
            return try make(text[0..<text.count - (isSuffix ? affix.count : 0)])
        case "replace":
            let bound = try arguments.bound(to: ["old", "new", "count"], of: name, required: 2)
            guard let old = bound[0]?.asText, let new = bound[1]?.asText else {
                throw TemplateError(.type, "replace() takes strings")
            }
            return try replace(
                old, with: new, in: text, limit: try integer(bound[2], "count", or: -1))
        case "join":
            let bound = try arguments.bound(to: ["iterable"], of: name, required: 1)
            return .text(
                try joined(try elements(of: bound[0] ?? .none), text) {
                    item throws(TemplateError) in
                    if case .text(let part) = item { return part }
                    throw TemplateError(
                        .type, "join() takes strings, found \(item.typeName)")
                })
        case "center", "ljust", "rjust", "zfill", "expandtabs":
            return try callPadding(name, text, arguments)
        default:
            _ = try arguments.bound(to: [], of: name)
            if let changed = changed(name, text) { return try make(changed) }
            return .bool(is_(name, text))
        }
    }

    private func changed(_ name: String, _ text: MarkedText) -> MarkedText? {
        switch name {
        case "upper": text.uppercased()
        case "lower": text.lowercased()
        case "casefold": text.caseFolded()
        case "capitalize": text.capitalized()
        case "title": text.titled()
        case "swapcase": text.caseSwapped()
        default: nil
        }
    }

    private func is_(_ name: String, _ text: MarkedText) -> Bool {
        func all(_ has: (MarkedCharacter) -> Bool) -> Bool {
            !text.isEmpty && text.characters.allSatisfy(has)
        }
        return switch name {
        case "isalnum": all { $0.isAlphanumeric }
        case "isalpha": all { $0.isAlphabetic }
        case "isascii": text.characters.allSatisfy { $0.isASCII }
        case "isdecimal": all { $0.isDecimal }
        case "isdigit": all { $0.isDigit }
        case "isnumeric": all { $0.isNumeric }
        case "isspace": all { $0.isSpace }
        case "isprintable": text.characters.allSatisfy { $0.isPrintable }
        case "islower": text.isAll { $0.isLowercase }
        case "isupper": text.isAll { $0.isUppercase }
        case "istitle": text.isTitle
        default: all { $0.continuesName } && text.characters[0].beginsName
        }
    }
}
