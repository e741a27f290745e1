import Foundation
import Reporting
import Tensors
import Testing

@testable import quire

/// What files and servers say, on its way to a terminal.
struct ForeignTextTests {
    @Test func `a line of ours keeps its line ends and loses what commands a terminal`() {
        #expect(
            Terminal.withoutCommands("a\n\tb\u{1B}[2J\u{9B}2J\r\u{7F}")
                == "a\n\tb\\u{1b}[2J\\u{9b}2J\\u{d}\\u{7f}")
        #expect(Terminal.withoutCommands("\u{202E}gemma é 語 👩‍🚀") == "\\u{202e}gemma é 語 👩‍🚀")
    }

    @Test func `what a file says stays on its line`() {
        #expect(Terminal.plain("a\nb\u{2028}c\u{85}d") == "a\\nb\\u{2028}c\\u{85}d")
    }

    @Test func `JSON commands no terminal and stays what it was`() throws {
        let text = "\u{1B}[31m\u{9B}2J\u{7F}\u{202E}\u{200F}\u{61C}é語\n"
        for line in [try JSONText.line([text]), try JSONText.pretty([text])] {
            let commands = line.unicodeScalars.filter {
                $0 != "\n" && $0.properties.generalCategory == .control
            }
            #expect(commands.isEmpty && !line.unicodeScalars.contains("\u{202E}"))
            #expect(!line.unicodeScalars.contains("\u{200F}"))
            #expect(Terminal.withoutCommands(line) == line)
            #expect(try JSONDecoder().decode([String].self, from: Data(line.utf8)) == [text])
        }
    }

    @Test func `a page has none of what commands a terminal, but for line ends`() {
        let commands = (UInt32(0)...0xFFFF).compactMap(Unicode.Scalar.init).filter {
            PlainText.isCommand($0) && $0 != "\r"
        }
        #expect(commands.count > 60)
        var title = ""
        title.unicodeScalars.append(contentsOf: commands)
        let page = Report(title: title, summary: "s", parameters: []).html()
        #expect(page.unicodeScalars.allSatisfy { !PlainText.isCommand($0) || $0 == "\r" })
    }
}
