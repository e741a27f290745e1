extension Lexer {
    /// Reads a string in quotes, with Python's escapes.
    mutating func readString() throws(TemplateError) -> MarkedText {
        let start = index
        let quote = source[start]
        var text = MarkedText()
        index += 1
        while index < source.count {
            let character = source[index]
            index += 1
            if character == quote { return text }
            if character == "\\", index < source.count {
                try readEscape(&text)
            } else {
                text.characters.append(character)
            }
        }
        throw error("the string has no end", at: start)
    }

    private mutating func readEscape(_ text: inout MarkedText) throws(TemplateError) {
        let start = index - 1
        let character = source[index]
        index += 1
        func own(_ value: UInt32) -> MarkedCharacter {
            MarkedCharacter(Unicode.Scalar(value) ?? "\u{FFFD}", isForeign: false)
        }
        switch character.scalar {
        case "\n": break
        case "\\", "'", "\"": text.characters.append(character)
        case "a": text.characters.append(own(7))
        case "b": text.characters.append(own(8))
        case "t": text.characters.append(own(9))
        case "n": text.characters.append(own(10))
        case "v": text.characters.append(own(11))
        case "f": text.characters.append(own(12))
        case "r": text.characters.append(own(13))
        case "0"..."7":
            index -= 1
            text.characters.append(own(number(base: 8, most: 3).value))
        case "x", "u", "U":
            let length = character == "x" ? 2 : character == "u" ? 4 : 8
            let (value, count) = number(base: 16, most: length)
            guard count == length, value <= 0x10FFFF else {
                throw error("a malformed escape in a string", at: start)
            }
            text.characters.append(own(value))
        case "N": throw error("character names in strings are not supported", at: start)
        default:
            text.characters.append(own(0x5C))
            text.characters.append(character)
        }
    }

    private mutating func number(base: Int, most: Int) -> (value: UInt32, count: Int) {
        var value = 0
        var count = 0
        while count < most, index < source.count,
            let digit = Character(source[index].scalar).hexDigitValue, digit < base
        {
            value = value * base + digit
            count += 1
            index += 1
        }
        return (UInt32(value), count)
    }
}
