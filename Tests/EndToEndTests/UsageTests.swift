import Foundation
import Testing

/// What a user sees who made a mistake, and the help that keeps one from making it.
struct UsageTests {
    /// Fails, says so on stderr only, and shows no insides.
    private func expectRefusal(
        _ run: QuireProcess.Outcome, mentions words: String...,
        sourceLocation: SourceLocation = #_sourceLocation
    ) {
        #expect(!run.signalled, "\(run.stderr)", sourceLocation: sourceLocation)
        #expect(run.status != 0, sourceLocation: sourceLocation)
        #expect(run.stdout.isEmpty, sourceLocation: sourceLocation)
        for inside in [
            "Fatal error", "Stack dump", ".swift:", "Error(", "Error Domain", "Backtrace",
        ] {
            #expect(!run.stderr.contains(inside), "\(run.stderr)", sourceLocation: sourceLocation)
        }
        for word in words {
            #expect(run.stderr.contains(word), "\(run.stderr)", sourceLocation: sourceLocation)
        }
    }

    @Test(arguments: [
        "run", "generate", "tokenize", "perplexity", "inspect", "pull", "list", "rm", "doctor",
        "chat-template", "convert",
    ])
    func `every command explains itself`(command: String) throws {
        let help = try QuireProcess.run([command, "--help"])
        #expect(help.succeeded, "\(help.stderr)")
        #expect(help.stdout.contains("OVERVIEW:"))
        #expect(help.stdout.contains("USAGE: quire \(command)"))
        #expect(help.stderr.isEmpty)
    }

    @Test func `the command without arguments shows what it can do`() throws {
        let run = try QuireProcess.run([])
        #expect(run.succeeded)
        for command in ["run", "generate", "pull", "doctor"] {
            #expect(run.stdout.contains(command))
        }
    }

    @Test(arguments: ["generate", "tokenize", "perplexity", "inspect"])
    func `an unknown model is refused, with names that are near`(command: String) throws {
        let rest: [String] =
            switch command {
            case "generate": ["--prompt", "a", "--model", "gema-3-270m"]
            case "tokenize": ["--text", "a", "--model", "gema-3-270m"]
            case "perplexity": ["--file", "/dev/null", "--model", "gema-3-270m"]
            default: ["gema-3-270m"]
            }
        expectRefusal(
            try QuireProcess.run([command] + rest), mentions: "gema-3-270m", "gemma-3-270m")
    }

    @Test(arguments: [
        ["perplexity", "--file", "none.txt"], ["generate", "--prompts", "none.txt"],
    ])
    func `an input file that is not there is refused by name`(arguments: [String]) throws {
        expectRefusal(
            try QuireProcess.run(arguments + ["--model", QuireProcess.demoModel.path]),
            mentions: "none.txt")
    }

    @Test func `a trace that is none is refused by name`() throws {
        let scratch = try ScratchFolder()
        defer { scratch.remove() }
        let trace = try scratch.write(
            "trace.jsonl",
            """
            {"timestamp": 0, "input_length": 4, "output_length": 2, "hash_ids": [1]}
            {"timestamp": 0, "ids": [1]}
            """)
        let command = ["simulate", "cache", "--capacity", "1", "--trace"]
        let run = try QuireProcess.run(command + [trace.path])
        expectRefusal(run, mentions: "line 2:", "trace.jsonl")
        #expect(!run.stderr.contains("Usage:"))
        let missing = try QuireProcess.run(command + ["none.jsonl"])
        expectRefusal(missing, mentions: "none.jsonl cannot be read")
        #expect(!missing.stderr.contains("NSCocoa"))
    }

    @Test func `a path without a file is refused`() throws {
        expectRefusal(
            try QuireProcess.run(["generate", "--model", "./none.gguf", "--prompt", "a"]),
            mentions: "none.gguf")
    }

    @Test func `a broken model file is refused`() throws {
        let scratch = try ScratchFolder()
        defer { scratch.remove() }
        let whole = try Data(contentsOf: QuireProcess.demoModel)
        for length in [0, 3, 20, 1_000, 40_000, whole.count - 1] {
            let file = scratch.url.appending(path: "broken-\(length).gguf")
            try whole.prefix(length).write(to: file)
            expectRefusal(
                try QuireProcess.run(["generate", "--model", file.path, "--prompt", "a"]),
                mentions: "broken-\(length).gguf")
        }
    }

    @Test(arguments: [
        ["--temperature", "-1"], ["--temperature", "warm"], ["--max-tokens", "-5"],
        ["--logprobs", "100000"], ["--top-p", "2"],
    ])
    func `a setting out of its range is refused`(setting: [String]) throws {
        expectRefusal(
            try QuireProcess.run(
                ["generate", "--model", QuireProcess.demoModel.path, "--prompt", "a"] + setting))
    }

    @Test func `a negative number is a value that is out of range, not a missing one`() throws {
        for option in ["--threads", "--context", "--chunk"] {
            let run = try QuireProcess.run(["generate", "--prompt", "a", option, "-2"])
            expectRefusal(run, mentions: option, "-2")
            #expect(!run.stderr.contains("Missing"), "\(run.stderr)")
        }
    }

    @Test func `ids that are none or out of the vocabulary are refused`() throws {
        for ids in ["1,two,3", "99999", "-1", ""] {
            expectRefusal(
                try QuireProcess.run([
                    "generate", "--model", QuireProcess.demoModel.path, "--raw-ids=\(ids)",
                ]))
        }
    }

    @Test func `a prompt longer than the context is refused with both lengths`() throws {
        let long = String(repeating: "Once upon a time ", count: 400)
        expectRefusal(
            try QuireProcess.run([
                "generate", "--model", QuireProcess.demoModel.path, "--prompt", long,
            ]), mentions: "512")
    }

    @Test func `generate wants exactly one source of prompts`() throws {
        let model = QuireProcess.demoModel.path
        expectRefusal(try QuireProcess.run(["generate", "--model", model]))
        expectRefusal(
            try QuireProcess.run(
                ["generate", "--model", model, "--prompt", "a", "--raw-ids", "1"]))
    }
}
