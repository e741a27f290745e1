/// How wide text will be. The reader's font is not known; these are the widths of a wide one
/// (DejaVu Sans, in thousandths of the size), so that what is kept apart here stays apart there.
enum TextMetrics {
    /// The width of one line of text at a font size, both in units of the drawing.
    static func width(_ text: String, size: Double, bold: Bool = false) -> Double {
        let thousandths = text.unicodeScalars.reduce(0) { $0 + advance($1) }
        return Double(thousandths) / 1000 * size * (bold ? 1.08 : 1)
    }

    /// Lines of at most `width`, broken between words, and inside of words that are wider.
    static func wrap(
        _ text: String, width: Double, size: Double, bold: Bool = false
    ) -> [String] {
        var lines: [String] = []
        var line = ""
        for word in text.split(whereSeparator: \.isWhitespace) {
            let longer = line.isEmpty ? String(word) : "\(line) \(word)"
            if Self.width(longer, size: size, bold: bold) <= width {
                line = longer
                continue
            }
            if !line.isEmpty { lines.append(line) }
            line = ""
            for character in word {
                let next = line + String(character)
                if !line.isEmpty, Self.width(next, size: size, bold: bold) > width {
                    lines.append(line)
                    line = String(character)
                } else {
                    line = next
                }
            }
        }
        if !line.isEmpty { lines.append(line) }
        return lines
    }

    /// The text, cut with an ellipsis where it is wider than `width`; empty where nothing fits.
    static func truncated(_ text: String, width: Double, size: Double) -> String {
        if Self.width(text, size: size) <= width { return text }
        var kept = ""
        for character in text {
            let next = kept + String(character)
            if Self.width(next + "…", size: size) > width { break }
            kept = next
        }
        return kept.isEmpty ? "" : kept + "…"
    }

    /// The text, cut in its middle where it is wider than `width`: names often differ at their
    /// ends.
    static func shortened(_ text: String, width: Double, size: Double) -> String {
        if Self.width(text, size: size) <= width { return text }
        let half = truncated(text, width: width * 0.55, size: size)
        guard !half.isEmpty else { return truncated(text, width: width, size: size) }
        var end = ""
        for character in text.reversed() {
            let next = String(character) + end
            if Self.width(half + next, size: size) > width { break }
            end = next
        }
        return half + end
    }

    /// The advance of one character in thousandths of the font size.
    private static func advance(_ scalar: Unicode.Scalar) -> Int {
        switch scalar {
        case "i", "j", "l", "|": 300
        case "I", " ", ".", ",", ":", ";", "'", "/", "\\": 340
        case "f", "t", "r", "(", ")", "[", "]", "-": 415
        case "s", "c", "k", "z", "v", "x", "y", "J": 600
        case "m", "W", "%", "@", "…", "\u{FFFD}": 1030
        case "w", "M", "O", "Q", "G", "D", "H", "N", "U", "&", "+", "=", "<", ">", "×", "→", "#",
            "~", "^":
            845
        case "A"..."Z": 700
        case "\u{300}"..."\u{36F}", "\u{200B}"..."\u{200D}", "\u{FE00}"..."\u{FE0F}": 0
        case "\u{1100}"..."\u{115F}", "\u{2E80}"..."\u{A4CF}", "\u{AC00}"..."\u{D7A3}",
            "\u{F900}"..."\u{FAFF}", "\u{FE30}"..."\u{FE6F}", "\u{FF00}"..."\u{FF60}",
            "\u{1F000}"..."\u{1FAFF}", "\u{20000}"..."\u{3FFFD}":
            1100
        // Characters that may not stand in a page are replaced by a wide sign.
        default: Markup.isAllowed(scalar) ? 640 : 1030
        }
    }
}
