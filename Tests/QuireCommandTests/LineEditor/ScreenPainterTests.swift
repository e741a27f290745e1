import TestSupport
import Testing

@testable import quire

@Suite struct `The drawing of the prompt` {
    /// A prompt in a terminal, and the same prompt drawn at once into a new one.
    private struct Pair {
        var machine = PromptMachine()
        var terminal: VirtualTerminal
        let earlier = (0..<9).map { "e\($0)" }

        init(columns: Int, rows: Int) {
            terminal = VirtualTerminal(width: columns, height: rows)
            terminal.write(earlier.map { $0 + "\r\n" }.joined())
            begin()
        }

        var size: TerminalSize { TerminalSize(columns: terminal.width, rows: terminal.height) }

        mutating func begin() {
            machine.begin(prompt: "> ", size: size)
            terminal.write(machine.draw())
        }

        mutating func type(_ text: String) {
            machine.feed(Array(text.utf8))
            while let outcome = machine.advance() {
                terminal.write(outcome == .suspended ? machine.leave() : machine.take())
                begin()
            }
            terminal.write(machine.draw())
        }

        mutating func resize(columns: Int, rows: Int) {
            terminal.resize(width: columns, height: rows)
            terminal.write(machine.resize(to: size))
        }

        /// What the terminal did not understand; or everything it shows, if it has lost something
        /// that was there before.
        var complaint: [String]? {
            if !terminal.complaints.isEmpty { return terminal.complaints }
            return terminal.everything.starts(with: earlier) ? nil : terminal.everything
        }

        /// The rows of the prompt and the cursor among them, as the terminal has them and as they
        /// ought to be.
        var drawings: (drawn: [String], whole: [String], cursors: [[Int]]) {
            var painter = ScreenPainter(width: terminal.width)
            var fresh = VirtualTerminal(width: terminal.width, height: terminal.height)
            fresh.write(painter.paint(machine.shown))
            let top = terminal.row - machine.shown.cursorRow
            let drawn = top >= 0 ? Array(terminal.screen[top...]) : []
            let whole = Array(fresh.screen[..<(terminal.height - max(top, 0))])
            return (
                drawn, whole,
                [[terminal.row - top, terminal.column], [fresh.row, fresh.column]]
            )
        }
    }

    private static let keys: [String] = [
        "a", "b", " ", "long words of text ", "日本", "e\u{301}", "🙂", "👩‍🚀", "🇩🇪", "❤\u{FE0F}",
        "\u{301}", "\t", "\u{200B}", "x\u{1B}\r", "\u{1B}[200~one\ntwo 日\n\tthree\u{1B}[201~",
        "\u{7F}", "\u{1B}[D", "\u{1B}[D\u{1B}[D\u{1B}[D", "\u{1B}[C", "\u{1B}[A", "\u{1B}[B",
        "\u{1}", "\u{5}", "\u{B}", "\u{15}", "\u{17}", "\u{19}", "\u{1B}b", "\u{1B}f", "\u{1B}d",
        "\u{1B}[3~", "\u{4}", "\r", "\u{12}", "\u{12}o", "\u{7}", "\u{3}", "\u{1A}",
    ]
    /// Without those about whose place at the right edge terminals disagree.
    private static let plainKeys = keys.filter { !["👩‍🚀", "🇩🇪", "❤\u{FE0F}"].contains($0) }

    @Test(arguments: 0..<40 as Range<UInt64>)
    func `the screen is the same whether a text was edited or drawn at once`(seed: UInt64) {
        var random = SeededGenerator(seed: seed)
        var pair = Pair(
            columns: .random(in: 4...40, using: &random), rows: .random(in: 2...12, using: &random))
        for _ in 0..<60 {
            let key = Self.keys.randomElement(using: &random) ?? ""
            pair.type(key)
            let (drawn, whole, cursors) = pair.drawings
            #expect(drawn == whole, "seed \(seed), after \(key.debugDescription)")
            #expect(cursors[0] == cursors[1], "seed \(seed), after \(key.debugDescription)")
            #expect(pair.complaint == nil, "seed \(seed)")
            guard drawn == whole, cursors[0] == cursors[1], pair.complaint == nil else { return }
        }
    }

    @Test(arguments: 0..<40 as Range<UInt64>)
    func `the screen is the same after the terminal has changed its width`(seed: UInt64) {
        var random = SeededGenerator(seed: seed)
        var pair = Pair(
            columns: .random(in: 8...40, using: &random), rows: .random(in: 2...12, using: &random))
        for _ in 0..<20 {
            for _ in 0..<3 { pair.type(Self.plainKeys.randomElement(using: &random) ?? "") }
            pair.resize(
                columns: .random(in: 8...40, using: &random),
                rows: .random(in: 2...12, using: &random))
            let (drawn, whole, cursors) = pair.drawings
            #expect(drawn == whole, "seed \(seed)")
            #expect(cursors[0] == cursors[1], "seed \(seed)")
            #expect(pair.complaint == nil, "seed \(seed)")
            guard drawn == whole, cursors[0] == cursors[1], pair.complaint == nil else { return }
        }
    }

    @Test func `a line longer than the terminal is wide wraps and keeps one prompt`() {
        var pair = Pair(columns: 10, rows: 8)
        for character in "0123456789abcdefghij" { pair.type(String(character)) }
        #expect(pair.terminal.everything.suffix(4) == ["e8", "> 01234567", "89abcdefgh", "ij"])
    }

    @Test func `typing draws no more than what is new`() {
        var machine = PromptMachine()
        machine.begin(prompt: "> ", size: TerminalSize(columns: 80, rows: 24))
        _ = machine.draw()
        machine.feed(Array("hello".utf8))
        _ = machine.advance()
        #expect(machine.draw() == "hello")
        #expect(machine.draw() == "")
    }

    @Test func `a paste of many characters is drawn in a few times its length`() {
        for length in [6_000, 60_000] {
            var machine = PromptMachine()
            machine.begin(prompt: "> ", size: TerminalSize(columns: 80, rows: 24))
            let bytes = Array(String(repeating: "lorem ipsum ", count: length / 12).utf8)
            var drawn = 0
            for start in stride(from: 0, to: length, by: 1000) {
                machine.feed(Array(bytes[start..<start + 1000]))
                #expect(machine.advance() == nil)
                drawn += machine.draw().utf8.count
            }
            #expect(drawn < 4 * length, "\(drawn)")
        }
    }
}
