import QuireIdentifiers
import QuireJSON
import Scheduling
import Testing
import Tokenization

@testable import Conversation
@testable import QuireEngine

/// A vocabulary of letters, the two bytes of `é`, and the end of a text.
enum Vocabulary {
    static let first: TokenID = 26
    static let second: TokenID = 27
    static let end: TokenID = 28

    static func tokenizer() throws -> Tokenizer {
        let pieces = "abcdefghijklmnopqrstuvwxyz".map(String.init) + ["Ã", "©"]
        let vocabulary = pieces.enumerated().map { "\"\($1)\": \($0)" }.joined(separator: ", ")
        let json = """
            {
              "added_tokens": [
                {"id": 28, "content": "<|end|>", "special": true, "single_word": false,
                 "lstrip": false, "rstrip": false, "normalized": false}
              ],
              "pre_tokenizer": {"type": "ByteLevel", "add_prefix_space": false,
                                "trim_offsets": true, "use_regex": true},
              "decoder": {"type": "ByteLevel", "add_prefix_space": true, "trim_offsets": true,
                          "use_regex": true},
              "model": {"type": "BPE", "vocab": {\(vocabulary)}, "merges": []}
            }
            """
        return try Tokenizer(tokenizerJSON: Array(json.utf8))
    }
}

extension CompletionRequest {
    /// A request, from the members of its body beside the prompt.
    static func parse(_ members: String, prompt: String = "\"a\"") throws -> CompletionRequest {
        let text = "{\"prompt\": \(prompt)\(members.isEmpty ? "" : ", ")\(members)}"
        return try CompletionRequest(JSONValue(parsing: Array(text.utf8)))
    }
}

extension Completion {
    /// An answer of tokens, with log probabilities of -1, -2 and so on.
    static func made(
        prompt: [TokenID], tokens: [TokenID], text: String, choice: Int = 0,
        reportsPrompt: Bool = false, reports: Bool = false, stop: StopReason? = nil
    ) -> Completion {
        func entries(_ tokens: [TokenID]) -> [TokenLogprob] {
            tokens.enumerated().map { index, token in
                TokenLogprob(token: token, logprob: -1 - Double(index), rank: 1, top: [])
            }
        }
        var timeline = Timeline(queued: .zero)
        timeline.cachedTokens = 1
        return Completion(
            choice: choice, promptTokens: prompt, tokens: tokens, text: text,
            finishReason: stop == nil ? .length : .stop, stopReason: stop,
            logprobs: reports ? entries(tokens) : nil,
            promptLogprobs: reportsPrompt ? [nil] + entries(Array(prompt.dropFirst())) : nil,
            cumulativeLogprob: nil, seed: 1, timeline: timeline)
    }
}

/// What was written, as a tree.
func written(_ write: (inout JSONWriter) -> Void) throws -> JSONValue {
    var out = JSONWriter()
    write(&out)
    return try JSONValue(parsing: out.bytes)
}
