import Testing

@testable import quire

/// What the command writes for people.
struct TerminalTextTests {
    @Test(arguments: [
        (0, "0 B"), (999, "999 B"), (1000, "1.0 kB"), (253_113_024, "253.1 MB"),
        (999_960_000, "1.0 GB"), (1_500_000_000_000, "1.5 TB"),
    ])
    func `bytes are written in decimal units`(count: Int, text: String) {
        #expect(Sizes.bytes(count) == text)
    }

    @Test func `counts are short or grouped`() {
        #expect(Sizes.count(268_098_176) == "268.1M")
        #expect(Sizes.count(12) == "12")
        #expect(Sizes.grouped(1_234_567) == "1,234,567")
        #expect(Sizes.grouped(-1000) == "-1,000")
        #expect(Sizes.grouped(7) == "7")
    }

    @Test func `a progress line fits and tells share, rate and time`() {
        let line = ProgressLine.text(
            received: 50_000_000, total: 200_000_000, rate: 5_000_000, width: 80)
        #expect(line.hasPrefix("[####"))
        #expect(line.hasSuffix("25%  50.0 MB of 200.0 MB  5.0 MB/s  30 s left"))
        for width in 20...120 {
            for received in [0, 1, 99_999_999, 200_000_000] {
                let line = ProgressLine.text(
                    received: received, total: 200_000_000, rate: 123, width: width)
                #expect(line.count < width, "\(width)")
            }
        }
    }

    @Test func `progress of unknown length is bytes and rate`() {
        let line = ProgressLine.text(received: 50_000_000, total: nil, rate: 5_000_000, width: 80)
        #expect(line == "50.0 MB  5.0 MB/s")
        #expect(ProgressLine.text(received: 1, total: nil, rate: 0, width: 80) == "1 B")
    }

    @Test func `a table is aligned and ends its lines without spaces`() {
        var table = TextTable([("NAME", .left), ("SIZE", .right), ("", .left)])
        table.append(["a", "1", ""])
        table.append(["long", "1000", "x"])
        #expect(table.lines == ["NAME  SIZE", "a        1", "long  1000  x"])
    }

    @Test func `what a file says cannot command the terminal`() {
        #expect(Terminal.plain("a\u{1B}[31m\nb\tc\u{7}") == "a\\u{1b}[31m\\nb\\tc\\u{7}")
        #expect(Terminal.plain("\u{202E}gemma é 語") == "\\u{202e}gemma é 語")
    }
}
