import TestSupport
import Testing

@testable import quire

@Suite struct `Keys at the prompt` {
    /// Types into an empty line; what the line then is, with `|` where the cursor stands.
    private func edit(_ text: String, after history: [String] = []) -> String {
        var editing = LineEditing(history: LineHistory(history)) { _ in true }
        for key in keys(text) { _ = editing.apply(key) }
        var shown = editing.shown.characters.map(String.init)
        shown.insert("|", at: editing.shown.cursor)
        return shown.joined()
    }

    private func keys(_ text: String) -> [Key] {
        var decoder = KeyDecoder()
        return text.utf8.compactMap { decoder.feed($0) }
    }

    private func outcome(_ text: String) -> LineEditing.Outcome? {
        var editing = LineEditing { _ in true }
        return keys(text).map { editing.apply($0) }.last
    }

    @Test func `letters, arrows and the keys that erase`() {
        #expect(edit("abc") == "abc|")
        #expect(edit("abc\u{7F}\u{8}") == "a|")
        #expect(edit("abc\u{1B}[D\u{1B}[DX") == "aX|bc")
        #expect(edit("abc\u{2}\u{2}\u{6}") == "ab|c")
        #expect(edit("abc\u{1}\u{1B}[3~") == "|bc")
        #expect(edit("abc\u{1}\u{4}") == "|bc")
        #expect(edit("\u{7F}\u{1B}[3~\u{17}\u{15}\u{1B}[D\u{1B}[C") == "|")
    }

    @Test(arguments: ["\u{1}", "\u{1B}[H", "\u{1B}OH", "\u{1B}[1~", "\u{1B}[7~"])
    func `Home in every spelling`(key: String) {
        #expect(edit("abc" + key) == "|abc")
    }

    @Test(arguments: ["\u{5}", "\u{1B}[F", "\u{1B}OF", "\u{1B}[4~", "\u{1B}[8~"])
    func `End in every spelling`(key: String) {
        #expect(edit("abc\u{1}" + key) == "abc|")
    }

    @Test func `words are passed and cut`() {
        #expect(edit("one two-three\u{1B}b") == "one two-|three")
        #expect(edit("one two\u{1B}b\u{1B}b\u{1B}f") == "one| two")
        #expect(edit("one two\u{1B}[1;5D") == "one |two")
        #expect(edit("one two\u{1B}[1;3D\u{1B}[1;5C") == "one two|")
        #expect(edit("one two\u{1}\u{1B}d") == "| two")
        #expect(edit("one two-three \u{17}") == "one |")
        #expect(edit("one two-three\u{1B}\u{7F}") == "one two-|")
    }

    @Test func `what was cut comes back`() {
        #expect(edit("one two\u{15}") == "|")
        #expect(edit("one two\u{1B}b\u{B}") == "one |")
        #expect(edit("one two\u{1B}b\u{B}\u{1}\u{19}") == "two|one ")
        #expect(edit("one two three\u{17}\u{17}\u{19}") == "one two three|")
        #expect(edit("one two\u{1}\u{1B}d\u{1B}d\u{19}!") == "one two!|")
        // A key in between begins a new cut; a cut of nothing keeps the last.
        #expect(edit("one two\u{17}\u{5}\u{17}\u{19}\u{19}") == "one one |")
        #expect(edit("one\u{17}\u{B}\u{15}\u{19}") == "one|")
    }

    @Test func `keys that end the line or leave it`() {
        #expect(outcome("abc\r") == .accepted("abc"))
        #expect(outcome("abc\n") == .accepted("abc"))
        #expect(outcome("abc\u{3}") == .dropped("abc"))
        #expect(outcome("\u{4}") == .ended)
        #expect(outcome("abc\u{4}") == .edited)
        #expect(outcome("abc\u{1A}") == .suspended)
        #expect(outcome("abc\u{C}") == .cleared)
    }

    @Test func `a paste is one text however many lines it has`() {
        let paste = "\u{1B}[200~one\r\ntwo\rthree\n\u{1B}[201~"
        #expect(edit(paste) == "one\ntwo\nthree|")
        #expect(outcome(paste + "\r") == .accepted("one\ntwo\nthree"))
        #expect(edit("\u{1B}[200~\u{3}\u{4}a\u{1B}[31mb\tc\u{1B}[201~") == "a[31mb\tc|")
        #expect(edit("ad\u{1B}[D\u{1B}[200~bc\u{1B}[201~") == "abc|d")
    }

    @Test func `several lines are edited as such`() {
        let lines = "one\u{1B}\rtwo2\u{1B}\rthree"
        #expect(edit(lines) == "one\ntwo2\nthree|")
        #expect(edit(lines + "\u{1B}[A") == "one\ntwo2|\nthree")
        #expect(edit(lines + "\u{1B}[A\u{1B}[A") == "one|\ntwo2\nthree")
        #expect(edit(lines + "\u{1B}[A\u{1}\u{1B}[B\u{1B}[B") == "one\ntwo2\n|three")
        #expect(edit(lines + "\u{1}\u{B}\u{1B}[A\u{5}\u{B}") == "one\ntwo2|")
        #expect(edit(lines + "\u{15}\u{7F}") == "one\ntwo2|")
        #expect(edit(lines + "\u{1B}[A\u{1B}[A\u{1B}[A", after: ["before"]) == "before|")
    }

    @Test func `Enter goes on where the text is not complete`() {
        var editing = LineEditing { $0.hasSuffix("end") }
        var last: LineEditing.Outcome?
        for key in keys("one\rtwo end\r") { last = editing.apply(key) }
        #expect(last == .accepted("one\ntwo end"))
    }

    @Test func `history goes back and forth and keeps the draft`() {
        let history = ["one", "two"]
        #expect(edit("dra\u{1B}[A", after: history) == "two|")
        #expect(edit("dra\u{10}\u{10}\u{10}", after: history) == "one|")
        #expect(edit("dra\u{10}\u{10}\u{E}", after: history) == "two|")
        #expect(edit("dra\u{10}\u{10}\u{E}\u{E}\u{E}", after: history) == "dra|")
        #expect(edit("two\r\u{3}\u{10}\u{10}", after: history) == "one|")
    }

    @Test func `Ctrl-R finds older lines letter by letter`() {
        let history = ["list models", "run one", "list files", "run two"]
        #expect(edit("\u{12}run", after: history) == "|run two")
        #expect(edit("\u{12}run\u{12}", after: history) == "|run one")
        #expect(edit("\u{12}run\u{12}\u{13}", after: history) == "|run two")
        #expect(edit("\u{12}li", after: history) == "|list files")
        #expect(edit("\u{12}li\u{12}\u{12}", after: history) == "|list models")
        #expect(edit("\u{12}lix", after: history) == "|list files")
        #expect(edit("\u{12}lix\u{7F}\u{7F}\u{7F}ru", after: history) == "|run two")
        #expect(edit("mine\u{12}li\u{7}", after: history) == "mine|")
        #expect(edit("mine\u{12}li\u{3}", after: history) == "mine|")
        #expect(edit("\u{12}file\u{5}!", after: history) == "list files!|")
        #expect(edit("\u{12}file\u{1B}[A", after: history) == "run one|")
        #expect(edit("\u{12}nothing\r", after: history) == "|")
    }

    @Test func `a text is its characters whatever was put between them`() {
        var random = SeededGenerator(seed: 19)
        let pieces = [
            "e", "\u{301}", "🇩", "🇪", "👩", "\u{200D}", "🚀", "\u{1100}", "\u{1161}", "a", "\n",
        ]
        for _ in 0..<300 {
            var line = EditedLine()
            for _ in 0..<20 {
                line.move(to: .random(in: 0...line.characters.count, using: &random))
                if Bool.random(using: &random) {
                    line.insert(pieces.randomElement(using: &random) ?? "")
                } else if line.cursor > 0 {
                    line.remove(line.cursor - 1..<line.cursor)
                }
                #expect(line.characters == Array(line.text))
                #expect((0...line.characters.count).contains(line.cursor))
            }
        }
    }

    @Test func `an accent joins the letter before it`() {
        #expect(edit("e\u{301}x") == "e\u{301}x|")
        #expect(edit("ex\u{1B}[D\u{301}") == "e\u{301}|x")
    }

    @Test func `bytes that mean nothing are passed over`() {
        #expect(keys("\u{1B}[9999999999999999999999~\u{1B}[5~\u{0}\u{1B}q") == [])
        var decoder = KeyDecoder()
        let bytes: [UInt8] = [0xFF, 0xC3, 0x28, 0xE6, 0x97, 0xA5, 0xED, 0xA0, 0x80, 0x61]
        #expect(
            bytes.compactMap { decoder.feed($0) } == [
                .character("("), .character("日"), .character("a"),
            ])
    }

    @Test func `ESC alone is a key once nothing follows`() {
        var decoder = KeyDecoder()
        #expect(decoder.feed(0x1B) == nil && decoder.holdsEscape)
        #expect(decoder.flush() == .escape && !decoder.holdsEscape)
        #expect(decoder.flush() == nil)
    }
}
