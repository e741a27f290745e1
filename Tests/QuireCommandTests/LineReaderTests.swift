import Foundation
import TestSupport
import Testing

@testable import quire

/// The one reader of lines.
struct LineReaderTests {
    private func lines(_ text: String) throws -> [String] {
        var reader = LineReader(text)
        var lines: [String] = []
        while let line = try reader.next() {
            lines.append(String(decoding: line.bytes ?? [], as: UTF8.self))
        }
        return lines
    }

    @Test func `only LF and CRLF end a line`() throws {
        for mark in ["\u{2028}", "\u{2029}", "\u{85}", "\u{B}", "\u{C}", "\r"] {
            #expect(try lines("a\(mark)b\nc") == ["a\(mark)b", "c"])
        }
        #expect(try lines("a\r\nb\r\n\r\nc") == ["a", "b", "", "c"])
        // One line end, and a character before it.
        #expect(try lines("a\r\r\n") == ["a\r"])
        #expect(try lines("a\r") == ["a\r"])
        #expect(try lines("").isEmpty)
        #expect(try lines("\n") == [""])
    }

    @Test func `blank lines and the mark before a file's first character are passed over`() throws {
        var reader = LineReader("\u{FEFF}one\n \t\r\n\u{FEFF}two")
        let first = try #require(try reader.nextFilled())
        #expect(first.number == 1 && first.bytes == Array("one".utf8))
        let second = try #require(try reader.nextFilled())
        #expect(second.number == 3 && second.bytes == Array("\u{FEFF}two".utf8))
        #expect(try reader.nextFilled() == nil)
    }

    @Test func `a file that cannot be read is named with the reason`() {
        let error = #expect(throws: UnreadableFile.self) { try LineReader(path: "no/such/file") }
        #expect(error?.description == "no/such/file cannot be read: No such file or directory")
        let folder = #expect(throws: UnreadableFile.self) {
            var reader = try LineReader(path: "/")
            _ = try reader.next()
        }
        #expect(folder?.description.contains("NSCocoa") == false)
    }

    @Test func `lines come whole from any buffer, and too long ones by number alone`() throws {
        let folder = try TemporaryFolder()
        defer { withExtendedLifetime(folder) {} }
        let long = String(repeating: "x", count: 3 << 20)
        let file = try folder.write("lines", Array("one\n\n\(long)\nfour\r\nfive".utf8))
        var reader = try LineReader(path: file, maxBytes: 1_000)
        var lines: [LineReader.Line] = []
        while let line = try reader.next() { lines.append(line) }
        #expect(lines.map(\.number) == [1, 2, 3, 4, 5])
        #expect(lines.map { $0.bytes?.count } == [3, 0, nil, 4, 4])
        #expect(lines.map(\.isComplete) == [true, true, true, true, false])
        #expect(lines.map(\.isBlank) == [false, true, false, false, false])
        #expect(lines.last?.end == 3 + 1 + 1 + long.count + 1 + 6 + 4)
        #expect(Set(lines.map(\.fingerprint)).count == 5)
    }
}
