import Foundation
import Testing

/// The engine against an independent f32 computation with the same weights: the tolerances leave
/// room for int8 activations and for nothing else.
struct DemoReferenceTests {
    private static let prompts = (try? DemoReference.load().prompts) ?? []

    private func generate(_ text: String, tokens: Int, logprobs: Int) throws -> [String: Any] {
        let run = try QuireProcess.run([
            "generate", "--model", QuireProcess.demoModel.path, "--format", "json", "--prompt",
            text, "--max-tokens", "\(tokens)", "--temperature", "0", "--ignore-eos", "--logprobs",
            "\(logprobs)",
        ])
        #expect(run.succeeded, "\(run.stderr)")
        return try #require(try run.jsonLines().first)
    }

    @Test func `there are references`() {
        #expect(Self.prompts.count >= 6)
    }

    @Test(arguments: prompts)
    func `prompt ids, first distribution and greedy tokens agree`(
        reference: DemoReference.Prompt
    ) throws {
        let answer = try generate(reference.text, tokens: reference.greedy.count, logprobs: 20)
        #expect(answer["prompt_tokens"] as? [Int] == reference.inputIDs)

        let entries = try #require(answer["logprobs"] as? [[String: Any]])
        let top = try #require(entries.first?["top"] as? [[Double]])
        let found = Dictionary(uniqueKeysWithValues: top.map { (Int($0[0]), $0[1]) })
        let differences = reference.top10.compactMap { candidate in
            found[candidate.id].map { abs($0 - candidate.logProbability) }
        }
        #expect(differences.count >= 9)
        #expect(differences.reduce(0, +) / Double(differences.count) <= 0.10)
        #expect((differences.max() ?? 1) <= 0.40)
        if reference.margin >= 0.15 {
            #expect(top.first.map { Int($0[0]) } == reference.top10[0].id)
        }

        let tokens = try #require(answer["tokens"] as? [Int])
        let certain = reference.greedy(upToMargin: 0.25)
        #expect(Array(tokens.prefix(certain.count)) == Array(certain))
    }

    @Test func `perplexity of unseen stories agrees within one percent`() throws {
        let reference = try DemoReference.load().perplexity
        let scratch = try ScratchFolder()
        defer { scratch.remove() }
        let file = try scratch.write("stories.txt", reference.text)
        let run = try QuireProcess.run([
            "perplexity", "--model", QuireProcess.demoModel.path, "--file", file.path,
            "--context", "\(reference.context)", "--format", "json",
        ])
        #expect(run.succeeded, "\(run.stderr)")
        let result = try #require(try run.jsonLines().first)
        #expect(Set(result.keys) == ["perplexity", "tokens"])
        #expect(result["tokens"] as? Int == reference.tokens)
        let perplexity = try #require(result["perplexity"] as? Double)
        #expect(abs(perplexity / reference.perplexity - 1) <= 0.01)
    }
}
