import QuireEngine
import QuireIdentifiers
import QuireJSON
import Testing

@testable import Conversation

/// The parameters of a completion, by name and type.
struct CompletionRequestTests {
    private func body(_ text: String) throws -> CompletionRequest {
        let value = try JSONValue(parsing: Array("{\"prompt\": \"a\"\(text)}".utf8))
        return try CompletionRequest(value)
    }

    @Test func `the defaults are those of the interface`() throws {
        let body = try body("")
        var expected = SamplingParameters(temperature: 1, maxTokens: 16)
        #expect(body.parameters == expected)
        #expect(!body.echo && body.addsSpecialTokens && body.truncation == nil)
        expected.maxTokens = 3
        #expect(try self.body(", \"max_tokens\": 3, \"n\": null").parameters == expected)
    }

    private static let rows: [(String, @Sendable (inout SamplingParameters) -> Void)] = [
        ("\"temperature\": 0.5", { $0.temperature = 0.5 }),
        ("\"temperature\": 0", { $0.temperature = 0 }),
        ("\"top_p\": 0.5", { $0.topP = 0.5 }),
        ("\"top_k\": -1", { $0.topK = -1 }),
        ("\"min_p\": 0.1", { $0.minP = 0.1 }),
        ("\"n\": 2, \"best_of\": 3", { ($0.n, $0.bestOf) = (2, 3) }),
        ("\"min_tokens\": 2", { $0.minTokens = 2 }),
        ("\"presence_penalty\": 1", { $0.presencePenalty = 1 }),
        ("\"frequency_penalty\": -1.5", { $0.frequencyPenalty = -1.5 }),
        ("\"repetition_penalty\": 1.1", { $0.repetitionPenalty = 1.1 }),
        ("\"logit_bias\": {\"7\": 2, \"8\": -100}", { $0.logitBias = [7: 2, 8: -100] }),
        ("\"allowed_token_ids\": [1, 2]", { $0.allowedTokens = [1, 2] }),
        ("\"bad_words\": [\"x\"]", { $0.badWords = ["x"] }),
        ("\"seed\": 5", { $0.seed = 5 }),
        ("\"seed\": -1", { $0.seed = nil }),
        ("\"seed\": -2", { $0.seed = UInt64.max - 1 }),
        ("\"logprobs\": 2", { $0.logprobs = 2 }),
        ("\"prompt_logprobs\": 2", { $0.promptLogprobs = 2 }),
        ("\"logprobs\": 2, \"echo\": true", { ($0.logprobs, $0.promptLogprobs) = (2, 2) }),
        ("\"logprob_token_ids\": [3]", { $0.logprobTokens = [3] }),
        ("\"ignore_eos\": true", { $0.ignoreEOS = true }),
        ("\"stop\": \"x\"", { $0.stop = ["x"] }),
        ("\"stop\": [\"x\", \"y\"]", { $0.stop = ["x", "y"] }),
        ("\"stop_token_ids\": [9, 9]", { $0.stopTokens = [9] }),
        ("\"include_stop_str_in_output\": true", { $0.includeStopString = true }),
        ("\"skip_special_tokens\": false", { $0.skipSpecialTokens = false }),
        ("\"detokenize\": false", { $0.detokenize = false }),
        ("\"skip_reading_prefix_cache\": true", { $0.skipReadingPrefixCache = true }),
        (
            "\"repetition_detection\": {\"max_pattern_size\": 4, \"min_count\": 3}",
            { $0.repetitionDetection = .init(maxPatternSize: 4, minPatternSize: 0, minCount: 3) }
        ),
        ("\"user\": \"u\", \"stream\": false, \"suffix\": null, \"model\": \"m\"", { _ in }),
    ]

    @Test func `each parameter has its place`() throws {
        for (text, change) in Self.rows {
            var expected = SamplingParameters(temperature: 1, maxTokens: 16)
            change(&expected)
            #expect(try body(", " + text).parameters == expected, "\(text)")
        }
    }

    @Test(arguments: [
        ("\"max_tokens\": 0", "max_tokens"), ("\"max_tokens\": 1.5", "max_tokens"),
        ("\"temperature\": \"1\"", "temperature"), ("\"top_p\": true", "top_p"),
        ("\"stop\": 7", "stop"), ("\"stop\": [\"x\", 7]", "stop"),
        ("\"logprobs\": true", "logprobs"), ("\"seed\": 9223372036854775808", "seed"),
        ("\"stop_token_ids\": [-1]", "stop_token_ids"), ("\"echo\": 1", "echo"),
        ("\"logit_bias\": [1]", "logit_bias"), ("\"logit_bias\": {\"1\": \"2\"}", "logit_bias"),
        ("\"cache_salt\": \"\"", "cache_salt"), ("\"truncation_side\": \"up\"", "truncation_side"),
        ("\"truncate_prompt_tokens\": 0", "truncate_prompt_tokens"),
        ("\"suffix\": 3", "suffix"), ("\"suffix\": \"x\", \"echo\": true", "echo"),
        ("\"use_beam_search\": true", "use_beam_search"),
        ("\"repetition_detection\": 3", "repetition_detection"),
        ("\"prompt\": \"b\", \"prompt\": []", "prompt"),
        ("\"prompt\": [1, -1]", "prompt"), ("\"prompt\": [\"a\", 1]", "prompt"),
        ("\"prompt\": [1, \"a\"]", "prompt"), ("\"prompt\": [[1], {}]", "prompt"),
    ])
    func `a parameter of a wrong type or value is named`(text: String, name: String) {
        let error = #expect(throws: RequestError.self) { try body(", " + text) }
        #expect(error?.param == name)
        #expect(error?.code.status.http == 400)
        #expect(error?.message.contains(name) == true)
    }

    /// A.9
    @Test(arguments: [
        "\"tools\": null", "\"unheard_of\": null", "\"max_tokens\": null, \"suffix\": null",
        "\"logit_bias\": {\"5\": null, \"x\": null}", "\"stop\": null, \"stop\": null",
        "\"tools\": [1], \"tools\": null", "\"prompt_embeds\": null, \"stream_options\": null",
    ])
    func `a key that is null is absent, whatever its name`(text: String) throws {
        let plain = try body("")
        let absent = try body(", " + text)
        #expect(absent.parameters == plain.parameters)
        #expect(absent.prompts == plain.prompts)
    }

    /// A.9
    @Test func `a null key of a nested object is absent`() throws {
        let rule = "\"max_pattern_size\": 4, \"min_count\": 3"
        let plain = try body(", \"repetition_detection\": {\(rule)}")
        let absent = try body(
            ", \"repetition_detection\": {\(rule), \"min_pattern_size\": null, \"more\": null}")
        #expect(absent.parameters == plain.parameters)
    }

    /// A.10
    @Test func `an integer may be spelled in any way`() throws {
        let plain = try body(
            ", \"max_tokens\": 3, \"seed\": 9007199254740993, \"stop_token_ids\": [20], \"n\": 1")
        let other = try body(
            ", \"max_tokens\": 3.0, \"seed\": 9007199254740993.0, \"stop_token_ids\": [2e1], "
                + "\"n\": 10e-1")
        #expect(other.parameters == plain.parameters)
        let tokens = try CompletionRequest(
            JSONValue(parsing: Array("{\"prompt\": [[1.0, 2], [3e0]]}".utf8)))
        #expect(tokens.prompts == [.tokens([1, 2]), .tokens([3])])
        let list = try CompletionRequest(JSONValue(parsing: Array("{\"prompt\": [1.0, 2]}".utf8)))
        #expect(list.prompts == [.tokens([1, 2])])
    }

    @Test func `all bad keys of a bias are listed`() {
        let error = #expect(throws: RequestError.self) {
            try body(", \"logit_bias\": {\"1\": 2, \"a\": 1, \"-3\": 1, \"4.5\": 1}")
        }
        #expect(error?.message.contains("a, -3, 4.5") == true)
    }

    @Test func `a list of more prompts than allowed is refused`() throws {
        let prompts = Array(repeating: "\"a\"", count: 2_049).joined(separator: ",")
        let error = #expect(throws: RequestError.self) { try body(", \"prompt\": [\(prompts)]") }
        #expect(error?.message.contains("prompt list length 2049 exceeds the maximum") == true)
    }
}
