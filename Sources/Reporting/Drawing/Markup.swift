/// Text as it may stand between the tags and in the quotes of SVG and HTML.
enum Markup {
    /// The text with the five characters of markup escaped. Characters that XML forbids and those
    /// that turn the direction of writing become U+FFFD, so that no name can break a page or
    /// disguise itself.
    static func escaped(_ text: String) -> String {
        var result = ""
        for scalar in text.unicodeScalars {
            switch scalar {
            case "&": result += "&amp;"
            case "<": result += "&lt;"
            case ">": result += "&gt;"
            case "\"": result += "&quot;"
            case "'": result += "&#39;"
            default: result.unicodeScalars.append(isAllowed(scalar) ? scalar : "\u{FFFD}")
            }
        }
        return result
    }

    /// Whether a character may stand in a page as it is, and on a terminal but for line ends: none
    /// that `PlainText.isCommand` of Tensors names (a test of the command holds them together).
    static func isAllowed(_ scalar: Unicode.Scalar) -> Bool {
        switch scalar.value {
        case 0x09, 0x0A, 0x0D: true
        case 0x00...0x1F, 0x7F...0x9F, 0x061C, 0x200E...0x200F, 0x202A...0x202E: false
        case 0x2066...0x2069, 0xFFFE...0xFFFF: false
        default: true
        }
    }
}
