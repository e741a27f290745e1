import Foundation
import Testing

/// `quire run`: the first thing that a newcomer types.
struct RunTests {
    @Test func `without a model the demo model tells a story, and stderr says so`() throws {
        let run = try QuireProcess.run(
            ["run", "Once upon a time", "--temperature", "0", "--max-tokens", "30"])
        #expect(run.succeeded, "\(run.stderr)")
        #expect(run.stdout.split(separator: " ").count > 10)
        #expect(!run.stdout.contains("demo"))
        #expect(run.stderr.contains("demo model"))
    }

    @Test func `a story is told to its end without any option`() throws {
        let run = try QuireProcess.run(["run", "Once upon a time", "--seed", "1"])
        #expect(run.succeeded, "\(run.stderr)")
        let last = run.stdout.last { !$0.isWhitespace }
        #expect(last == "." || last == "\"", "\(run.stdout.suffix(40))")
    }

    @Test func `a model is named by its path`() throws {
        let run = try QuireProcess.run([
            "run", QuireProcess.demoModel.path, "Once upon a time", "--temperature", "0",
            "--max-tokens", "30",
        ])
        #expect(run.succeeded, "\(run.stderr)")
        let unnamed = try QuireProcess.run(
            ["run", "Once upon a time", "--temperature", "0", "--max-tokens", "30"])
        #expect(run.stdout == unnamed.stdout)
        #expect(!run.stderr.contains("demo model"))
    }

    @Test func `an answer that the context cut says so, and one that was to be short does not`()
        throws
    {
        let common = ["run", "demo", "Once upon a time", "--temperature", "0", "--context", "24"]
        let cut = try QuireProcess.run(common)
        #expect(cut.succeeded, "\(cut.stderr)")
        #expect(cut.stderr.contains("context of 24 tokens"), "\(cut.stderr)")
        let short = try QuireProcess.run(common + ["--max-tokens", "4"])
        #expect(!short.stderr.contains("was cut"), "\(short.stderr)")
    }

    @Test func `nothing is drawn on a stderr that is no terminal`() throws {
        let run = try QuireProcess.run(
            ["run", "Once upon a time", "--temperature", "0", "--max-tokens", "8"])
        #expect(!run.stderr.contains("\u{1B}"))
        #expect(!run.stderr.contains("\r"))
        #expect(!run.stdout.contains("\u{1B}"))
    }

    @Test(arguments: [
        ("gemma-3-270m", "quire pull gemma-3-270m"), ("gema-3-270m", "quire pull gemma-3-270m"),
        ("gemma 3 270m", "Did you mean gemma-3-270m"), ("mistral", "'mistral'"),
        ("mistral 7b", "'mistral 7b'"), ("llama", "llama-3.2-1b"),
        ("bert", "quire run demo 'bert'"),
        ("/no/file", "There is no file '/no/file'"), ("/tmp", "is a folder"), (".", "is a folder"),
        ("./my model.gguf", "There is no file"), ("llama3:8b", "hf:owner/repository"),
        ("hf:nothing", "hf:"), ("pip:nothing", "pip:"), ("ftp://host/x.gguf", "no file"),
        ("owner/repository", "hf:owner/repository"),
    ])
    func `what looks like a model, a path or a source is no prompt`(
        word: String, hint: String
    ) throws {
        for words in [[word], [word, "Once upon a time"]] {
            if words.count == 2, hint.contains("demo") { continue }
            let run = try QuireProcess.run(["run"] + words)
            #expect(run.status == 1 && !run.signalled && run.stdout.isEmpty)
            #expect(run.stderr.contains(hint), "\(run.stderr)")
            #expect(!run.stderr.contains("built-in demo model"), "\(run.stderr)")
        }
    }

    @Test func `a source is pulled and run, and the second time it is here`() throws {
        let home = try ScratchFolder()
        defer { home.remove() }
        let environment = ["QUIRE_HOME": home.url.path, "PATH": home.url.path + ":/usr/bin:/bin"]
        try FakePython.install(in: home)
        let words = [
            "run", "pip:tiny==1.0", "Once upon a time", "--temperature", "0", "--max-tokens", "9",
        ]
        let first = try QuireProcess.run(words, environment: environment)
        #expect(first.succeeded, "\(first.stderr)")
        #expect(first.stderr.contains("Pulling pip:tiny==1.0"), "\(first.stderr)")
        let second = try QuireProcess.run(words, environment: environment)
        #expect(second.succeeded && second.stdout == first.stdout, "\(second.stderr)")
        #expect(second.stderr.contains("tiny") && !second.stderr.contains("Pulling"))
        let demo = try QuireProcess.run(
            ["run", "demo", "Once upon a time", "--temperature", "0", "--max-tokens", "9"])
        #expect(demo.stdout == first.stdout)
    }

    @Test func `an interrupt ends the answer cleanly`() throws {
        let run = try QuireProcess.run(
            ["run", "Once upon a time", "--max-tokens", "450"], interrupted: true)
        #expect(!run.signalled, "\(run.stderr)")
        #expect(run.status == 0 || run.status == 130, "\(run.stderr)")
        #expect(!run.stdout.isEmpty)
    }

    @Test func `a reader that goes away is no crash`() throws {
        let outcome = try QuireProcess.shell(
            """
            ("$QUIRE" run "Once upon a time" --max-tokens 200; echo "status $?" >&2) | head -c 1
            """)
        #expect(outcome.stdout.utf8.count == 1)
        let said = outcome.stderr.split(separator: "\n").last.map(String.init) ?? ""
        // 141 is how a shell reports a broken pipe, the quiet end of every filter.
        #expect(["status 0", "status 1", "status 141"].contains(said), "\(outcome.stderr)")
        #expect(!outcome.stderr.contains("Fatal error"))
    }

    @Test func `a reader that goes away is no crash where broken pipes are ignored`() throws {
        let outcome = try QuireProcess.shell(
            """
            trap '' PIPE
            ("$QUIRE" run "Once upon a time" --max-tokens 400; echo "status $?" >&2) | head -c 1
            """)
        #expect(outcome.stdout.utf8.count == 1)
        #expect(!outcome.stderr.contains("Fatal error"), "\(outcome.stderr)")
        let said = outcome.stderr.split(separator: "\n").last.map(String.init) ?? ""
        #expect(["status 0", "status 1"].contains(said), "\(outcome.stderr)")
    }

    @Test(.enabled(if: FileManager.default.fileExists(atPath: "/dev/full")))
    func `a full disk under stdout is told and is no crash`() throws {
        let outcome = try QuireProcess.shell(
            """
            "$QUIRE" generate --model "$MODEL" --prompt One --format json > /dev/full
            echo "status $?"
            """)
        #expect(outcome.stdout == "status 1\n", "\(outcome.stderr)")
        #expect(outcome.stderr.contains("stdout"), "\(outcome.stderr)")
    }

    @Test func `stdin that is no terminal is the prompt`() throws {
        let run = try QuireProcess.run(
            ["run", "--temperature", "0", "--max-tokens", "12"], input: "Once upon a time\n")
        #expect(run.succeeded, "\(run.stderr)")
        #expect(run.stdout.count > 10)
    }

    @Test func `a prompt and stdin are one prompt with a blank line between them`() throws {
        let options = ["--temperature", "0", "--max-tokens", "12"]
        let model = QuireProcess.demoModel.path
        let joined = try QuireProcess.run(
            ["run", model, "Once upon a time"] + options, input: "The moon was\n")
        #expect(joined.succeeded, "\(joined.stderr)")
        let typed = try QuireProcess.run(
            ["run", model, "Once upon a time\n\nThe moon was"] + options)
        #expect(joined.stdout == typed.stdout)
        let alone = try QuireProcess.run(["run", model, "Once upon a time"] + options)
        #expect(joined.stdout != alone.stdout)
        let demo = try QuireProcess.run(
            ["run", "Once upon a time"] + options, input: "The moon was\n")
        #expect(demo.stdout == joined.stdout)
    }

    @Test func `a prompt needs no stdin`() throws {
        let options = "--temperature 0 --max-tokens 12"
        let closed = try QuireProcess.shell(
            "\"$QUIRE\" run \"$MODEL\" 'Once upon a time' \(options) <&-")
        #expect(closed.succeeded, "\(closed.stderr)")
        let none = try QuireProcess.shell(
            "\"$QUIRE\" run \"$MODEL\" 'Once upon a time' \(options) < /dev/null")
        #expect(closed.stdout == none.stdout && none.stdout.count > 10)
    }

    @Test func `no prompt is an error that says where it may stand, for every model`() throws {
        for words in [["run"], ["run", "demo"], ["run", QuireProcess.demoModel.path, ""]] {
            let run = try QuireProcess.run(words, input: "")
            #expect(!run.signalled && run.status == 1 && run.stdout.isEmpty)
            #expect(run.stderr.contains("There is no prompt: give it as"), "\(run.stderr)")
        }
    }

    @Test func `two words without quotes are told to be put in quotes`() throws {
        let run = try QuireProcess.run(["run", "Zebras", "sleep"])
        #expect(!run.succeeded)
        #expect(run.stderr.contains("'Zebras sleep', put it in quotes"), "\(run.stderr)")
    }
}
