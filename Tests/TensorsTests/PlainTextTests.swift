import Testing

@testable import Tensors

struct PlainTextTests {
    @Test func `a line of foreign text has no control and no format characters`() {
        #expect(PlainText.line("a\u{1B}[31m\nb\tc\u{7}") == "a\\u{1b}[31m\\nb\\tc\\u{7}")
        #expect(PlainText.line("\u{202E}gemma é 語") == "\\u{202e}gemma é 語")
        #expect(PlainText.line("") == "")
    }

    @Test func `lines keep their ends`() {
        #expect(PlainText.lines("a\n\tb\u{9B}c\r\n") == "a\n\tb\\u{9b}c\\u{d}\n")
        #expect(PlainText.lines("a\u{200F}b\u{61C}") == "a\\u{200f}b\\u{61c}")
    }

    @Test func `an error's message commands no terminal, whatever it quotes`() {
        let error = TensorError(.fileUnreadable, "cannot open \u{1B}]0;x\u{7}")
        #expect(error.description == "cannot open \\u{1b}]0;x\\u{7}")
    }
}
