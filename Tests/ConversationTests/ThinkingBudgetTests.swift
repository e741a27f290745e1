import ChatTemplates
import QuireEngine
import QuireIdentifiers
import QuireJSON
import Scheduling
import Testing
import Tokenization

@testable import Conversation

/// Thoughts that end when they have had their tokens.
@Suite struct `A budget of thoughts` {
    /// Letters, what markup is made of, and the marks of thoughts: each one token, or spelt.
    private static func tokenizer(marksAreTokens: Bool) throws -> Tokenizer {
        let pieces = "abcdefghijklmnopqrstuvwxyz<>/|_.:".map(String.init) + ["Ġ", "Ċ", "Ã", "©"]
        let vocabulary = pieces.enumerated().map { "\"\($1)\": \($0)" }.joined(separator: ", ")
        let marks = marksAreTokens ? ["<|im_end|>", "<think>", "</think>"] : ["<|im_end|>"]
        let added = marks.enumerated().map { index, text in
            """
            {"id": \(pieces.count + index), "content": "\(text)", "special": true,
             "single_word": false, "lstrip": false, "rstrip": false, "normalized": false}
            """
        }
        let json = """
            {
              "added_tokens": [\(added.joined(separator: ", "))],
              "pre_tokenizer": {"type": "ByteLevel", "add_prefix_space": false,
                                "trim_offsets": true, "use_regex": true},
              "decoder": {"type": "ByteLevel", "add_prefix_space": true, "trim_offsets": true,
                          "use_regex": true},
              "model": {"type": "BPE", "vocab": {\(vocabulary)}, "merges": []}
            }
            """
        return try Tokenizer(tokenizerJSON: Array(json.utf8))
    }

    /// What becomes of an answer whose model would write a text, and takes what is left to it.
    private func answer(
        _ text: String, budget: Int, marksAreTokens: Bool = true, opens: Bool = false
    ) throws -> String {
        let tokenizer = try Self.tokenizer(marksAreTokens: marksAreTokens)
        var source = ChatModelTests.source
        if opens {
            source = source.replacing(
                "'<|im_start|>assistant\n' }}", with: "'<|im_start|>assistant\n<think>\n' }}")
        }
        let model = try ChatModel(template: source, tokenizer: tokenizer)
        let request = ChatModelTests.request([ChatMessage(.user, "hi")])
        let prompt = try model.prompt(of: request, now: try #require(ChatModelTests.now))
        var constraint = try #require(model.thinkingBudget(budget, for: request, after: prompt))
        var wanted = tokenizer.encode(text, parseSpecial: true)[...]
        var tokens: [TokenID] = []
        while let next = wanted.first {
            var mask = TokenMask(count: tokenizer.vocabularySize)
            constraint.mask(&mask)
            let allowed = (0..<UInt32(tokenizer.vocabularySize)).filter { mask.allows(TokenID($0)) }
            #expect(constraint.isComplete == (allowed.count > 1))
            if allowed.count == 1 {
                tokens.append(TokenID(allowed[0]))
            } else {
                tokens.append(next)
                wanted = wanted.dropFirst()
            }
            constraint.advance(try #require(tokens.last))
            try #require(tokens.count < 1_000)
        }
        return tokenizer.decode(tokens, skipSpecial: false)
    }

    @Test(arguments: [0, 1, 3, 5])
    func `ends thoughts after so many tokens, in the template's words`(budget: Int) throws {
        let thought = "abcdefgh"
        #expect(
            try answer("<think>" + thought + "the answer", budget: budget)
                == "<think>" + thought.prefix(budget) + "\n</think>" + thought.dropFirst(budget)
                + "the answer")
    }

    @Test func `changes nothing where thoughts end before`() throws {
        let text = "<think>abc</think>the answer is long"
        #expect(try answer(text, budget: 4) == text)
        #expect(try answer("no thoughts at all", budget: 0) == "no thoughts at all")
    }

    @Test func `counts thoughts that the prompt has begun`() throws {
        #expect(try answer("abcdef", budget: 2, opens: true) == "ab\n</think>cdef")
    }

    @Test func `is shared by thoughts that begin again`() throws {
        #expect(
            try answer("<think>ab</think>x<think>cdef", budget: 3)
                == "<think>ab</think>x<think>c\n</think>def")
    }

    @Test func `knows marks that are many tokens`() throws {
        #expect(
            try answer("<think>abcdef", budget: 4, marksAreTokens: false)
                == "<think>abcd\n</think>ef")
        let text = "<think>abc</think>de"
        #expect(try answer(text, budget: 30, marksAreTokens: false) == text)
    }

    @Test(arguments: [true, false])
    func `tokens of thoughts count alike however many come at once`(marksAreTokens: Bool) throws {
        let tokenizer = try Self.tokenizer(marksAreTokens: marksAreTokens)
        let model = try ChatModel(template: ChatModelTests.source, tokenizer: tokenizer)
        let request = ChatModelTests.request([ChatMessage(.user, "hi")])
        let prompt = try model.prompt(of: request, now: try #require(ChatModelTests.now))
        func count(_ texts: [String]) -> Int? {
            var reader = AnswerReader(model, request, prompt)
            var answer = ChatAnswer()
            for (index, text) in texts.enumerated() {
                let delta = GenerationDelta(
                    index: 0, text: text, tokens: tokenizer.encode(text, parseSpecial: true),
                    finishReason: index == texts.count - 1 ? .stop : nil)
                for event in reader.read(delta) { answer.append(event) }
            }
            return answer.end?.usage.reasoningTokens
        }
        let pieces = ["<think>", "abc", "de", "</think>", "the answer"]
        // Where the end is spelt, its letters but the last count.
        let expected = marksAreTokens ? 5 : 5 + "</think>".count - 1
        #expect(count([pieces.joined()]) == expected)
        #expect(count(pieces) == expected)
        #expect(count(["<think>abc", "de</think>the", " answer"]) == expected)
        #expect(count(["no thoughts"]) == 0)
    }

    @Test func `is a value`() throws {
        let model = try ChatModel(
            template: ChatModelTests.source, tokenizer: Self.tokenizer(marksAreTokens: true))
        let request = ChatModelTests.request([ChatMessage(.user, "hi")])
        let prompt = try model.prompt(of: request, now: try #require(ChatModelTests.now))
        let first = try #require(model.thinkingBudget(3, for: request, after: prompt))
        var other = try #require(model.thinkingBudget(3, for: request, after: prompt))
        #expect(first == other && first.hashValue == other.hashValue)
        other.advance(0)
        #expect(first != other)
        #expect(first != model.thinkingBudget(4, for: request, after: prompt))
    }

    @Test func `takes a template that says how thoughts end`() throws {
        let model = try ChatModel(
            template: "{% for m in messages %}{{ m.role + ':' + m.content + '.' }}{% endfor %}",
            tokenizer: Self.tokenizer(marksAreTokens: true))
        let request = ChatModelTests.request([ChatMessage(.user, "hi")])
        let prompt = try model.prompt(of: request, now: try #require(ChatModelTests.now))
        #expect(model.thinkingBudget(3, for: request, after: prompt) == nil)
    }

    private func exchange(
        _ dialect: some Dialect, _ body: JSONValue, template: String
    ) throws -> any Exchange {
        let tokenizer = try Self.tokenizer(marksAreTokens: true)
        return try dialect.exchange(
            for: body,
            ExchangeSetting(
                bounds: ModelBounds(
                    tokenizer: tokenizer, maxModelLength: 256,
                    chat: try ChatModel(template: template, tokenizer: tokenizer)),
                model: ModelNames("m"), suffix: "1", created: 2))
    }

    private static let plain = "{% for m in messages %}{{ m.role + ':' + m.content }}{% endfor %}"
    private static let messages: JSONValue = [["role": "user", "content": "hi"]]

    @Test func `is refused or named where it cannot be kept`() throws {
        let chat: JSONValue = ["messages": Self.messages, "thinking_token_budget": 3]
        let kept = try exchange(ChatCompletionsDialect(), chat, template: ChatModelTests.source)
        #expect(kept.generations[0].constraint is ThinkingBudget)
        let error = #expect(throws: RequestError.self) {
            try exchange(ChatCompletionsDialect(), chat, template: Self.plain)
        }
        #expect(error?.param == "thinking_token_budget")
        let message: JSONValue = [
            "model": "m", "max_tokens": 9, "messages": Self.messages,
            "thinking": ["type": "enabled", "budget_tokens": 3],
        ]
        let named = try exchange(MessagesDialect(), message, template: Self.plain)
        #expect(named.ignored == ["thinking.budget_tokens"])
        #expect(named.generations[0].constraint == nil)
        let bounded = try exchange(MessagesDialect(), message, template: ChatModelTests.source)
        #expect(bounded.ignored == [] && bounded.generations[0].constraint is ThinkingBudget)
    }
}
