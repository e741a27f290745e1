import Testing

/// Every symbol that another module sees says what it is.
struct DocumentationTests {
    @Test(arguments: Repository.swiftSources.filter { Repository.module(of: $0) != "quire" })
    func `public and package symbols are documented`(path: String) throws {
        let lines = try Repository.lines(path).map { $0.trimmingPrefix(" ") }
        for (index, line) in lines.enumerated() where declaresSymbol(line) {
            var above = index - 1
            while above >= 0, lines[above].hasPrefix("@") { above -= 1 }
            #expect(
                above >= 0 && lines[above].hasPrefix("///"),
                "\(path):\(index + 1) has no documentation: \(line)")
        }
    }

    private func declaresSymbol(_ line: Substring) -> Bool {
        guard let access = ["public ", "package "].first(where: line.hasPrefix) else {
            return false
        }
        let rest = line.dropFirst(access.count)
        return !rest.hasPrefix("import ") && !rest.hasPrefix("extension ")
    }

    @Test(arguments: [
        "README.md", "ARCHITECTURE.md", "CONTRIBUTING.md", "CHANGELOG.md", "SECURITY.md",
    ])
    func `a document has one title`(path: String) throws {
        var inCode = false
        var titles = 0
        for line in try Repository.lines(path) {
            if line.hasPrefix("```") { inCode.toggle() }
            if !inCode && line.hasPrefix("# ") { titles += 1 }
        }
        #expect(titles == 1)
    }
}
