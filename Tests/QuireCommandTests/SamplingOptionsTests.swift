import ArgumentParser
import Conversation
import Foundation
import QuireEngine
import QuireJSON
import Testing

@testable import quire

/// How tokens are chosen, by option and by default.
struct SamplingOptionsTests {
    private func seed(ofRequest text: String) throws -> UInt64? {
        let body = try JSONValue(parsing: Array("{\"prompt\": \"a\", \"seed\": \(text)}".utf8))
        return try CompletionRequest(body).parameters.seed
    }

    @Test(arguments: ["0", "1", "-1", "-2", "9223372036854775807", "-9223372036854775808"])
    func `a seed means the same on the command line and in a request`(text: String) throws {
        let option = try #require(Seed(argument: text))
        #expect(option.value == (try seed(ofRequest: text)))
        let command = try #require(
            try Quire.parseAsRoot(["run", "a b", "--seed", text]) as? RunCommand)
        #expect(command.sampling.seed == option)
    }

    @Test func `minus one asks for a new seed, and every number of 64 bits is one`() {
        #expect(Seed(argument: "-1") == Seed(-1) && Seed(-1).value == nil)
        #expect(Seed(argument: "18446744073709551615")?.value == .max)
        for text in ["", "x", "1.5", "18446744073709551616", "-9223372036854775809"] {
            #expect(Seed(argument: text) == nil, "\(text)")
        }
    }

    @Test func `options stand over the defaults of their command`() throws {
        let none = try SamplingOptions.parse([])
        let run = SamplingParameters(none, over: .run, maxTokens: 3)
        #expect(run.temperature == 0.7 && run.minP == 0.05 && run.seed == nil)
        let given = try SamplingOptions.parse([
            "--temperature", "0.5", "--min-p", "0", "--top-k", "5", "--seed", "9", "--stop", "x",
        ])
        let parameters = SamplingParameters(given, over: .run, maxTokens: 3)
        #expect(parameters.temperature == 0.5 && parameters.minP == 0 && parameters.topK == 5)
        #expect(parameters.seed == 9 && parameters.stop == ["x"] && parameters.maxTokens == 3)
    }

    @Test(arguments: [
        (["--temperature", "-1"], "--temperature is -1; it must be between 0 and 2."),
        (["--temperature", "2.5"], "--temperature is 2.5; it must be between 0 and 2."),
        (["--top-k", "-2"], "--top-k is -2; it must be"), (["--top-p", "0"], "--top-p is 0; it"),
        (["--min-p", "1.5"], "--min-p is 1.5; it"),
        (["--max-tokens=-5"], "--max-tokens is -5; it must be at least"),
    ])
    func `a value out of its range is refused by the name of its option`(
        words: [String], message: String
    ) {
        #expect {
            _ = try Quire.parseAsRoot(["run", "a b"] + words)
        } throws: { error in
            Quire.message(for: error).contains(message)
        }
    }

    @Test func `the help tells the default values that the commands use`() {
        let help = RunCommand.helpMessage(columns: 400)
        for value in [\SamplingDefaults.temperature, \.minP] {
            let run = SamplingDefaults.run[keyPath: value]
            let generate = SamplingDefaults.generate[keyPath: value]
            #expect(help.contains("(default: \(run); quire generate: \(Int(generate)))"), "\(help)")
            #expect(generate == generate.rounded())
        }
        #expect(!help.contains("see above"))
    }

    @Test func `the table of default values is the one that the commands use`() throws {
        let root = URL(filePath: #filePath).deletingLastPathComponent()
            .deletingLastPathComponent().deletingLastPathComponent()
        let text = try String(
            contentsOf: root.appending(path: "Documentation/environment.md"), encoding: .utf8)
        func row(
            _ option: String, library: String, _ value: (SamplingDefaults) -> String
        ) -> String {
            let all = [SamplingDefaults.run, .generate, .batch].map { value($0) } + [library]
            return "| \(option) | \(all.joined(separator: " | ")) |"
        }
        func short(_ number: Double) -> String {
            number == number.rounded() ? "\(Int(number))" : "\(number)"
        }
        let library = SamplingParameters()
        for row in [
            row("`--temperature`, `temperature`", library: short(library.temperature)) {
                short($0.temperature)
            },
            row("`--min-p`, `min_p`", library: short(library.minP)) { short($0.minP) },
            row(
                "`--max-tokens`, `max_tokens`",
                library: library.maxTokens.map(\.description) ?? "no limit"
            ) { "\($0.maxTokens)" },
        ] {
            #expect(text.contains(row), "\(row)")
        }
        let body = try CompletionRequest(JSONValue(parsing: Array("{\"prompt\": \"a\"}".utf8)))
        #expect(body.parameters.temperature == SamplingDefaults.batch.temperature)
        #expect(body.parameters.maxTokens == SamplingDefaults.batch.maxTokens)
        #expect(body.parameters.minP == SamplingDefaults.batch.minP)
    }
}
