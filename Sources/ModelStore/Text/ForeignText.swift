/// Text that a file, a server or a program brought, made fit to be shown: a terminal obeys control
/// characters, and characters of direction reorder what stands around them.
package enum ForeignText {
    /// The text on one line in single quotes, cut to `ModelStoreLimits.quotedCharacters`.
    package static func quoted(_ text: String) -> String {
        let cut = text.unicodeScalars.prefix(ModelStoreLimits.quotedCharacters)
        let more = cut.endIndex < text.unicodeScalars.endIndex ? "..." : ""
        return "'\(escaped(cut, keepsLines: false))\(more)'"
    }

    /// A message of several lines: the line breaks stay, everything else is escaped.
    package static func message(_ text: String) -> String {
        escaped(text.unicodeScalars, keepsLines: true)
    }

    private static func escaped(
        _ scalars: some Sequence<Unicode.Scalar>, keepsLines: Bool
    ) -> String {
        var safe = String.UnicodeScalarView()
        for scalar in scalars {
            switch scalar.properties.generalCategory {
            case .control where scalar == "\n" && keepsLines: safe.append(scalar)
            case .control, .format, .lineSeparator, .paragraphSeparator:
                safe.append(contentsOf: "\\u{\(String(scalar.value, radix: 16))}".unicodeScalars)
            default: safe.append(scalar)
            }
        }
        return String(safe)
    }
}
