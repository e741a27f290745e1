import Foundation
import TestSupport
import Testing

/// `quire run` as a conversation, with the demo model and a template that is given to it.
struct ChatRunTests {
    private static let template = ["--chat-template", "chatml"]
    private static let options = ["--temperature", "0", "--max-tokens", "12"]

    private func open(
        _ more: [String] = [], _ work: (PseudoTerminal) throws -> Void
    ) throws {
        let scratch = try ScratchFolder()
        defer { scratch.remove() }
        let terminal = try PseudoTerminal(
            ["run", "demo", "--verbose"] + Self.template + Self.options + more, home: scratch.url)
        defer { terminal.close() }
        try #require(terminal.shows(">"), "\(terminal.output)")
        try work(terminal)
    }

    /// The numbers of prompt and cached tokens of the answers so far.
    private func prompts(_ terminal: PseudoTerminal) -> [(tokens: Int, cached: Int)] {
        terminal.output.matches(of: /prompt ([0-9]+) tokens, ([0-9]+) cached/).map { match in
            (Int(match.output.1) ?? -1, Int(match.output.2) ?? -1)
        }
    }

    private func say(_ text: String, to terminal: PseudoTerminal) throws {
        let count = prompts(terminal).count
        try terminal.type(text + "\r")
        try #require(terminal.wait { prompts(terminal).count == count + 1 }, "\(terminal.output)")
    }

    @Test func `every turn computes its new tokens only`() throws {
        try open { terminal in
            for text in ["Once upon a time", "And then?", "Was it so?", "Why?"] {
                try say(text, to: terminal)
            }
            let all = prompts(terminal)
            for (before, turn) in zip(all, all.dropFirst()) {
                // Whole blocks of 16 tokens are found again.
                #expect(turn.tokens > before.tokens)
                #expect(turn.cached > before.tokens - 16, "\(all)")
            }
        }
    }

    @Test func `a conversation is undone, answered again, saved and loaded`() throws {
        try open { terminal in
            try say("Once upon a time", to: terminal)
            try say("And then?", to: terminal)
            try say("/retry", to: terminal)
            let tokens = prompts(terminal).map(\.tokens)
            #expect(tokens[2] == tokens[1])
            let path = terminal.home.appending(path: "chat.json").path
            try terminal.type("/save \(path)\r")
            #expect(terminal.wait { terminal.output.contains("4 messages are saved") })
            try terminal.type("/undo\r")
            #expect(terminal.shows("Taken back: And then?"))
            try say("And then?", to: terminal)
            #expect(prompts(terminal).last?.tokens == tokens[1])
            try terminal.type("/clear\r/load \(path)\r/undo\r")
            #expect(terminal.wait { terminal.output.matches(of: /Taken back/).count == 2 })
            try say("And then?", to: terminal)
            #expect(prompts(terminal).last?.tokens == tokens[1])
            try terminal.type("/bye\r")
            try #require(terminal.ends())
            #expect(terminal.process.terminationStatus == 0)
        }
    }

    @Test func `a damaged file loses nothing`() throws {
        try open { terminal in
            try say("Once upon a time", to: terminal)
            let path = terminal.home.appending(path: "damaged.json").path
            try "{\"messages\": [".write(toFile: path, atomically: true, encoding: .utf8)
            try terminal.type("/load \(path)\r")
            #expect(terminal.wait { terminal.output.contains("error: ") })
            try terminal.type("/stats\r")
            #expect(terminal.wait { terminal.output.contains("conversation: 2 messages") })
        }
    }

    @Test func `a message between quotation marks has several lines`() throws {
        try open { terminal in
            try terminal.type("\"\"\"\r")
            #expect(terminal.shows("."))
            try terminal.type("/bye\r")
            try say("@none\"\"\"", to: terminal)
            try terminal.type("/show\r")
            #expect(terminal.shows("user: /bye") && terminal.shows("@none"))
        }
    }

    @Test func `a conversation that no longer fits says what helps and loses nothing`() throws {
        try open(["--context", "96"]) { terminal in
            try say("Once upon a time", to: terminal)
            try terminal.type(String(repeating: "x ", count: 80) + "\r")
            #expect(terminal.wait { terminal.output.contains("Nothing is lost") })
            #expect(terminal.output.contains("--context") && terminal.output.contains("/clear"))
            try say("Why?", to: terminal)
            try terminal.type("/stats\r")
            #expect(terminal.wait { terminal.output.contains("conversation: 4 messages") })
        }
    }

    @Test func `an answer that cannot be had again stays, and its message is said once`() throws {
        try open(["--context", "96"]) { terminal in
            try say("Once upon a time", to: terminal)
            try terminal.type("/system " + String(repeating: "x ", count: 80) + "\r/retry\r")
            #expect(terminal.wait { terminal.output.contains("leaves no room") })
            try terminal.type("/system\r")
            try say("/retry", to: terminal)
            let tokens = prompts(terminal).map(\.tokens)
            #expect(tokens.count == 2 && tokens[0] == tokens[1], "\(tokens)")
        }
    }

    @Test func `a pipe gets the plain answer to one message`() throws {
        let words = ["run", "demo"] + Self.template + Self.options
        let piped = try QuireProcess.run(words, input: "Once upon a time\n")
        #expect(piped.succeeded && piped.stderr.isEmpty, "\(piped.stderr)")
        #expect(!piped.stdout.contains("\u{1B}") && piped.stdout.count > 10)
        let typed = try QuireProcess.run(words + ["Once upon a time"])
        #expect(typed.stdout == piped.stdout)
        let told = try QuireProcess.run(words + ["Once upon a time", "--system", "Sing."])
        #expect(told.succeeded && told.stdout != typed.stdout)
        let empty = try QuireProcess.run(words, input: "")
        #expect(!empty.succeeded && empty.stderr.contains("There is no prompt"), "\(empty.stderr)")
    }

    @Test func `a model without a template says so once and continues`() throws {
        let words = ["run", "demo", "Once upon a time"] + Self.options
        let plain = try QuireProcess.run(words)
        #expect(plain.succeeded)
        #expect(plain.stderr.matches(of: /no chat template/).count == 1, "\(plain.stderr)")
        #expect(plain.stderr.contains("--chat-template chatml"))
        let raw = try QuireProcess.run(words + ["--raw"])
        #expect(raw.stdout == plain.stdout && raw.stderr.isEmpty, "\(raw.stderr)")
    }

    @Test(arguments: [
        (["--system", "x"], "no chat template"), (["--think"], "no chat template"),
        (["--raw", "--no-think"], "--no-think has no meaning with --raw"),
        (["--chat-template", "chatml", "--think"], "--think: the chat template has no switch"),
        (["--chat-template", "chatmll"], "Did you mean chatml?"),
        (["--chat-template", "chatml", "--special"], "--special goes with --raw"),
        (["--chat-template", "chatml", "--context", "16"], "--context takes more"),
    ])
    func `options that cannot be honoured are refused by name`(
        options: [String], hint: String
    ) throws {
        let run = try QuireProcess.run(["run", "demo", "Once upon a time"] + options)
        #expect(!run.succeeded && run.stdout.isEmpty)
        #expect(run.stderr.contains(hint), "\(run.stderr)")
    }

    @Test func `a template in a file with a switch for thinking gets the switch`() throws {
        let folder = try TemporaryFolder()
        let source = """
            {% for m in messages %}{{ m.role }}: {{ m.content }}
            {% endfor %}{% if add_generation_prompt %}assistant:\
            {% if enable_thinking is defined and not enable_thinking %} No.{% endif %}{% endif %}
            """
        let path = try folder.write("t.jinja", Array(source.utf8))
        let words = ["run", "demo", "Once", "--chat-template", path] + Self.options
        let on = try QuireProcess.run(words + ["--think"])
        let off = try QuireProcess.run(words + ["--no-think"])
        #expect(on.succeeded && off.succeeded, "\(on.stderr)\(off.stderr)")
        let broken = try folder.write("b.jinja", Array("{% fro %}".utf8))
        let run = try QuireProcess.run(["run", "demo", "Once", "--chat-template", broken])
        #expect(!run.succeeded && run.stderr.contains("line 1"), "\(run.stderr)")
    }
}
