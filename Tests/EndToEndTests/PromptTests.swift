import Foundation
import TestSupport
import Testing

#if canImport(Glibc)
    import Glibc
#else
    import Darwin
#endif

/// `quire run` on a terminal: the prompt with the system's own terminal under it.
struct PromptTests {
    private static let arguments = ["run", "--temperature", "0", "--max-tokens", "4", "--stats"]

    private func open(
        columns: Int = 80, rows: Int = 24, environment: [String: String] = [:],
        _ work: (PseudoTerminal) throws -> Void
    ) throws {
        let scratch = try ScratchFolder()
        defer { scratch.remove() }
        try open(scratch, columns: columns, rows: rows, environment: environment, work)
    }

    private func open(
        _ scratch: ScratchFolder, columns: Int = 80, rows: Int = 24,
        environment: [String: String] = [:], _ work: (PseudoTerminal) throws -> Void
    ) throws {
        let terminal = try PseudoTerminal(
            Self.arguments, columns: columns, rows: rows, home: scratch.url,
            environment: environment)
        defer { terminal.close() }
        try #require(terminal.shows(">"), "\(terminal.output)")
        try work(terminal)
    }

    private func answers(_ terminal: PseudoTerminal) -> Int {
        terminal.output.matches(of: /ended by/).count
    }

    @Test func `a line longer than the terminal is wide wraps, whatever COLUMNS says`() throws {
        try open(columns: 40, environment: ["COLUMNS": "80"]) { terminal in
            for _ in 0..<10 { try terminal.type("0123456789") }
            #expect(terminal.shows("> " + String(repeating: "0123456789", count: 3) + "01234567"))
            #expect(terminal.shows("8901234567890123456789012345678901234567"))
            #expect(terminal.shows("8901234567890123456789"))
            #expect(terminal.terminal.everything.filter { $0.hasPrefix(">") }.count == 1)
            terminal.resize(columns: 60, rows: 24)
            #expect(terminal.shows("> " + String(repeating: "0123456789", count: 5) + "01234567"))
            #expect(terminal.terminal.everything.filter { $0.hasPrefix(">") }.count == 1)
        }
    }

    @Test func `thousands of pasted characters are one line`() throws {
        try open { terminal in
            try terminal.type(String(repeating: "lorem ipsum ", count: 1000) + "end\u{5}")
            #expect(terminal.wait { terminal.terminal.screen.contains { $0.hasSuffix("end") } })
            // Drawn in portions and not once for each character.
            #expect(terminal.output.utf8.count < 200_000, "\(terminal.output.utf8.count)")
            try terminal.type("\u{3}")
            #expect(terminal.shows(">"))
        }
    }

    @Test func `three pasted lines are one prompt`() throws {
        try open { terminal in
            #expect(terminal.terminal.marksPastes)
            try terminal.type("\u{1B}[200~one\ntwo\nthree\n\u{1B}[201~")
            #expect(terminal.shows("> one") && terminal.shows(". two") && terminal.shows(". three"))
            #expect(answers(terminal) == 0)
            try terminal.type("\r")
            #expect(terminal.wait { answers(terminal) == 1 })
            try terminal.type("\u{4}")
            try #require(terminal.ends())
            #expect(terminal.process.terminationStatus == 0)
            #expect(answers(terminal) == 1)
            let kept = try String(
                contentsOf: terminal.home.appending(path: "history"), encoding: .utf8)
            #expect(kept == "one\\ntwo\\nthree\n")
        }
    }

    @Test(arguments: [SIGTERM, SIGHUP, SIGINT])
    func `a signal that ends the process leaves the terminal as it was`(number: Int32) throws {
        try open { terminal in
            try terminal.type("abc")
            #expect(terminal.shows("> abc") && !terminal.isCooked)
            terminal.send(number)
            try #require(terminal.ends())
            #expect(terminal.process.terminationReason == .uncaughtSignal)
            #expect(terminal.process.terminationStatus == number)
            #expect(terminal.wait { terminal.isCooked }, "\(terminal.output.debugDescription)")
        }
    }

    @Test func `Ctrl-D leaves the terminal as it was`() throws {
        try open { terminal in
            try terminal.type("\u{4}")
            try #require(terminal.ends())
            #expect(terminal.process.terminationStatus == 0)
            #expect(terminal.wait { terminal.isCooked })
        }
    }

    @Test(.enabled(if: FileManager.default.fileExists(atPath: "/proc/self/stat")))
    func `Ctrl-Z stops with the terminal as it was, and the line is there again`() throws {
        try open { terminal in
            try terminal.type("abc")
            #expect(terminal.shows("> abc"))
            try terminal.type("\u{1A}")
            #expect(terminal.wait { terminal.isStopped && terminal.isCooked })
            terminal.send(SIGCONT)
            #expect(terminal.wait { terminal.terminal.screen.filter { $0 == "> abc" }.count == 2 })
            try terminal.type("d")
            #expect(terminal.shows("> abcd") && !terminal.isCooked)
        }
    }

    @Test func `the history is there the next time`() throws {
        let scratch = try ScratchFolder()
        defer { scratch.remove() }
        try open(scratch) { terminal in
            try terminal.type("Once upon\r")
            #expect(terminal.wait { answers(terminal) == 1 })
            try terminal.type("\u{4}")
            try #require(terminal.ends())
        }
        try open(scratch) { terminal in
            try terminal.type("\u{1B}[A")
            #expect(terminal.shows("> Once upon"))
            try terminal.type("\u{15}\u{12}ce")
            #expect(terminal.shows("(reverse search)`ce': Once upon"))
        }
    }

    @Test func `QUIRE_HISTORY=off keeps nothing`() throws {
        try open(environment: ["QUIRE_HISTORY": "off"]) { terminal in
            try terminal.type("Once upon\r")
            #expect(terminal.wait { answers(terminal) == 1 })
            try terminal.type("\u{4}")
            try #require(terminal.ends())
            let path = terminal.home.appending(path: "history").path
            #expect(!FileManager.default.fileExists(atPath: path))
        }
    }

    @Test func `a terminal that cannot move its cursor gets no escape sequences`() throws {
        try open(environment: ["TERM": "dumb"]) { terminal in
            try terminal.type("Once upon\n")
            #expect(terminal.wait { answers(terminal) == 1 })
            try terminal.type("\u{4}")
            try #require(terminal.ends())
            #expect(!terminal.output.contains("\u{1B}"))
        }
    }
}
