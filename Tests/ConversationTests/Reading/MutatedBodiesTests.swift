import QuireJSON
import TestSupport
import Testing

@testable import Conversation

/// Bodies that are damaged in every way: a request or a refusal, and never anything else.
struct MutatedBodiesTests {
    private static let chat = """
        {"model": "m", "messages": [
          {"role": "system", "content": [{"type": "text", "text": "s"}]},
          {"role": "user", "content": "u", "name": "Ann"},
          {"role": "assistant", "content": null, "reasoning_content": "hm", "tool_calls": [
            {"id": "x", "type": "function", "function": {"name": "f", "arguments": "{}"}},
            {"type": "function", "function": {"name": "g", "arguments": {"y": [1]}}}]},
          {"role": "tool", "tool_call_id": "x", "content": "r"},
          {"role": "assistant", "content": "begin"}],
         "tools": [{"type": "function", "function": {"name": "f", "description": "d",
           "parameters": {"type": "object", "properties": {"y": {"type": "string"}}}}}],
         "tool_choice": {"type": "function", "function": {"name": "f"}},
         "temperature": 0.5, "top_p": 0.9, "top_k": 4, "min_p": 0.1, "n": 2, "seed": 7,
         "max_tokens": 9, "max_completion_tokens": 9, "stop": ["x", "y"], "logprobs": true,
         "top_logprobs": 2, "logit_bias": {"5": 1}, "presence_penalty": 1, "stream": true,
         "stream_options": {"include_usage": true, "continuous_usage_stats": true},
         "parallel_tool_calls": false, "reasoning_effort": "low", "thinking_token_budget": -1,
         "chat_template_kwargs": {"enable_thinking": true, "x": 1}, "echo": true,
         "continue_final_message": true, "response_format": {"type": "text"},
         "repetition_detection": {"max_pattern_size": 4, "min_count": 3}, "user": "u",
         "metadata": {"a": "b"}, "priority": 1, "cache_salt": "s", "bad_words": ["w"]}
        """

    private static let ollama = """
        {"model": "m", "messages": [{"role": "user", "content": "u", "images": []},
          {"role": "assistant", "thinking": "hm", "tool_calls": [
            {"function": {"name": "f", "arguments": {"x": 1}}}]},
          {"role": "tool", "tool_name": "f", "content": "r"}],
         "prompt": "p", "system": "s", "raw": false, "context": [],
         "tools": [{"type": "function", "function": {"name": "f"}}], "think": true,
         "options": {"temperature": 0.5, "top_k": 4, "num_predict": 9, "num_ctx": 512,
           "stop": ["x"], "repeat_penalty": 1.0, "repeat_last_n": -1, "seed": 3},
         "keep_alive": "5m", "stream": false, "logprobs": true, "top_logprobs": 1}
        """

    private static let completion = """
        {"model": "m", "prompt": ["a", [1, 2]], "max_tokens": 5, "echo": false, "stream": true,
         "stream_options": {"include_usage": true}, "logprobs": 2, "temperature": 0.5,
         "stop": "x", "logit_bias": {"5": 1}, "truncate_prompt_tokens": 4, "best_of": 1}
        """

    /// How many of the mutated bodies are requests; all others are refused by name.
    private func readable(
        _ text: String, _ count: UInt64, _ read: (JSONValue) throws -> Void
    ) throws -> Int {
        let tree = try JSONValue(parsing: Array(text.utf8))
        try read(tree)
        var requests = 0
        for seed in 0..<count {
            var mutator = Mutator(seed: seed)
            guard let body = try? JSONValue(parsing: mutator.json(tree)) else { continue }
            do {
                try read(body)
                requests += 1
            } catch let error as RequestError {
                #expect(error.code.status.http == 400, "seed \(seed): \(error)")
                #expect(!error.message.isEmpty)
                #expect(error.message.utf8.count < 10_000, "seed \(seed)")
            } catch {
                Issue.record("seed \(seed): \(error)")
            }
        }
        return requests
    }

    @Test func `10,000 damaged bodies are requests or are refused`() throws {
        let chats = try readable(Self.chat, 5_000) { body throws in
            _ = try ChatRequest(chatCompletion: body, unknown: .named)
        }
        #expect(300..<5_000 ~= chats)
        let files = try readable(Self.chat, 1_000) { body throws in
            _ = try ChatRequest(chatCompletion: body, unknown: .refused)
        }
        #expect(files <= chats)
        _ = try readable(Self.ollama.replacing("\"prompt\"", with: "\"more\""), 2_000) {
            body throws in
            _ = try OllamaRequest(chat: body, maxModelLength: 512)
        }
        _ = try readable(Self.ollama, 1_000) { body throws in
            _ = try OllamaRequest(generate: body, maxModelLength: 512)
        }
        _ = try readable(Self.completion, 1_000) { body throws in
            _ = try CompletionRequest(body, unknown: .named)
        }
    }
}
