import QuireEngine
import QuireIdentifiers
import QuireJSON
import Testing

@testable import Conversation

/// What does not fit into the context, and what is cut to fit.
struct ContextErrorTests {
    private func bounds() throws -> ModelBounds {
        ModelBounds(tokenizer: try Vocabulary.tokenizer(), maxModelLength: 10)
    }

    private func prompt(_ count: Int) -> [TokenID] { Array(repeating: 1, count: count) }

    /// S26
    @Test func `an answer is as long as asked for, or as there is room`() throws {
        let bounds = try bounds()
        for (members, tokens) in [
            ("", nil), ("\"max_tokens\": 3", 3), ("\"max_tokens\": 4", 4),
            ("\"max_tokens\": 32000", 4),
        ] as [(String, Int?)] {
            let request = try ChatRequest.parse(members)
            let generation = try request.generation(for: prompt(6), bounds)
            #expect(generation.parameters.maxTokens == tokens)
        }
    }

    @Test func `an overflow is told with the context and the tokens, in the words agents know`()
        throws
    {
        let bounds = try bounds()
        let start = "This model's maximum context length is 10 tokens. However, "
        let long = #expect(throws: RequestError.self) {
            try ChatRequest.parse("\"max_tokens\": 3").generation(for: prompt(10), bounds)
        }
        #expect(long?.message.hasPrefix(start + "your messages resulted in 10 tokens") == true)
        let wanted = #expect(throws: RequestError.self) {
            try ChatRequest.parse("\"max_tokens\": 5")
                .generation(for: prompt(6), bounds, capsAnswer: false)
        }
        #expect(wanted?.message.hasPrefix(start + "you requested 11 tokens (6 in the ") == true)
        let least = #expect(throws: RequestError.self) {
            try ChatRequest.parse("\"min_tokens\": 5").generation(for: prompt(6), bounds)
        }
        #expect(least?.param == "min_tokens")
        let most = RequestError.contextExceeded(context: 10, prompt: 6, answer: .max)
        #expect(most.message.contains("\(Int.max) tokens"))
        for (ids, tokens) in [("[1, 1, 1, 1, 1, 1]", 5), ("[1,1,1,1,1,1,1,1,1,1,1]", 0)] {
            let text = tokens == 0 ? "\"echo\": true, \"max_tokens\": 0" : "\"max_tokens\": 5"
            let error = #expect(throws: RequestError.self) {
                try CompletionRequest.parse(text, prompt: ids).generations(for: bounds)
            }
            #expect(error?.code == .contextExceeded)
            #expect(error?.message.hasPrefix(start) == true)
        }
        // A prompt that fills the context may be scored.
        let full = "[1,1,1,1,1,1,1,1,1,1]"
        _ = try CompletionRequest.parse("\"echo\": true, \"max_tokens\": 0", prompt: full)
            .generations(for: bounds)
    }

    @Test func `an overflow has OpenAI's word and llama-server's numbers`() throws {
        let long = RequestError.contextExceeded(context: 10, prompt: 12)
        let error = try written { long.write(to: &$0) }["error"]
        #expect(error?["code"] == "context_length_exceeded")
        #expect(error?["n_prompt_tokens"] == 12 && error?["n_ctx"] == 10)
        let wanted = RequestError.contextExceeded(context: 10, prompt: 6, answer: 5)
        let other = try written { wanted.write(to: &$0) }["error"]
        #expect(other?["code"] == "context_length_exceeded" && other?["n_ctx"] == nil)
    }

    @Test func `what depends on the model is refused before the engine is asked`() throws {
        let request = try ChatRequest.parse("\"logprobs\": true, \"top_logprobs\": 21")
        let error = #expect(throws: RequestError.self) {
            try request.generation(for: prompt(1), bounds())
        }
        #expect(error?.code.status.http == 400)
    }

    @Test func `a completion names unknown members for a server, and counts in every event`() throws
    {
        let body = try JSONValue(
            parsing: Array(
                """
                {"prompt": "a", "more": 1, "user": "u", "stream": true,
                 "stream_options": {"include_usage": true, "continuous_usage_stats": true}}
                """.utf8))
        let request = try CompletionRequest(body, unknown: .named)
        #expect(request.ignored == ["more"])
        #expect(request.streamsUsage && request.streamsRunningUsage)
        #expect(throws: RequestError.self) { try CompletionRequest(body, unknown: .refused) }
    }
}
