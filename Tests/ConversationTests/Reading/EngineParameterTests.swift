import QuireEngine
import QuireIdentifiers
import QuireJSON
import Testing

@testable import Conversation

/// What the engine says of parameters, in the names that requests have for them.
struct EngineParameterTests {
    private func bounds() throws -> ModelBounds {
        ModelBounds(tokenizer: try Vocabulary.tokenizer(), maxModelLength: 10)
    }

    @Test(arguments: [
        ("\"logprobs\": 21", "logprobs"), ("\"prompt_logprobs\": 21", "prompt_logprobs"),
        ("\"n\": 2, \"temperature\": 0", "n"), ("\"n\": 3, \"best_of\": 2", "best_of"),
        ("\"best_of\": 2, \"temperature\": 0", "best_of"),
        ("\"max_tokens\": 2, \"min_tokens\": 3", "min_tokens"),
        ("\"stop_token_ids\": [1000]", "stop_token_ids"),
        ("\"logit_bias\": {\"1000\": 1}", "logit_bias"),
        ("\"allowed_token_ids\": []", "allowed_token_ids"),
        ("\"allowed_token_ids\": [1000]", "allowed_token_ids"),
        ("\"logprobs\": 1, \"logprob_token_ids\": [1000]", "logprob_token_ids"),
        ("\"stop\": \"a\", \"detokenize\": false", "detokenize"),
        ("\"repetition_detection\": {\"max_pattern_size\": -1}", "repetition_detection"),
    ])
    func `what the engine refuses in a completion is named as the request has it`(
        members: String, name: String
    ) throws {
        let error = try #require(
            throws: RequestError.self,
            performing: {
                _ = try CompletionRequest.parse(members).generations(for: try bounds())
            })
        #expect(error.param == name)
        #expect(error.message.contains(name))
    }

    @Test(arguments: [
        ("\"logprobs\": true, \"top_logprobs\": 21", "top_logprobs"),
        ("\"n\": 2, \"temperature\": 0", "n"),
        ("\"max_tokens\": 2, \"min_tokens\": 3", "min_tokens"),
        ("\"stop_token_ids\": [1000]", "stop_token_ids"),
    ])
    func `what the engine refuses in a chat is named as the request has it`(
        members: String, name: String
    ) throws {
        let error = try #require(
            throws: RequestError.self,
            performing: {
                _ = try ChatRequest.parse(members).generation(for: [1], try bounds())
            })
        #expect(error.param == name)
        #expect(error.message.contains(name))
    }
}
