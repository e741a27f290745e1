import Foundation
import TestSupport
import Testing

@testable import quire

/// What `quire run` makes of its words and of stdin.
struct RunPromptTests {
    @Test func `a prompt is joined with stdin by a blank line`() {
        #expect(RunCommand.joined("Summarize", stdin: "a\nb\n") == "Summarize\n\na\nb")
        #expect(RunCommand.joined("Summarize", stdin: "a\r\n") == "Summarize\n\na")
        #expect(RunCommand.joined("Summarize", stdin: "") == "Summarize")
        #expect(RunCommand.joined("Summarize", stdin: "\n") == "Summarize")
        #expect(RunCommand.joined(nil, stdin: "a\n") == "a")
        #expect(RunCommand.joined("", stdin: "a\n\n") == "a\n")
        // Only a line end is what `echo` adds.
        #expect(RunCommand.joined(nil, stdin: "a\u{2028}") == "a\u{2028}")
        #expect(RunCommand.joined(nil, stdin: "a\u{B}") == "a\u{B}")
    }

    @Test func `a shell is offered models by the beginning of a path`() throws {
        let folder = try TemporaryFolder()
        defer { withExtendedLifetime(folder) {} }
        let files = FileManager.default
        try files.createDirectory(
            atPath: folder.path("more"), withIntermediateDirectories: true)
        for name in ["a.gguf", "b.txt", ".c.gguf"] {
            #expect(files.createFile(atPath: folder.path(name), contents: nil))
        }
        let inside = folder.path("")
        #expect(ModelCompletion.files(inside) == [inside + "a.gguf", inside + "more/"])
        #expect(ModelCompletion.files(inside + "a") == [inside + "a.gguf"])
        #expect(ModelCompletion.files(inside + "none/x").isEmpty)
    }
}
