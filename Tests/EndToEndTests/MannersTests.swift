import Foundation
import Testing

/// How the command speaks: one spelling of errors, one of keys, and nothing that works in secret.
struct MannersTests {
    @Test(arguments: [
        ["rnu"], ["server", "--help"], ["run", "--hlep"], ["list", "--format", "yaml"],
        ["inspect", "no-such-model"], ["run", "a b", "--max-tokens", "-1"], ["rm"],
        ["generate", "--prompt", "a", "--threads", "0"], ["rm", "../x"],
    ])
    func `every error begins with the same word`(words: [String]) throws {
        let run = try QuireProcess.run(words)
        #expect(!run.signalled && run.status != 0 && run.stdout.isEmpty)
        #expect(run.stderr.hasPrefix("error: "), "\(run.stderr)")
        #expect(!run.stderr.contains("Error:"), "\(run.stderr)")
    }

    @Test func `a word that is no command ends with the code of a wrong command line`() throws {
        let run = try QuireProcess.run(["rnu"])
        #expect(run.status == 64)
        #expect(run.stderr.contains("Did you mean quire run"), "\(run.stderr)")
        let help = try QuireProcess.run(["run", "--hlep"])
        #expect(help.status == 64)
        #expect(help.stderr.contains("Did you mean '--help'?"), "\(help.stderr)")
    }

    @Test(arguments: [
        ["list"], ["doctor"], ["run", "a b"], ["pull", "--list"], ["bench", "limits"],
        ["tokenize", "--model", "demo", "--text", "a"],
    ])
    func `a level of kernels that is none is refused by every command`(words: [String]) throws {
        let run = try QuireProcess.run(words, environment: ["QUIRE_ISA": "foo"])
        #expect(run.status == 1 && !run.signalled && run.stdout.isEmpty)
        #expect(run.stderr.contains("QUIRE_ISA is 'foo'"), "\(run.stderr)")
        #expect(run.stderr.contains("scalar, neon, avx2, avx512"), "\(run.stderr)")
    }

    @Test func `a level of kernels that the machine lacks is refused, and help is not`() throws {
        #if arch(arm64)
            let lacking = "avx2"
        #else
            let lacking = "neon"
        #endif
        let run = try QuireProcess.run(["list"], environment: ["QUIRE_ISA": lacking])
        #expect(run.status == 1 && run.stderr.contains("QUIRE_ISA is \(lacking), which"))
        let help = try QuireProcess.run(["list", "--help"], environment: ["QUIRE_ISA": "foo"])
        #expect(help.succeeded, "\(help.stderr)")
    }

    @Test(arguments: [["run"], ["generate"], ["batch"], ["perplexity"], ["bench", "latency"]])
    func `help names every option that works`(command: [String]) throws {
        let help = try QuireProcess.run(command + ["--help"])
        let all = try QuireProcess.run(command + ["--help-hidden"])
        #expect(help.succeeded && help.stdout == all.stdout)
        #expect(help.stdout.contains("--block-size"), "\(help.stdout)")
    }

    @Test func `an option that would do nothing is refused`() throws {
        let run = try QuireProcess.run(["run", "a b", "--batch", "4"])
        #expect(run.status == 64 && run.stderr.contains("--batch"), "\(run.stderr)")
    }

    @Test(arguments: [
        ["run", "Once upon", "--max-tokens", "2"], ["generate", "--prompt", "a"],
    ])
    func `minus one is a seed of every command that has one`(words: [String]) throws {
        let run = try QuireProcess.run(words + ["--seed", "-1", "--max-tokens", "2"])
        #expect(run.succeeded, "\(run.stderr)")
    }

    private static let jsonCommands: [[String]] = [
        ["doctor"], ["list"], ["inspect", "demo", "--tensors"], ["pull", "--list"],
        ["tokenize", "--model", "demo", "--text", "a"],
        ["tokenize", "--model", "demo", "--decode", "--text", "5"],
        ["generate", "--prompt", "a", "--max-tokens", "1", "--logprobs", "1"],
        ["bench", "limits", "--milliseconds", "1", "--threads", "1"],
        [
            "bench", "attention", "--tokens", "16", "--milliseconds", "1", "--threads", "1",
        ],
        [
            "bench", "latency", "--prompt-length", "4", "--output-length", "2", "--repetitions",
            "1", "--warm-up", "0",
        ],
        [
            "bench", "shared-prefix", "--requests", "1", "--prefix", "4", "--tail", "1",
            "--answer", "1", "--repetitions", "1",
        ],
    ]

    @Test(arguments: jsonCommands)
    func `every key of JSON is written in snake case`(words: [String]) throws {
        let run = try QuireProcess.run(words + ["--format", "json"])
        #expect(run.succeeded, "\(run.stderr)")
        var keys: Set<String> = []
        for text in Self.values(run.stdout) {
            Self.collect(
                try JSONSerialization.jsonObject(with: Data(text.utf8), options: .fragmentsAllowed),
                into: &keys)
        }
        #expect(words == ["list"] || !keys.isEmpty)
        let others = keys.filter { $0.wholeMatch(of: /[a-z][a-z0-9]*(_[a-z0-9]+)*/) == nil }
        #expect(others.isEmpty, "\(others.sorted())")
    }

    /// One value over several lines, or one a line.
    private static func values(_ text: String) -> [String] {
        let lines = text.split(separator: "\n").map(String.init)
        return lines.allSatisfy { $0.hasPrefix("{") && $0.hasSuffix("}") } ? lines : [text]
    }

    private static func collect(_ value: Any, into keys: inout Set<String>) {
        if let object = value as? [String: Any] {
            for (key, value) in object {
                keys.insert(key)
                // The names of a file's metadata are the file's own.
                if key != "metadata" { collect(value, into: &keys) }
            }
        } else if let elements = value as? [Any] {
            for element in elements { collect(element, into: &keys) }
        }
    }
}
