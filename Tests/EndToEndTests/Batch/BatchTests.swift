import Foundation
import Testing

/// `quire batch`: requests in, results out.
struct BatchTests {
    /// S35.
    @Test(arguments: [[], ["", "  ", ""]])
    func `an empty file has an empty output and is no error`(lines: [String]) throws {
        let files = try BatchFiles(lines)
        defer { files.scratch.remove() }
        let run = try files.run()
        #expect(run.succeeded, "\(run.stderr)")
        #expect(try Data(contentsOf: files.output).isEmpty)
    }

    @Test func `a conversation is answered by the chat template that is given`() throws {
        let body = ["messages": [["role": "user", "content": "Once upon a time"]]] as [String: Any]
        let line = try BatchFiles.json([
            "custom_id": "talk", "method": "POST", "url": "/v1/chat/completions",
            "body": body.merging(["max_tokens": 9, "temperature": 0]) { $1 },
        ])
        let files = try BatchFiles([line])
        defer { files.scratch.remove() }
        let run = try files.run("--chat-template", "chatml")
        #expect(run.succeeded, "\(run.stderr)")
        let answer = try BatchAnswer("talk", in: try files.results())
        #expect(answer.status == 200 && answer.body["object"] as? String == "chat.completion")
        let message = try #require(answer.choices[0]["message"] as? [String: Any])
        #expect((message["content"] as? String)?.isEmpty == false)
        let unknown = try files.run("--chat-template", "chatnl")
        #expect(!unknown.succeeded || unknown.stderr.contains("1 of 1"))
    }

    /// S35.
    @Test func `an answer is what generate gives, in the form of the interface`() throws {
        let files = try BatchFiles([
            BatchFiles.line(
                "one",
                ["prompt": "Once upon a time", "max_tokens": 9, "temperature": 0, "model": "any"])
        ])
        defer { files.scratch.remove() }
        let run = try files.run()
        #expect(run.succeeded, "\(run.stderr)")
        #expect(run.stdout.isEmpty)
        let alone = try QuireProcess.run([
            "generate", "--model", QuireProcess.demoModel.path, "--format", "json", "--prompt",
            "Once upon a time", "--max-tokens", "9", "--temperature", "0",
        ])
        let expected = try #require(try alone.jsonLines().first)
        let results = try files.results()
        #expect(results.count == 1)
        #expect(Set(results[0].keys) == ["id", "custom_id", "response", "error"])
        let answer = try BatchAnswer("one", in: results)
        #expect(answer.status == 200)
        #expect(answer.code == nil)
        #expect(answer.texts == [expected["text"] as? String])
        #expect(answer.body["object"] as? String == "text_completion")
        #expect(answer.body["model"] as? String == "demo.gguf")
        #expect(
            Set(answer.choices[0].keys) == [
                "index", "text", "logprobs", "finish_reason", "stop_reason",
            ])
        #expect(answer.choices[0]["finish_reason"] as? String == "length")
        #expect(answer.usage["completion_tokens"] as? Int == 9)
        #expect(
            answer.usage["prompt_tokens"] as? Int
                == (expected["usage"] as? [String: Int])?["prompt_tokens"])
    }

    @Test func `what is wrong with a line is its result, and the others go on`() throws {
        let good: [String: Any] = ["prompt": "Once", "max_tokens": 2]
        func changed(_ id: String, _ change: (inout [String: Any]) -> Void) throws -> String {
            var line: [String: Any] = [
                "custom_id": id, "method": "POST", "url": "/v1/completions", "body": good,
            ]
            change(&line)
            return try BatchFiles.json(line)
        }
        let files = try BatchFiles([
            BatchFiles.line("good", good),
            "{\"custom_id\": \"cut",
            changed("none") { $0["custom_id"] = nil },
            changed("good") { _ in },
            changed("method") { $0["method"] = "GET" },
            changed("url") { $0["url"] = "/v1/embeddings" },
            changed("chat") {
                $0["url"] = "/v1/chat/completions"
                $0["body"] = ["messages": [["role": "user", "content": "Once"]]]
            },
            changed("body") { $0["body"] = "Once" },
            BatchFiles.line("hot", ["prompt": "Once", "temperature": 3]),
            BatchFiles.line("unknown", ["prompt": "Once", "max_tokns": 3]),
            BatchFiles.line("stream", ["prompt": "Once", "stream": true]),
            BatchFiles.line("type", ["prompt": "Once", "max_tokens": "8"]),
            BatchFiles.line("vocabulary", ["prompt": [1, 99_999]]),
            BatchFiles.line("long", ["prompt": Array(repeating: 5, count: 60_000)]),
            "[1]",
            BatchFiles.line("last", good),
        ])
        defer { files.scratch.remove() }
        let handle = try FileHandle(forUpdating: files.input)
        try handle.seekToEnd()
        try handle.write(contentsOf: Data("{\"custom_id\": \"".utf8 + [0xFF, 0x22, 0x7D]))
        let run = try files.run()
        #expect(run.status == 1 && !run.signalled)
        #expect(run.stderr.contains("17 of 17 requests have a result"), "\(run.stderr)")
        let results = try files.results()
        #expect(results.count == 17)
        func expect(_ id: String, _ status: Int?, _ code: String?) throws {
            let answer = try BatchAnswer(id, in: results)
            #expect(answer.status == status, "\(id)")
            #expect(answer.code == code, "\(id)")
            guard let status, status != 200 else { return }
            let error = try #require(answer.body["error"] as? [String: Any])
            let isLong = code == "context_length_exceeded"
            let numbers = isLong ? ["n_prompt_tokens", "n_ctx"] : []
            #expect(Set(error.keys) == Set(["message", "type", "param", "code"] + numbers))
            #expect(isLong ? error["code"] as? String == code : error["code"] as? Int == status)
        }
        #expect(results.count { $0["custom_id"] as? String == "good" } == 2)
        try expect("last", 200, nil)
        try expect("method", nil, "invalid_method")
        try expect("url", 404, "not_found")
        try expect("chat", 400, "invalid_request")
        try expect("long", 400, "context_length_exceeded")
        for id in ["body", "hot", "unknown", "stream", "type", "vocabulary"] {
            try expect(id, 400, "invalid_request")
        }
        let nameless = results.filter { $0["custom_id"] is NSNull }
            .compactMap { ($0["error"] as? [String: Any])?["code"] as? String }
        #expect(
            nameless.sorted()
                == Array(repeating: "invalid_json_line", count: 3) + ["missing_custom_id"])
        let codes = results.compactMap { ($0["error"] as? [String: Any])?["code"] as? String }
        #expect(codes.contains("duplicate_custom_id"))
    }

    /// S1, S7, S8, S10, S25.
    @Test func `lists of prompts, several answers, echo and log probabilities`() throws {
        let two = ["Once upon a time", "The moon"]
        let files = try BatchFiles([
            BatchFiles.line("list", ["prompt": two, "max_tokens": 4, "temperature": 0]),
            BatchFiles.line(
                "ids", ["prompt": [[854, 983], [983]], "max_tokens": 2, "return_token_ids": true]),
            BatchFiles.line(
                "many", ["prompt": two, "n": 2, "best_of": 3, "max_tokens": 4, "seed": 1]),
            BatchFiles.line(
                "echo",
                ["prompt": two[0], "max_tokens": 3, "temperature": 0, "echo": true, "logprobs": 2]),
            BatchFiles.line(
                "score", ["prompt": two[0], "max_tokens": 0, "echo": true, "logprobs": 0]),
            BatchFiles.line(
                "asked",
                [
                    "prompt": "Once", "max_tokens": 1, "allowed_token_ids": [42],
                    "logprob_token_ids": [500], "return_tokens_as_token_ids": true,
                ]),
            BatchFiles.line("stop", ["prompt": two[0], "stop": [","], "max_tokens": 400]),
            BatchFiles.line(
                "left", ["prompt": two[0], "truncate_prompt_tokens": 2, "return_token_ids": true]),
        ])
        defer { files.scratch.remove() }
        let run = try files.run()
        #expect(run.succeeded, "\(run.stderr)")
        let results = try files.results()
        func answer(_ id: String) throws -> BatchAnswer { try BatchAnswer(id, in: results) }

        #expect(try answer("list").choices.map { $0["index"] as? Int } == [0, 1])
        #expect(try answer("ids").choices[0]["prompt_token_ids"] as? [Int] == [854, 983])
        #expect((try answer("ids").choices[1]["token_ids"] as? [Int])?.count == 2)
        #expect(try answer("many").choices.map { $0["index"] as? Int } == [0, 1, 2, 3])

        let plain = try answer("list").texts[0]
        let echo = try answer("echo").choices[0]
        let text = try #require(echo["text"] as? String)
        #expect(text.hasPrefix(two[0]) && (two[0] + plain).hasPrefix(text))
        let logprobs = try #require(echo["logprobs"] as? [String: [Any]])
        #expect(Set(logprobs.keys) == ["tokens", "token_logprobs", "top_logprobs", "text_offset"])
        #expect(Set(logprobs.values.map(\.count)).count == 1)
        #expect(logprobs["token_logprobs"]?.first is NSNull)
        #expect(logprobs["top_logprobs"]?.first is NSNull)
        for case let top as [String: Double] in logprobs["top_logprobs"] ?? [] {
            #expect((2...3).contains(top.count))
        }
        let offsets = try #require(logprobs["text_offset"] as? [Int])
        #expect(offsets == offsets.sorted())
        let tokens = try #require(logprobs["tokens"] as? [String])
        #expect(offsets.last.map { $0 + (tokens.last?.count ?? 0) } == text.count)

        let score = try answer("score")
        #expect(score.texts == [two[0]])
        #expect(score.usage["completion_tokens"] as? Int == 0)
        let asked = try #require(try answer("asked").choices[0]["logprobs"] as? [String: [Any]])
        #expect(
            (asked["top_logprobs"]?.first as? [String: Double]).map { Set($0.keys) }
                == ["token_id:42", "token_id:500"])
        let stopped = try answer("stop").choices[0]
        #expect((stopped["text"] as? String)?.contains(",") == false)
        #expect((try answer("left").choices[0]["prompt_token_ids"] as? [Int])?.count == 2)
    }

    @Test func `an input that cannot be read is an error and leaves no output`() throws {
        let files = try BatchFiles([])
        defer { files.scratch.remove() }
        try FileManager.default.removeItem(at: files.input)
        let run = try files.run()
        #expect(run.status != 0 && !run.signalled)
        #expect(run.stderr.contains("requests.jsonl cannot be read"), "\(run.stderr)")
        #expect(!FileManager.default.fileExists(atPath: files.output.path))
    }

    @Test func `a mark before the first character and CR LF line ends do not matter`() throws {
        let files = try BatchFiles([])
        defer { files.scratch.remove() }
        let lines = try ["a", "b"].map {
            try BatchFiles.line($0, ["prompt": "Once", "max_tokens": 1])
        }
        try Data(("\u{FEFF}" + lines.joined(separator: "\r\n")).utf8).write(to: files.input)
        let run = try files.run("--max-logprobs", "-1")
        #expect(run.status == 0, "\(run.stderr)")
        #expect(Set(try files.results().compactMap { $0["custom_id"] as? String }) == ["a", "b"])
    }

    @Test func `an input that can be read only once is refused`() throws {
        let files = try BatchFiles([try BatchFiles.line("a", ["prompt": "Once"])])
        defer { files.scratch.remove() }
        let run = try QuireProcess.shell(
            "cat '\(files.input.path)' | \"$QUIRE\" batch --model \"$MODEL\" --input /dev/stdin "
                + "--output '\(files.output.path)'")
        #expect(run.status == 1 && run.stderr.contains("reads its input twice"), "\(run.stderr)")
        #expect(!FileManager.default.fileExists(atPath: files.output.path))
    }

    @Test func `an output in a folder that is not there is refused`() throws {
        let files = try BatchFiles([])
        defer { files.scratch.remove() }
        let run = try QuireProcess.run([
            "batch", "--model", QuireProcess.demoModel.path, "--input", files.input.path,
            "--output", files.output.path + "/none/results.jsonl",
        ])
        #expect(run.status == 1 && run.stderr.contains("make it first"), "\(run.stderr)")
    }
}
