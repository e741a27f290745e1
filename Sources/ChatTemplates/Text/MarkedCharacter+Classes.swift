/// What Python says of a character.
extension MarkedCharacter {
    var isSpace: Bool {
        switch value {
        case 0x20, 0x09...0x0D, 0x1C...0x1F, 0x85, 0xA0, 0x1680, 0x2000...0x200A, 0x2028, 0x2029,
            0x202F, 0x205F, 0x3000:
            true
        default: false
        }
    }

    var isLineBreak: Bool {
        switch value {
        case 0x0A...0x0D, 0x1C...0x1E, 0x85, 0x2028, 0x2029: true
        default: false
        }
    }

    var isASCII: Bool { value < 0x80 }

    var isAlphabetic: Bool {
        switch scalar.properties.generalCategory {
        case .uppercaseLetter, .lowercaseLetter, .titlecaseLetter, .modifierLetter, .otherLetter:
            true
        default: false
        }
    }

    var isDecimal: Bool { scalar.properties.generalCategory == .decimalNumber }

    var isDigit: Bool {
        let type = scalar.properties.numericType
        return type == .decimal || type == .digit
    }

    var isNumeric: Bool { scalar.properties.numericType != nil }
    var isAlphanumeric: Bool { isAlphabetic || isDecimal || isDigit || isNumeric }
    var isUppercase: Bool { scalar.properties.isUppercase }
    var isLowercase: Bool { scalar.properties.isLowercase }
    var isTitlecase: Bool { scalar.properties.generalCategory == .titlecaseLetter }
    var isCased: Bool { isUppercase || isLowercase || isTitlecase }

    /// Whether Python's `repr` writes it as it is.
    var isPrintable: Bool {
        if value == 0x20 { return true }
        return switch scalar.properties.generalCategory {
        case .control, .format, .surrogate, .privateUse, .unassigned, .lineSeparator,
            .paragraphSeparator, .spaceSeparator:
            false
        default: true
        }
    }

    /// Whether it may begin a name.
    var beginsName: Bool { value == 0x5F || scalar.properties.isXIDStart }

    /// Whether it may go on a name.
    var continuesName: Bool { value == 0x5F || scalar.properties.isXIDContinue }
}
