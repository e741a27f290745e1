import Foundation
import Testing

/// Output that cannot be written, and streams that are not there.
struct OutputTests {
    static let commands = [
        "--help", "run --help", "generate --help", "bench latency --help", "--version",
        "--generate-completion-script bash", "help pull",
        "tokenize --model \"$MODEL\" --text Hello", "tokenize --model \"$MODEL\" --text A --decode",
        "inspect \"$MODEL\"", "inspect \"$MODEL\" --tensors --format json",
        "list --format json", "pull --list", "pull --list --format json",
        "doctor", "doctor --format json", "perplexity --model \"$MODEL\" --file text",
        "bench tokenizer --model \"$MODEL\" --file text", "bench limits",
        "generate --model \"$MODEL\" --prompt One --max-tokens 2",
        "run \"$MODEL\" One --max-tokens 2",
    ]

    private static let prepare = "seq 400 | sed 's,.*,Once upon a time,' > text; "

    @Test(.enabled(if: FileManager.default.fileExists(atPath: "/dev/full")), arguments: commands)
    func `output that cannot be written is told and is a failure`(command: String) throws {
        let command = command.replacing("--text A --decode", with: "--text 1 --decode")
        let outcome = try QuireProcess.shell(
            Self.prepare + "\"$QUIRE\" \(command) > /dev/full; echo \"status $?\"")
        #expect(outcome.stdout == "status 1\n", "\(outcome.stderr)")
        let said = outcome.stderr.split(separator: "\n").filter { $0.hasPrefix("error:") }
        #expect(said.count == 1, "\(outcome.stderr)")
        #expect(said.first?.contains("stdout cannot be written") == true, "\(outcome.stderr)")
    }

    @Test(arguments: ["--help", "list --format json", "tokenize --model \"$MODEL\" --text Hello"])
    func `output to a closed stdout is told and is a failure`(command: String) throws {
        let outcome = try QuireProcess.shell("\"$QUIRE\" \(command) >&-; echo \"status $?\"")
        #expect(outcome.stdout == "status 1\n", "\(outcome.stderr)")
        #expect(outcome.stderr.contains("stdout"), "\(outcome.stderr)")
    }

    @Test func `what is meant for a closed stream lands in no file`() throws {
        let outcome = try QuireProcess.shell(
            """
            echo '{"custom_id": "a", "method": "POST", "url": "/v1/completions", \
            "body": {"prompt": "One", "max_tokens": 2, "seed": 1}}' > in
            "$QUIRE" batch --model "$MODEL" --input in --output with 2>/dev/null
            "$QUIRE" batch --model "$MODEL" --input in --output without <&- >&- 2>&-
            echo "status $?"
            wc -l < without
            head -c 9 without
            """)
        #expect(outcome.stdout == "status 0\n1\n{\"id\":\"ba", "\(outcome.stderr)")
    }

    @Test(arguments: ["run", "tokenize --model \"$MODEL\""])
    func `a closed stdin is told in words`(command: String) throws {
        let outcome = try QuireProcess.shell("\"$QUIRE\" \(command) <&-; echo \"status $?\"")
        #expect(outcome.stdout == "status 1\n", "\(outcome.stderr)")
        #expect(outcome.stderr.contains("stdin cannot be read: it is closed"), "\(outcome.stderr)")
        #expect(!outcome.stderr.contains("Domain"), "\(outcome.stderr)")
    }

    @Test(arguments: ["tokenize", "inspect", "list", "--help"])
    func `a reader that goes away ends a command quietly`(command: String) throws {
        let rest =
            switch command {
            case "tokenize": "--model \"$MODEL\" < text"
            case "inspect": "\"$MODEL\" --tensors"
            default: ""
            }
        let outcome = try QuireProcess.shell(
            Self.prepare + "trap '' PIPE; \"$QUIRE\" \(command) \(rest) | :")
        #expect(outcome.stderr.isEmpty || command == "list", "\(outcome.stderr)")
    }
}
