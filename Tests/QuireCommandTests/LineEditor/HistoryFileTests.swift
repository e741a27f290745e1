import Foundation
import TestSupport
import Testing

@testable import quire

@Suite struct `The history's file` {
    @Test func `lies where the environment says, or nowhere`() {
        func path(_ environment: [String: String]) -> String? {
            HistoryFile(environment: environment)?.path
        }
        #expect(path(["QUIRE_HISTORY": "off", "QUIRE_HOME": "/q"]) == nil)
        #expect(path(["QUIRE_HISTORY": ""]) == nil)
        #expect(path(["QUIRE_HISTORY": "/x/y", "QUIRE_HOME": "/q"]) == "/x/y")
        #expect(path(["QUIRE_HOME": "/q", "XDG_STATE_HOME": "/s"]) == "/q/history")
        #expect(path(["XDG_STATE_HOME": "/s", "HOME": "/h"]) == "/s/quire/history")
        #expect(path(["XDG_STATE_HOME": "s", "HOME": "/h"]) == "/h/.local/state/quire/history")
    }

    @Test func `keeps prompts of several lines for the next session and for nobody else`() throws {
        let folder = try TemporaryFolder()
        let path = folder.path("state/history")
        let file = try #require(HistoryFile(environment: ["QUIRE_HISTORY": path]))
        #expect(file.load() == [])
        for line in ["one", "two\nthree \\n", "two\nthree \\n", " ", "four"] { file.append(line) }
        #expect(file.load() == ["one", "two\nthree \\n", "four"])
        let mode = try FileManager.default.attributesOfItem(atPath: path)[.posixPermissions]
        #expect(mode as? Int == 0o600)
        let names = try FileManager.default.contentsOfDirectory(atPath: folder.path("state"))
        #expect(names == ["history"])
    }

    @Test func `joins what two sessions keep at the same time`() async throws {
        let folder = try TemporaryFolder()
        let file = try #require(
            HistoryFile(environment: ["QUIRE_HISTORY": folder.path("history")]))
        file.append("first")
        let other = file
        other.append("of the other")
        file.append("last")
        #expect(file.load() == ["first", "of the other", "last"])
    }

    @Test func `is bounded in lines and bytes`() {
        let many = LineHistory((0..<3000).map { "line \($0)" })
        #expect(many.lines.count == LineEditorLimits.historyEntries)
        #expect(many.lines.last == "line 2999")
        let long = (0..<100).map { "\($0)" + String(repeating: "\\", count: 50_000) }
        let text = HistoryFile.encode(long)
        #expect(text.utf8.count <= LineEditorLimits.historyBytes)
        #expect(HistoryFile.decode(text).last == long.last)
        #expect(HistoryFile.decode(text).count == 10)
    }

    @Test func `brings nothing that commands a terminal`() {
        #expect(HistoryFile.decode("a\u{1B}[2Jb\nc\\\\nd\\\n") == ["a[2Jb", "c\\nd"])
    }

    @Test func `does not replace a file that somebody else has made`() throws {
        let folder = try TemporaryFolder()
        let bytes = Data(repeating: 0x61, count: LineEditorLimits.historyBytes + 1)
        let path = try folder.write("history", Array(bytes))
        let file = try #require(HistoryFile(environment: ["QUIRE_HISTORY": path]))
        file.append("new")
        #expect(file.load() == [])
        #expect(try Data(contentsOf: URL(filePath: path)) == bytes)
    }
}
