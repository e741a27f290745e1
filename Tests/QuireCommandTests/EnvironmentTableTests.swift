import Foundation
import Testing

/// `Documentation/environment.md` against the sources.
struct EnvironmentTableTests {
    private static let root = URL(filePath: #filePath).deletingLastPathComponent()
        .deletingLastPathComponent().deletingLastPathComponent()

    @Test func `every variable that the sources read is in the table`() throws {
        let table = try String(
            contentsOf: Self.root.appending(path: "Documentation/environment.md"), encoding: .utf8)
        let sources = Self.root.appending(path: "Sources").path
        let files = try #require(FileManager.default.enumerator(atPath: sources))
        var variables: Set<String> = []
        let places =
            #/
            (?: environment\[ | getenv\( | folder\( | absolute\( | size\([^"\n]* ) "([A-Za-z_]+)"
            | "([a-z]+_proxy)"
            /#
        for case let file as String in files where file.hasSuffix(".swift") || file.hasSuffix(".c")
        {
            let text = try String(contentsOfFile: sources + "/" + file, encoding: .utf8)
            for match in text.matches(of: places) {
                variables.insert(String(match.output.1 ?? match.output.2 ?? ""))
            }
        }
        #expect(variables.isSuperset(of: ["QUIRE_HOME", "QUIRE_ISA", "HF_TOKEN", "no_proxy"]))
        for variable in variables.sorted() {
            #expect(table.contains("`\(variable)`"), "\(variable)")
        }
    }
}
