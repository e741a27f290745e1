import Foundation
import Testing

/// `quire generate`: what programs call.
struct GenerateTests {
    private static let keys: Set = [
        "index", "prompt_tokens", "tokens", "text", "finish_reason", "usage", "timings",
    ]

    private func generate(_ arguments: String...) throws -> QuireProcess.Outcome {
        try QuireProcess.run(
            ["generate", "--model", QuireProcess.demoModel.path, "--format", "json"] + arguments)
    }

    private func integers(_ value: Any?) throws -> [Int] { try #require(value as? [Int]) }

    @Test func `an answer in JSON has the promised fields and stdout has nothing else`() throws {
        let run = try generate(
            "--prompt", "Once upon a time", "--max-tokens", "9", "--temperature", "0")
        #expect(run.succeeded, "\(run.stderr)")
        let lines = try run.jsonLines()
        let answer = try #require(lines.first)
        #expect(lines.count == 1)
        #expect(Set(answer.keys) == Self.keys)
        let tokens = try integers(answer["tokens"])
        #expect(tokens.count == 9)
        #expect(answer["finish_reason"] as? String == "length")
        #expect((answer["text"] as? String)?.isEmpty == false)
        let usage = try #require(answer["usage"] as? [String: Int])
        #expect(usage["prompt_tokens"] == (try integers(answer["prompt_tokens"])).count)
        #expect(usage["completion_tokens"] == tokens.count)
        #expect(
            usage["total_tokens"] == usage.filter { $0.key != "total_tokens" }.values.reduce(0, +))
        let timings = try #require(answer["timings"] as? [String: Double])
        #expect(Set(timings.keys) == ["load_s", "prefill_s", "decode_s"])
        #expect(timings.values.allSatisfy { $0 >= 0 })
    }

    @Test func `raw ids are fed exactly as they are`() throws {
        let first = try DemoReference.load().prompts[0]
        let ids = first.inputIDs.map(String.init).joined(separator: ",")
        let raw = try generate("--raw-ids", ids, "--max-tokens", "12", "--temperature", "0")
        let text = try generate("--prompt", first.text, "--max-tokens", "12", "--temperature", "0")
        let rawAnswer = try #require(try raw.jsonLines().first)
        let textAnswer = try #require(try text.jsonLines().first)
        #expect(try integers(rawAnswer["prompt_tokens"]) == first.inputIDs)
        #expect(try integers(rawAnswer["tokens"]) == integers(textAnswer["tokens"]))

        let bare = try generate("--raw-ids", "983", "--max-tokens", "1", "--temperature", "0")
        #expect(try integers(bare.jsonLines().first?["prompt_tokens"]) == [983])
    }

    @Test func `log-probabilities come one entry a token, the likeliest first`() throws {
        let run = try generate(
            "--prompt", "Once upon a time", "--max-tokens", "6", "--temperature", "0",
            "--logprobs", "3")
        let answer = try #require(try run.jsonLines().first)
        #expect(Set(answer.keys) == Self.keys.union(["logprobs"]))
        let entries = try #require(answer["logprobs"] as? [[String: Any]])
        #expect(entries.count == 6)
        for (entry, token) in zip(entries, try integers(answer["tokens"])) {
            #expect(Set(entry.keys) == ["token", "logprob", "top"])
            #expect(entry["token"] as? Int == token)
            let own = try #require(entry["logprob"] as? Double)
            let top = try #require(entry["top"] as? [[Double]])
            #expect(top.count == 3)
            #expect(top.map { $0[1] } == top.map { $0[1] }.sorted(by: >))
            #expect(top[0] == [Double(token), own])
            #expect(own <= 0)
        }
    }

    @Test func `a seed draws the same answer again, another seed another one`() throws {
        let arguments = [
            "--prompt", "Once upon a time", "--max-tokens", "40", "--temperature", "1",
        ]
        func tokens(seed: String) throws -> [Int] {
            let run = try QuireProcess.run(
                ["generate", "--model", QuireProcess.demoModel.path, "--format", "json"]
                    + arguments + ["--seed", seed])
            return try integers(run.jsonLines().first?["tokens"])
        }
        let first = try tokens(seed: "1")
        #expect(try tokens(seed: "1") == first)
        #expect(try tokens(seed: "2") != first)
    }

    @Test func `a story ends by itself, and goes on when the end is to be ignored`() throws {
        let ended = try generate(
            "--prompt", "Once upon a time", "--max-tokens", "480", "--temperature", "0")
        let answer = try #require(try ended.jsonLines().first)
        #expect(answer["finish_reason"] as? String == "stop")
        let count = try integers(answer["tokens"]).count
        #expect(count < 480)

        let longer = try generate(
            "--prompt", "Once upon a time", "--max-tokens", "\(count + 5)", "--temperature", "0",
            "--ignore-eos")
        let more = try #require(try longer.jsonLines().first)
        #expect(more["finish_reason"] as? String == "length")
        #expect(try integers(more["tokens"]).count == count + 5)
    }

    @Test func `a file of prompts gives an answer a line, in the file's order`() throws {
        let scratch = try ScratchFolder()
        defer { scratch.remove() }
        let prompts = try scratch.write(
            "prompts.jsonl",
            """
            {"prompt": "Once upon a time"}
            {"prompt": "The moon"}

            """)
        let run = try generate(
            "--prompts", prompts.path, "--max-tokens", "7", "--temperature", "0")
        #expect(run.succeeded, "\(run.stderr)")
        let answers = try run.jsonLines()
        #expect(answers.count == 2)
        for (answer, text) in zip(answers, ["Once upon a time", "The moon"]) {
            let alone = try generate(
                "--prompt", text, "--max-tokens", "7", "--temperature", "0")
            #expect(
                try integers(answer["tokens"]) == integers(alone.jsonLines().first?["tokens"]))
        }
    }

    @Test func `rows carry the index and the id of their prompt, whatever characters it has`()
        throws
    {
        let scratch = try ScratchFolder()
        defer { scratch.remove() }
        let prompts = try scratch.write(
            "prompts.jsonl",
            "{\"prompt\": \"The\u{2028}sun\", \"id\": \"a\"}\r\n\n"
                + "{\"prompt\": \"x\", \"max_tokens\": 3}\n\"The\u{85}moon\"\n"
                + "{\"id\": 7, \"prompt\": \"The\u{B}star\"}\n{\"id\": 8, \"prompt\": \"a\"}")
        let run = try generate("--prompts", prompts.path, "--max-tokens", "1")
        #expect(run.status == 1 && !run.signalled)
        // A vertical tab must be escaped in JSON; its line is one line all the same.
        let errors = run.stderr.split(separator: "\n").filter { $0.hasPrefix("error:") }
        #expect(errors.count == 2, "\(run.stderr)")
        #expect(errors.first?.contains("prompts.jsonl:3: ") == true, "\(run.stderr)")
        #expect(errors.first?.contains("max_tokens") == true, "\(run.stderr)")
        #expect(errors.last?.contains("prompts.jsonl:5: ") == true, "\(run.stderr)")
        let rows = try run.jsonLines()
        #expect(rows.map { $0["index"] as? Int } == [0, 2, 4])
        #expect(rows.map { $0["id"] as? String } == ["a", nil, nil])
        #expect(rows.map { $0["id"] as? Int } == [nil, nil, 8])
    }

    @Test func `a bad line in a file of prompts is named by its number`() throws {
        let scratch = try ScratchFolder()
        defer { scratch.remove() }
        let prompts = try scratch.write(
            "prompts.jsonl", "{\"prompt\": \"Once\"}\n{\"prompt\": 7\n{\"prompt\": \"The\"}\n")
        let run = try generate("--prompts", prompts.path, "--max-tokens", "4")
        #expect(!run.succeeded)
        #expect(!run.signalled)
        #expect(run.stderr.contains("2"), "\(run.stderr)")
        _ = try run.jsonLines()
    }

    @Test func `an answer as text is the text`() throws {
        let text = try QuireProcess.run([
            "generate", "--model", QuireProcess.demoModel.path, "--prompt", "Once upon a time",
            "--max-tokens", "20", "--temperature", "0",
        ])
        let json = try generate(
            "--prompt", "Once upon a time", "--max-tokens", "20", "--temperature", "0")
        let answer = try #require(try json.jsonLines().first?["text"] as? String)
        #expect(text.stdout.contains(answer))
    }
}
