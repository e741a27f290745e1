import QuireIdentifiers
import Testing

@testable import quire

@Suite struct `The line editor` {
    /// Feeds bytes and applies every key to a line.
    private func edit(_ bytes: [UInt8]) -> EditedLine {
        var line = EditedLine()
        for key in keys(bytes) { _ = line.apply(key) }
        return line
    }

    private func keys(_ bytes: [UInt8]) -> [Key] {
        var rest = bytes[...]
        let decoder = KeyDecoder { rest.popFirst() }
        var keys: [Key] = []
        while !rest.isEmpty { keys.append(decoder.next()) }
        return keys
    }

    @Test func `bytes become keys`() {
        #expect(keys([0x1B, 0x5B, 0x41]) == [.up])
        #expect(keys([0x1B, 0x4F, 0x42]) == [.down])
        #expect(keys(Array("\u{1B}[3~".utf8)) == [.delete])
        #expect(
            keys(Array("\u{1B}[1~\u{1B}[4~\u{1B}[H\u{1B}[F".utf8)) == [.home, .end, .home, .end])
        #expect(keys(Array("\u{1B}[1;5C".utf8)) == [.right])
        #expect(keys([0x01, 0x05, 0x15, 0x17]) == [.home, .end, .killLine, .killWord])
        #expect(keys([0x03, 0x04, 0x0D]) == [.interrupt, .endOfInput, .enter])
        #expect(keys(Array("é日🙂".utf8)) == [.character("é"), .character("日"), .character("🙂")])
        #expect(keys([0xFF]) == [.ignored])
        #expect(keys([0xE6, 0x97]) == [.endOfInput])
        #expect(keys(Array("\u{1B}[999999999999".utf8)).contains(.ignored))
    }

    @Test func `keys edit the line`() {
        #expect(edit(Array("abc".utf8)).text == "abc")
        #expect(edit(Array("abc\u{7F}\u{7F}".utf8)).text == "a")
        #expect(edit(Array("bc\u{01}a\u{05}d".utf8)).text == "abcd")
        #expect(edit(Array("abc\u{1B}[D\u{1B}[DX".utf8)).text == "aXbc")
        #expect(edit(Array("one two \u{17}".utf8)).text == "one ")
        #expect(edit(Array("one two\u{15}x".utf8)).text == "x")
        #expect(edit(Array("one two\u{1B}[D\u{0B}".utf8)).text == "one tw")
        #expect(edit(Array("\u{7F}\u{1B}[3~\u{17}\u{15}\u{1B}[D\u{1B}[C".utf8)).text == "")
    }

    @Test func `an accent joins the letter before it`() {
        let line = edit(Array("e\u{301}x".utf8))
        #expect(line.text == "e\u{301}x")
        #expect(line.cursor == 2)
    }

    @Test func `a line too long shows the part around the cursor`() {
        let line = EditedLine("0123456789")
        #expect(line.drawing(prompt: "> ", width: 80).contains("> 0123456789\u{1B}[K"))
        #expect(line.drawing(prompt: "> ", width: 8).contains("> 56789\u{1B}[K"))
        #expect(EditedLine("日本").drawing(prompt: "", width: 80).hasSuffix("\r\u{1B}[4C"))
    }

    @Test func `history goes back and forth and keeps the draft`() {
        var history = LineHistory()
        #expect(history.previous("x") == nil)
        history.append("one")
        history.append("two")
        history.append("two")
        history.append("")
        #expect(history.previous("draft") == "two")
        #expect(history.previous("two") == "one")
        #expect(history.previous("one") == nil)
        #expect(history.next() == "two")
        #expect(history.next() == "draft")
        #expect(history.next() == nil)
    }
}

@Suite struct `A file of prompts` {
    @Test func `has a string or an object on each line`() {
        let lines = PromptLine.parse(
            """
            "plain"
            {"prompt": "in an object", "more": 1}

            {"prompt": [1, 2, 3]}
            not json
            {"text": "no prompt"}
            {"prompt": [-1]}
            {"prompt": 7}
            """)
        #expect(lines.map(\.number) == [1, 2, 4, 5, 6, 7, 8])
        #expect(
            lines.map(\.prompt) == [
                .text("plain"), .text("in an object"), .tokens([1, 2, 3]), nil, nil, nil, nil,
            ])
    }

    @Test func `raw ids are numbers with commas between them`() {
        #expect(PromptText(rawIDs: "1,2, 3") == .tokens([1, 2, 3]))
        #expect(PromptText(rawIDs: "7") == .tokens([7]))
        for wrong in ["", ",", "1,", "1 2", "1 2,x", "-1", "4294967296", "1.5"] {
            #expect(PromptText(rawIDs: wrong) == nil, "\(wrong)")
        }
    }
}
