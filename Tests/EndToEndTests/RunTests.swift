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

    @Test func `nothing is drawn on a stderr that is no terminal`() throws {
        let run = try QuireProcess.run(
            ["run", "Once upon a time", "--temperature", "0", "--max-tokens", "8"])
        #expect(!run.stderr.contains("\u{1B}"))
        #expect(!run.stderr.contains("\r"))
        #expect(!run.stdout.contains("\u{1B}"))
    }

    @Test(arguments: ["gemma-3-270m", "gema-3-270m"])
    func `a word that is nearly a model's name is no prompt`(word: String) throws {
        let run = try QuireProcess.run(["run", word])
        #expect(!run.succeeded && run.stdout.isEmpty)
        #expect(run.stderr.contains("quire pull gemma-3-270m"), "\(run.stderr)")
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

    @Test func `an empty stdin ends at once`() throws {
        let run = try QuireProcess.run(["run"], input: "")
        #expect(!run.signalled, "\(run.stderr)")
    }
}
