/// A small reader of XML: enough to say whether text is well formed, and what its elements are.
struct MarkupReader: Sendable {
    struct Failure: Error, CustomStringConvertible {
        let description: String
    }

    /// An element: its name, its attributes, its own text, and how deep it lies.
    struct Element: Sendable {
        let name: String
        let attributes: [String: String]
        var text = ""
        let depth: Int
    }

    private let bytes: [UInt8]
    private var at = 0
    private var open: [Int] = []
    private(set) var elements: [Element] = []

    /// Reads one document: an optional doctype, and one root element.
    ///
    /// - Throws: `Failure` where the text is not well formed: tags that do not match, attributes
    ///   without quotes or twice, unknown entities, bytes that XML forbids.
    init(_ text: String) throws(Failure) {
        for scalar in text.unicodeScalars where scalar.value < 0x20 || scalar.value > 0xFFFD {
            let isControl = scalar.value < 0x20 && ![0x09, 0x0A, 0x0D].contains(scalar.value)
            if isControl || (0xFFFE...0xFFFF).contains(scalar.value) {
                throw Failure(description: "character \(scalar.value)")
            }
        }
        bytes = Array(text.utf8)
        if starts("<!DOCTYPE html>") { at += 15 }
        while at < bytes.count { try step() }
        guard open.isEmpty else { throw failure("\(elements[open[0]].name) is not closed") }
        guard elements.count(where: { $0.depth == 0 }) == 1 else { throw failure("one root") }
    }

    static func reading(_ text: String) -> Result<MarkupReader, Failure> {
        do throws(Failure) { return .success(try MarkupReader(text)) } catch {
            return .failure(error)
        }
    }

    func named(_ name: String) -> [Element] { elements.filter { $0.name == name } }

    private mutating func step() throws(Failure) {
        if bytes[at] != UInt8(ascii: "<") {
            let start = at
            while at < bytes.count, bytes[at] != UInt8(ascii: "<") { at += 1 }
            let text = try Self.decoded(String(decoding: bytes[start..<at], as: UTF8.self))
            guard let index = open.last else {
                guard text.allSatisfy(\.isWhitespace) else { throw failure("text outside") }
                return
            }
            elements[index].text += text
        } else if starts("</") {
            at += 2
            let name = try readName()
            guard let index = open.popLast(), elements[index].name == name,
                bytes[at] == UInt8(ascii: ">")
            else { throw failure("</\(name)> closes nothing") }
            at += 1
        } else {
            at += 1
            try readTag()
        }
    }

    private mutating func readTag() throws(Failure) {
        let name = try readName()
        var attributes: [String: String] = [:]
        while true {
            let hadBlank = skipBlanks()
            if starts("/>") || starts(">") { break }
            guard hadBlank else { throw failure("attributes of \(name) run together") }
            let key = try readName()
            guard starts("=\"") else { throw failure("\(key) has no quotes") }
            at += 2
            let start = at
            while at < bytes.count, bytes[at] != UInt8(ascii: "\"") { at += 1 }
            let value = String(decoding: bytes[start..<at], as: UTF8.self)
            guard !value.contains("<"), attributes[key] == nil else {
                throw failure("\(key) twice")
            }
            attributes[key] = try Self.decoded(value)
            at += 1
        }
        elements.append(Element(name: name, attributes: attributes, depth: open.count))
        if starts("/>") {
            at += 2
        } else {
            at += 1
            open.append(elements.count - 1)
        }
    }

    private mutating func readName() throws(Failure) -> String {
        let start = at
        while at < bytes.count, Self.isNamePart(Unicode.Scalar(bytes[at])) { at += 1 }
        guard at > start, at < bytes.count else { throw failure("a name is missing") }
        return String(decoding: bytes[start..<at], as: UTF8.self)
    }

    private static func isNamePart(_ scalar: Unicode.Scalar) -> Bool {
        scalar.properties.isAlphabetic || ("0"..."9").contains(scalar)
            || "-:_".contains(Character(scalar))
    }

    private mutating func skipBlanks() -> Bool {
        let start = at
        while at < bytes.count, [0x20, 0x09, 0x0A, 0x0D].contains(bytes[at]) { at += 1 }
        return at > start
    }

    private func starts(_ text: String) -> Bool { bytes[at...].starts(with: text.utf8) }

    private func failure(_ words: String) -> Failure {
        let end = min(bytes.count, at + 40)
        return Failure(
            description:
                "\(words), before: \(String(decoding: bytes[min(at, end)..<end], as: UTF8.self))")
    }

    private static func decoded(_ text: String) throws(Failure) -> String {
        let entities = ["amp": "&", "lt": "<", "gt": ">", "quot": "\"", "#39": "'"]
        var parts = text.split(separator: "&", omittingEmptySubsequences: false)
        var result = String(parts.removeFirst())
        for part in parts {
            guard let end = part.firstIndex(of: ";"), let known = entities[String(part[..<end])]
            else { throw Failure(description: "a bare & before \(part.prefix(20))") }
            result += known + part[part.index(after: end)...]
        }
        return result
    }
}
