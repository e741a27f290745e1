import ArgumentParser
import Foundation
import Planning
import Reporting
import TestSupport
import Testing

@testable import quire

/// `quire plan`, from words to lines.
struct PlanCommandTests {
    private func plan(_ words: String...) throws -> PlanReport {
        try plan(words)
    }

    private func plan(_ words: [String]) throws -> PlanReport {
        let command = try Quire.parseAsRoot(["plan"] + words)
        return try PlanModel.report(of: try #require(command as? PlanModelCommand))
    }

    /// What a person is told; nil: it is not refused.
    private func refusal(_ words: String) -> String? {
        do {
            _ = try plan(words.split(separator: " ").map(String.init))
            return nil
        } catch {
            return Quire.message(for: error)
        }
    }

    /// The object of `--format json`.
    private func json(_ words: String...) throws -> [String: Any] {
        let text = try JSONText.pretty(try plan(words), keys: .convertToSnakeCase)
        let object = try JSONSerialization.jsonObject(with: Data(text.utf8))
        return try #require(object as? [String: Any])
    }

    @Test func `the lesson's case comes out exactly`() throws {
        let object = try json(
            "llama-2-13b", "--memory", "50GB", "--context", "2048", "--lengths", "800",
            "--weights", "f16")
        let keyValues = try #require(object["key_values"] as? [String: Any])
        #expect(keyValues["bytes_per_token"] as? Int == 819_200)
        #expect(keyValues["bytes_per_sequence"] as? Int == 1_677_721_600)
        let model = try #require(object["model"] as? [String: Any])
        #expect(model["weight_bytes"] as? Int == 26_031_728_640)
        #expect(object["context"] as? Int == 2048)
    }

    @Test func `keys and values alone are planned by three numbers`() throws {
        let report = try plan(
            "--layers", "40", "--heads", "40", "--head-dim", "128", "--context", "2048",
            "--memory", "50GB", "--lengths", "800")
        #expect(report.plan.fit?.reserved == 29)
        #expect(report.plan.fit?.paged == 76)
        #expect(report.lines.contains { $0.contains("--params") })
    }

    @Test func `the numbers of a model give the model`() throws {
        let byName = try plan("llama-3.1-8b", "--device", "h100", "--context", "4096")
        let byNumbers = try plan(
            "--layers", "32", "--heads", "32", "--kv-heads", "8", "--hidden", "4096", "--ffn",
            "14336", "--vocab", "128256", "--device", "h100", "--context", "4096")
        #expect(byNumbers.plan.fit == byName.plan.fit)
        #expect(byNumbers.plan.speed == byName.plan.speed)
        #expect(byNumbers.plan.swap == byName.plan.swap)
    }

    @Test func `windows, latents and experts are told by numbers`() throws {
        let window = try plan(
            "--layers", "6", "--heads", "4", "--head-dim", "8", "--window", "100",
            "--global-every", "3", "--context", "1000", "--chunk", "1")
        #expect(window.plan.keyValues.bytesPerSequence == (2 * 1000 + 4 * 100) * 2 * 4 * 8 * 2)
        let latent = try plan(
            "--layers", "61", "--kv-lora-rank", "512", "--rope-dim", "64", "--context", "10")
        #expect(latent.plan.keyValues.bytesPerToken == 70_272)
        let experts = try plan(
            "--layers", "32", "--heads", "32", "--kv-heads", "8", "--hidden", "4096", "--ffn",
            "14336", "--vocab", "32000", "--experts", "8", "--experts-used", "2", "--context",
            "10")
        #expect(experts.plan.request.weights?.parameters == 46_702_792_704)
    }

    @Test func `the context is always said, and whose it is`() throws {
        #expect(try plan("opt-13b").assumptions.contains("2,048 tokens (the model's own"))
        #expect(
            try plan("opt-13b", "--context", "1000").assumptions.contains(
                "1,000 tokens (as asked for)"))
    }

    @Test func `a context that the memory cuts is not called the model's own`() throws {
        let words = ["plan", "opt-13b"]
        let command = try #require(try Quire.parseAsRoot(words) as? PlanModelCommand)
        var request = try PlanModel.report(of: command).plan.request
        request.context = 1000
        let report = PlanReport(try ServingPlan(request), command: command)
        #expect(
            report.assumptions.contains(
                "1,000 tokens (what the memory here holds; the model's own is 2,048; --context"))
    }

    @Test func `without query heads no kind of attention is said`() throws {
        let words = ["--layers", "32", "--kv-heads", "8", "--head-dim", "128", "--context", "8192"]
        let head = try plan(words).lines[0]
        #expect(head.contains("8 key/value heads of 128; --heads is not given"))
        #expect(!head.contains("MHA"))
        // Nothing is known to take memory but keys and values: a table of no rows says nothing.
        #expect(try !plan(words).lines.contains { $0.hasPrefix("MEMORY") })
        let known = try plan(words + ["--heads", "32"]).lines[0]
        #expect(known.contains("32 heads of 128 on 8 key/value heads (GQA)"))
        let latent = try plan(
            "--layers", "61", "--kv-lora-rank", "512", "--rope-dim", "64", "--context", "10")
        #expect(latent.lines[0].contains("a latent vector of 512 + 64 (MLA); --heads is not given"))
        #expect(latent.plan.notes.contains { $0.contains("128 elements a head") })
    }

    @Test func `a model that is here has one batch in the whole report`() throws {
        #expect(try plan("demo").plan.request.stepOutputs == 32)
        #expect(try plan("demo", "--batch", "3").plan.request.stepOutputs == 3)
    }

    @Test(arguments: [
        ("", "Name a model"), ("lama-2-7b", "Did you mean llama-2-7b"),
        ("exercizes", "exercises"), ("opt-13b --device h10", "Did you mean"),
        ("opt-13b --layers 3", "--layers"), ("--layers 3", "--heads"),
        ("--layers 3 --heads 4 --head-dim 8", "--context"),
        ("--layers 3 --heads 6 --kv-heads 4 --head-dim 8 --context 9", "no multiple"),
        ("--layers 3 --heads 7 --hidden 64 --context 9", "--head-dim"),
        ("--layers 3 --kv-lora-rank 8 --context 9", "--rope-dim"),
        ("--layers 3 --kv-lora-rank 8 --rope-dim 2 --kv-heads 2 --context 9", "--kv-heads"),
        ("--layers 3 --experts 8 --heads 1 --head-dim 8 --context 9", "--experts-used"),
        ("--layers 3 --experts 8 --experts-used 9 --heads 1 --context 9", "from 1 to"),
        ("--layers 0 --heads 1 --head-dim 8 --context 9", "--layers is 0"),
        ("--layers 3 --global-every 2 --heads 1 --context 9", "--window"),
        ("opt-13b --devices 2", "--devices needs a machine"),
        ("opt-13b --price-per-hour 3", "--price-per-hour needs a machine"),
        ("opt-13b --device h100 --devices 0", "--devices is 0"),
        ("opt-13b --device h100 --tensor-parallel 2", "tensor parallelism"),
        ("opt-13b --device h100 --tensor-parallel-size 2", "tensor parallelism"),
        ("opt-13b --tokens-per-second 3", "--price-per-hour"),
        ("opt-13b --context 0", "--context is 0"), ("opt-13b --lengths 4000", "raise --context"),
        ("opt-13b --lengths mean:4000", "raise --context"),
        ("opt-13b --lengths 2000+100", "raise --context"), ("opt-13b --lengths nofile", "trace"),
        ("opt-13b --device h100 --memory 0GB", "--memory"),
    ])
    func `what does not go together is refused by name`(words: String, part: String) throws {
        let message = try #require(refusal(words), "\(words) is taken")
        #expect(message.contains(part), "\(words): \(message)")
    }

    @Test func `lengths come from a trace, and a long one is counted`() throws {
        let folder = try TemporaryFolder()
        let path = folder.path + "/lengths.csv"
        try Data("100,10\n10,90\n".utf8).write(to: URL(fileURLWithPath: path))
        let report = try plan("opt-13b", "--device", "h100", "--lengths", path)
        // 10 steps of 100 to 109 tokens, and 90 of 10 to 99.
        let tokens = (100..<110).reduce(0, +) + (10..<100).reduce(0, +)
        #expect(report.plan.fit?.meanTokens == Double(tokens) / 100)
        let refused = try #require(refusal("opt-13b --context 105 --lengths \(path)"))
        #expect(refused.contains("1 of 2 requests") && refused.contains("--context 110"))
    }

    @Test(arguments: [
        "llama-3.1-8b --device h100 --context 8192 --lengths mean:1200",
        "deepseek-v3 --device h200 --devices 8 --weights fp8", "opt-13b",
        "gemma-2-9b --device l40s --kv-dtype int8 --price-per-hour 1",
        "--layers 32 --kv-heads 8 --head-dim 128 --context 8192",
    ])
    func `text, JSON and page say the same`(words: String) throws {
        let report = try plan(words.split(separator: " ").map(String.init))
        let page = report.page().html()
        let bytes = Sizes.grouped(report.plan.keyValues.bytesPerToken)
        #expect(report.lines.contains { $0.contains("\(bytes) bytes a token") })
        #expect(page.contains("\(bytes) bytes a token"))
        #expect(page.contains("<svg") == (report.plan.fit != nil))
        for note in report.plan.notes {
            #expect(report.lines.contains { $0.contains(note) })
        }
    }

    @Test func `each example of the help is taken`() throws {
        for command in [PlanCommand.self, PlanModelCommand.self, PlanExercisesCommand.self]
            as [any ParsableCommand.Type]
        {
            let examples = command.configuration.discussion.split(separator: "\n").filter {
                $0.trimmingPrefix { $0 == " " }.hasPrefix("quire plan ")
            }
            #expect(examples.count >= 2)
            for example in examples {
                let words = example.split(separator: " ").dropFirst().map(String.init)
                _ = try Quire.parseAsRoot(words)
            }
        }
    }
}

/// `quire plan exercises`.
struct PlanExercisesTests {
    private func command(_ words: String...) throws -> PlanExercisesCommand {
        let command = try Quire.parseAsRoot(["plan", "exercises"] + words)
        return try #require(command as? PlanExercisesCommand)
    }

    @Test func `an exercise is a word of its command`() throws {
        #expect(try command("1A").exercise == "1A")
        #expect(try command().exercise == nil)
        #expect(throws: (any Error).self) { try command("7") }
        #expect(throws: (any Error).self) { try command("6", "--iterations", "0") }
    }
}
