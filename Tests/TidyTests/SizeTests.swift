import Testing

/// Line, file and function length: the numbers of ARCHITECTURE.md.
struct SizeTests {
    static let columnLimit = 100
    static let fileLimit = 500
    static let functionLimit = 70

    @Test(arguments: Repository.swift + Repository.c)
    func `lines and files are short and end cleanly`(path: String) throws {
        let lines = try Repository.lines(path)
        #expect(lines.count - 1 <= Self.fileLimit, "\(path) has \(lines.count - 1) lines")
        #expect(lines.last == "", "\(path) does not end with a line break")
        for (index, line) in lines.enumerated() {
            #expect(line.count <= Self.columnLimit, "\(path):\(index + 1) is \(line.count) wide")
            #expect(line.last != " " && line.last != "\t", "\(path):\(index + 1) ends in a blank")
            #expect(!line.contains("\t"), "\(path):\(index + 1) holds a tab")
        }
    }

    @Test(arguments: Repository.swift)
    func `functions fit on a page`(path: String) throws {
        for function in Function.all(in: CodeText(try Repository.text(path))) {
            #expect(
                function.lineCount <= Self.functionLimit,
                "\(path):\(function.line) runs over \(function.lineCount) lines")
        }
    }
}

/// A function, initialiser or accessor body found by its keyword and its braces.
struct Function {
    let line: Int
    let lineCount: Int

    static func all(in code: CodeText) -> [Function] {
        var found: [Function] = []
        for (index, line) in code.lines.enumerated() where declaresFunction(line) {
            if let end = endOfBody(from: index, in: code.lines) {
                found.append(Function(line: index + 1, lineCount: end - index + 1))
            }
        }
        return found
    }

    private static func declaresFunction(_ line: String) -> Bool {
        CodeText.contains(word: "func", in: line)
            || (CodeText.contains(word: "init", in: line) && line.contains("init(")
                && !line.contains(".init(") && line.trimmingPrefix(" ").count < line.count)
    }

    /// The line of the brace that closes the first brace opened at or after `start`.
    private static func endOfBody(from start: Int, in lines: [String]) -> Int? {
        let indent = lines[start].prefix { $0 == " " }.count
        var depth = 0
        var opened = false
        for index in start..<lines.count {
            // A requirement of a protocol has no body: the next declaration begins instead.
            let text = lines[index].trimmingPrefix(" ")
            if index > start, !opened, text.isEmpty || startsDeclaration(text),
                lines[index].prefix(while: { $0 == " " }).count <= indent
            {
                return nil
            }
            for character in lines[index] {
                if character == "{" { depth += 1; opened = true }
                if character == "}" { depth -= 1 }
            }
            if opened && depth <= 0 { return index }
            if depth < 0 { return nil }
        }
        return nil
    }

    private static func startsDeclaration(_ text: Substring) -> Bool {
        ["func ", "var ", "let ", "init(", "public ", "package ", "private ", "static ", "}"]
            .contains { text.hasPrefix($0) }
    }
}
