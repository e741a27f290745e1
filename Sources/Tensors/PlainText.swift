/// Text that a file or a server brought, without what could command a terminal or forge a line.
///
/// Messages pass through it where they are made, so that code which shows one need not check it.
package enum PlainText {
    /// The text on one line: line ends, tabs, control and format characters are escaped.
    package static func line(_ text: String) -> String {
        escaping(text) { scalar in
            switch scalar.properties.generalCategory {
            case .control, .format, .lineSeparator, .paragraphSeparator: true
            default: FileName.byte(scalar) != nil
            }
        }
    }

    /// The text with its line ends and tabs: all other control characters, and those that turn the
    /// direction of writing, are escaped.
    package static func lines(_ text: String) -> String {
        escaping(text) { isCommand($0) || FileName.byte($0) != nil }
    }

    /// Whether a character commands a terminal: control characters but LF and tab, and those that
    /// turn the direction of writing.
    package static func isCommand(_ scalar: Unicode.Scalar) -> Bool {
        switch scalar.value {
        case 0x0A, 0x09: false
        case 0x061C, 0x200E...0x200F, 0x202A...0x202E, 0x2066...0x2069: true
        default: scalar.properties.generalCategory == .control
        }
    }

    private static func escaping(
        _ text: String, _ isEscaped: (Unicode.Scalar) -> Bool
    ) -> String {
        // Nearly all texts have nothing to escape.
        guard text.unicodeScalars.contains(where: isEscaped) else { return text }
        return text.unicodeScalars.reduce(into: "") { result, scalar in
            guard isEscaped(scalar) else { return result.unicodeScalars.append(scalar) }
            switch scalar {
            case "\n": result += "\\n"
            case "\t": result += "\\t"
            default:
                if let byte = FileName.byte(scalar) {
                    result += "\\x" + String(byte, radix: 16)
                } else {
                    result += "\\u{\(String(scalar.value, radix: 16))}"
                }
            }
        }
    }
}
