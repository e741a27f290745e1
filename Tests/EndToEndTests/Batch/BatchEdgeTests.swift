import Foundation
import Testing

/// Requests at the edges of what a context, a vocabulary and a character allow.
struct BatchEdgeTests {
    private func answers(
        _ bodies: [String: [String: Any]]
    ) throws -> (status: Int32, answer: (String) throws -> BatchAnswer) {
        let files = try BatchFiles(
            try bodies.sorted { $0.key < $1.key }.map { try BatchFiles.line($0.key, $0.value) })
        defer { files.scratch.remove() }
        let run = try files.run()
        #expect(!run.signalled, "\(run.stderr)")
        let results = try files.results()
        return (run.status, { try BatchAnswer($0, in: results) })
    }

    private func message(_ answer: BatchAnswer) -> String {
        (answer.body["error"] as? [String: Any])?["message"] as? String ?? ""
    }

    /// A.8: the demo model has a context of 512 tokens.
    @Test func `scoring a prompt of exactly the context is answered`() throws {
        let prompt = (0..<513).map { 3 + $0 % 200 }
        func body(_ length: Int) -> [String: Any] {
            ["prompt": Array(prompt.prefix(length)), "max_tokens": 0, "echo": true, "logprobs": 1]
        }
        var cut = body(513)
        cut["truncate_prompt_tokens"] = -1
        let (status, answer) = try answers(["full": body(512), "over": body(513), "cut": cut])
        #expect(status == 1)
        for id in ["full", "cut"] {
            let full = try answer(id)
            #expect(full.status == 200)
            #expect(full.usage["prompt_tokens"] as? Int == 512)
            #expect(full.usage["completion_tokens"] as? Int == 0)
            let choice = try #require(full.choices.first)
            #expect(choice["finish_reason"] as? String == "length")
            let logprobs = try #require(choice["logprobs"] as? [String: [Any]])
            #expect(logprobs.values.allSatisfy { $0.count == 512 })
        }
        #expect(try answer("over").status == 400)
        #expect(message(try answer("over")).contains("513 tokens"))
    }

    /// A.9, A.10
    @Test func `absent keys may be null, and integers have any spelling`() throws {
        let files = try BatchFiles([
            #"{"custom_id": "a", "method": "POST", "url": "/v1/completions", "extra": null, "#
                + #""body": {"prompt": [5.0, 6e0], "max_tokens": 3.0, "temperature": 0, "#
                + #""tools": null, "unheard_of": null, "logit_bias": {"7": null}}}"#,
            #"{"custom_id": "b", "method": "POST", "url": "/v1/completions", "#
                + #""body": {"prompt": [5, 6], "max_tokens": 3, "temperature": 0}}"#,
        ])
        defer { files.scratch.remove() }
        let run = try files.run()
        #expect(run.succeeded, "\(run.stderr)")
        let results = try files.results()
        #expect(
            try BatchAnswer("a", in: results).texts == BatchAnswer("b", in: results).texts)
    }

    /// A.11: token 1 of the demo model is `<|end|>`.
    @Test func `a stop string that is a special token's text stops on it`() throws {
        let body: [String: Any] = [
            "prompt": "Once", "max_tokens": 5, "ignore_eos": true, "allowed_token_ids": [1],
            "return_token_ids": true,
        ]
        var named = body
        named["stop"] = ["<|end|>"]
        let (status, answer) = try answers(["free": body, "named": named])
        #expect(status == 0)
        #expect((try answer("free").choices[0]["token_ids"] as? [Int])?.count == 5)
        let choice = try answer("named").choices[0]
        #expect(choice["token_ids"] as? [Int] == [1])
        #expect(choice["finish_reason"] as? String == "stop")
        #expect(choice["stop_reason"] as? String == "<|end|>")
        #expect(choice["text"] as? String == "")
    }

    /// A.12: tokens 130 and 105 of the demo model are the bytes of é.
    @Test func `a prompt that ends in the middle of a character comes out whole`() throws {
        func body(_ next: Int, echo: Bool, count: Int = 1) -> [String: Any] {
            [
                "prompt": [75, 130], "max_tokens": count, "allowed_token_ids": [next],
                "logprobs": 0, "echo": echo, "ignore_eos": true,
            ]
        }
        let (status, answer) = try answers([
            "echo": body(105, echo: true), "plain": body(105, echo: false),
            "other": body(75, echo: true), "apart": body(75, echo: false),
            "none": body(75, echo: true, count: 0),
        ])
        #expect(status == 0)
        func expect(_ id: String, _ text: String) throws {
            let choice = try answer(id).choices[0]
            #expect(choice["text"] as? String == text, "\(id)")
            let logprobs = choice["logprobs"] as? [String: [Any]]
            let tokens = logprobs?["tokens"] as? [String]
            #expect(tokens?.joined() == text || id == "none", "\(id)")
        }
        try expect("echo", "ié")
        try expect("plain", "é")
        try expect("other", "i\u{FFFD}i")
        try expect("apart", "i")
        try expect("none", "i\u{FFFD}")
    }

    /// A.13
    @Test func `more tokens than the context has room for are refused, with the numbers`() throws {
        let prompt = (0..<500).map { 3 + $0 % 200 }
        func body(_ tokens: Int?) -> [String: Any] {
            var body: [String: Any] = ["prompt": prompt, "ignore_eos": true, "temperature": 0]
            body["max_tokens"] = tokens
            return body
        }
        let (status, answer) = try answers([
            "all": body(12), "over": body(13), "huge": body(1_000_000_000), "most": body(Int.max),
            "silent": body(nil),
        ])
        #expect(status == 1)
        #expect(try answer("all").usage["completion_tokens"] as? Int == 12)
        #expect(try answer("silent").usage["completion_tokens"] as? Int == 12)
        for (id, tokens) in [("over", "13"), ("huge", "1000000000"), ("most", "\(Int.max)")] {
            let refused = try answer(id)
            #expect(refused.status == 400)
            let error = refused.body["error"] as? [String: Any]
            #expect(error?["param"] as? String == "max_tokens")
            for word in [tokens, "500 in the prompt", "512 tokens", "room for 12"] {
                #expect(message(refused).contains(word), "\(message(refused))")
            }
        }
    }

    /// A.13
    @Test func `generate says that the context was full`() throws {
        let arguments = [
            "generate", "--model", QuireProcess.demoModel.path, "--context", "16", "--raw-ids",
            "5,6,7", "--ignore-eos", "--max-tokens",
        ]
        let long = try QuireProcess.run(arguments + ["1000000000"])
        #expect(long.succeeded)
        #expect(long.stderr.contains("the context is full"), "\(long.stderr)")
        let short = try QuireProcess.run(arguments + ["13"])
        #expect(short.succeeded && !short.stderr.contains("the context is full"))
        let none = try QuireProcess.run(arguments + ["0"])
        #expect(none.status != 0 && none.stderr.contains("at least 1"), "\(none.stderr)")
    }
}
