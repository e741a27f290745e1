/// Swift or C source with the inside of comments and string literals blanked out, so that rules
/// about code see only code. Line structure is kept.
struct CodeText {
    let lines: [String]

    init(_ source: String) {
        var scanner = Scanner(Array(source.utf8))
        let code = scanner.blanked()
        lines = String(decoding: code, as: UTF8.self)
            .split(separator: "\n", omittingEmptySubsequences: false).map(String.init)
    }

    /// Whether `word` stands in the line as a whole word.
    static func contains(word: String, in line: String) -> Bool {
        var rest = Substring(line)
        while let range = rest.firstRange(of: word) {
            let before =
                range.lowerBound == line.startIndex
                ? nil : line[line.index(before: range.lowerBound)]
            let after = range.upperBound == line.endIndex ? nil : line[range.upperBound]
            if !isNamePart(before) && !isNamePart(after) { return true }
            rest = rest[range.upperBound...]
        }
        return false
    }

    private static func isNamePart(_ character: Character?) -> Bool {
        guard let character else { return false }
        return character.isLetter || character.isNumber || character == "_"
    }

    private struct Scanner {
        let bytes: [UInt8]
        var at = 0
        var out: [UInt8] = []

        init(_ bytes: [UInt8]) { self.bytes = bytes }

        mutating func blanked() -> [UInt8] {
            out.reserveCapacity(bytes.count)
            while at < bytes.count {
                if starts("//") {
                    while at < bytes.count, bytes[at] != UInt8(ascii: "\n") { blank() }
                } else if starts("/*") {
                    blankBlockComment()
                } else if let hashes = openingOfString() {
                    blankString(hashes: hashes)
                } else {
                    keep()
                }
            }
            return out
        }

        private func starts(_ text: StaticString, offset: Int = 0) -> Bool {
            let start = at + offset
            guard start + text.utf8CodeUnitCount <= bytes.count else { return false }
            return String(describing: text).utf8.elementsEqual(
                bytes[start..<start + text.utf8CodeUnitCount])
        }

        private mutating func keep() {
            out.append(bytes[at])
            at += 1
        }

        private mutating func blank() {
            out.append(bytes[at] == UInt8(ascii: "\n") ? bytes[at] : UInt8(ascii: " "))
            at += 1
        }

        private mutating func blankBlockComment() {
            var depth = 0
            repeat {
                if starts("/*") {
                    depth += 1; blank(); blank()
                } else if starts("*/") {
                    depth -= 1; blank(); blank()
                } else {
                    blank()
                }
            } while depth > 0 && at < bytes.count
        }

        /// The number of `#` before the quote when a string literal opens here.
        private func openingOfString() -> Int? {
            var hashes = 0
            while at + hashes < bytes.count, bytes[at + hashes] == UInt8(ascii: "#") { hashes += 1 }
            guard at + hashes < bytes.count, bytes[at + hashes] == UInt8(ascii: "\"") else {
                return nil
            }
            // A character literal in C: '"'.
            return at > 0 && bytes[at - 1] == UInt8(ascii: "'") ? nil : hashes
        }

        private mutating func blankString(hashes: Int) {
            for _ in 0..<hashes { keep() }
            let triple = starts("\"\"\"")
            let quotes = triple ? 3 : 1
            for _ in 0..<quotes { keep() }
            while at < bytes.count {
                if bytes[at] == UInt8(ascii: "\\"), hashes == 0, at + 1 < bytes.count {
                    blank()
                    blank()
                } else if closes(quotes: quotes, hashes: hashes) {
                    for _ in 0..<(quotes + hashes) { keep() }
                    return
                } else if bytes[at] == UInt8(ascii: "\n"), !triple {
                    return
                } else {
                    blank()
                }
            }
        }

        private func closes(quotes: Int, hashes: Int) -> Bool {
            guard at + quotes + hashes <= bytes.count else { return false }
            return bytes[at..<at + quotes].allSatisfy { $0 == UInt8(ascii: "\"") }
                && bytes[(at + quotes)..<(at + quotes + hashes)].allSatisfy {
                    $0 == UInt8(ascii: "#")
                }
        }
    }
}
