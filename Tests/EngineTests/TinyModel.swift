import FakeExecutor
import KVCache
import QuireEngine
import QuireIdentifiers
import Scheduling
import TestSupport
import Tokenization

/// A model of 32 tokens without weights: letters, a space, punctuation, the two bytes of `é`, and
/// the end of a text.
struct TinyModel {
    static let end: TokenID = 31
    static let pieces: [String] =
        "abcdefghijklmnopqrstuvwxyz".map(String.init) + ["Ġ", ".", ",", "Ã", "©"]

    let executor: HashExecutor
    let llm: LLM

    init(
        spans: [AttentionSpan] = [.full, .slidingWindow(9)], blockSize: Int = 4,
        length: Int = 128, chunk: Int = 16, running: Int = 4, outputs: Int = 8,
        sequences: Int = 3, configure: (inout SchedulerConfiguration) -> Void = { _ in }
    ) throws {
        let planner = KVPlanner(
            geometry: KVGeometry(spans: spans, kvHeads: 1, headDim: 2), blockSize: blockSize,
            maxModelLength: length, maxChunk: chunk)
        let layout = try planner.plan(sequences: sequences)
        var configuration = SchedulerConfiguration(
            maxStepTokens: 64, maxStepOutputs: outputs, maxChunk: chunk, maxRunning: running)
        configure(&configuration)
        executor = HashExecutor(
            layout: layout, maxStepTokens: 64, maxStepOutputs: outputs,
            hostSlots: configuration.cache.hostSlots)
        llm = try LLM(
            executor: executor, tokenizer: Self.tokenizer(), layout: layout,
            configuration: configuration)
    }

    static func tokenizer() throws -> Tokenizer {
        let vocabulary = pieces.enumerated().map { "\"\($1)\": \($0)" }.joined(separator: ", ")
        let json = """
            {
              "added_tokens": [
                {"id": 31, "content": "<|endoftext|>", "special": true, "single_word": false,
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

    /// Prompts of random letters.
    static func prompts(_ count: Int, seed: UInt64, lengths: ClosedRange<Int> = 1...60)
        -> [[TokenID]]
    {
        var random = SeededGenerator(seed: seed)
        return (0..<count).map { _ in
            (0..<Int.random(in: lengths, using: &random)).map { _ in
                TokenID(UInt32.random(in: 0..<26, using: &random))
            }
        }
    }

    /// Whether no request and no block is left behind.
    var isClean: Bool { llm.isIdle && llm.usedBlocks == 0 }
}

/// What no setting may change in a completion.
struct Answer: Equatable {
    let tokens: [TokenID]
    let text: String
    let reason: FinishReason
    let logprobs: [TokenLogprob]?

    init(_ completion: Completion) {
        tokens = completion.tokens
        text = completion.text
        reason = completion.finishReason
        logprobs = completion.logprobs
    }
}
