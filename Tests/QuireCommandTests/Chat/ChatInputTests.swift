import Foundation
import TestSupport
import Testing

@testable import quire

/// What a line at the prompt of a conversation is.
struct ChatInputTests {
    private func refusal(_ text: String) -> String {
        do {
            return "accepted: \(try ChatInput(text))"
        } catch {
            return error.description
        }
    }

    @Test(arguments: [
        ("/clear", ChatCommand.clear), ("/undo", .undo), ("/retry", .retry), ("/show", .show),
        ("/stats", .stats), ("/help", .help), ("/?", .help), ("/bye", .end), ("/exit", .end),
        ("/BYE ", .end), ("/system Be brief.\nAnd kind.", .system("Be brief.\nAnd kind.")),
        ("/system", .system(nil)), ("/save a b.json", .save("a b.json")), ("/load c", .load("c")),
        ("/set temperature 0.5", .set(.temperature(0.5))), ("/set top_p 0.9", .set(.topP(0.9))),
        ("/set parameter top-k 40", .set(.topK(40))), ("/set min_p 0", .set(.minP(0))),
        ("/set seed 7", .set(.seed(7))), ("/set seed -1", .set(.seed(nil))),
        ("/set max_tokens 9", .set(.maxTokens(9))),
        ("/set max_tokens default", .set(.maxTokens(nil))),
        ("/set think", .set(.thinks(true))), ("/set think off", .set(.thinks(false))),
        ("/set think default", .set(.thinks(nil))), ("/set verbose", .set(.verbose(true))),
    ])
    func `a line that begins with a slash and a word is a command`(
        line: String, command: ChatCommand
    ) throws {
        #expect(try ChatInput(line) == .command(command))
    }

    @Test(arguments: [
        ("/claer", "Did you mean /clear?"), ("/sytem x", "/system"), ("/xyzzy", "/help"),
        ("/clear all", "takes nothing"), ("/save", "name of a file"), ("/set", "temperature"),
        ("/set temprature 1", "Did you mean temperature?"), ("/set temperature", "needs a value"),
        ("/set temperature hot", "hot; it must be a number"), ("/set top_k 1.5", "an integer"),
        ("/set temperature nan", "a number"), ("/set seed x", "-1"), ("/set top_k 1 2", "a value"),
        ("/set think maybe", "on, off or default"),
    ])
    func `a command that is none says what is meant`(line: String, hint: String) {
        #expect(refusal(line).contains(hint), "\(refusal(line))")
    }

    @Test(arguments: ["/usr/bin is a folder", " /clear", "1/2", "/ is a slash", "a\n/clear"])
    func `a path or a slash in a message is no command`(line: String) throws {
        #expect(try ChatInput(line) == .message(line))
    }

    @Test func `nothing but space is nothing`() throws {
        for line in ["", "  ", "\n \t", "\"\"\" \n \"\"\"", "\"\"\"\"\"\""] {
            #expect(try ChatInput(line) == .nothing)
        }
    }

    @Test func `quotation marks begin and end a message of several lines`() throws {
        #expect(ChatInput.isComplete("Hello"))
        #expect(!ChatInput.isComplete("\"\"\""))
        #expect(!ChatInput.isComplete("\"\"\"one\n/clear\n"))
        #expect(ChatInput.isComplete("\"\"\"one\ntwo\"\"\" "))
        #expect(ChatInput.isComplete("He said \"\"\""))
        #expect(
            try ChatInput("\"\"\"\n/clear\n\n  @none \n\"\"\"")
                == .message("/clear\n\n  @none "))
        // The end of the input ends it too.
        #expect(try ChatInput("\"\"\"one\ntwo") == .message("one\ntwo"))
    }
}
