import Conversation
import FakeExecutor
import KVCache
import QuireEngine
import Scheduling
import Serving
import Tokenization

/// A model of 32 tokens without weights, whose steps a test may hold back: letters, a space,
/// punctuation, the two bytes of `é`, and the end of a text.
struct TestModel {
    let gate = StepGate()
    let engine: Engine
    let tokenizer: Tokenizer
    let length: Int
    let chat: ChatModel?

    /// - Parameters:
    ///   - isGated: whether steps wait for the test to allow them.
    ///   - template: the source of its chat template.
    ///   - fills: whether it has tokens for filling in the middle, 32 to 34.
    init(
        isGated: Bool = false, length: Int = 128, chunk: Int = 16, running: Int = 4,
        waiting: Int = 1 << 20, waitingTokens: Int = 1 << 20, sequences: Int = 8,
        failingStep: Int? = nil, template: String? = nil, fills: Bool = false
    ) async throws {
        let planner = KVPlanner(
            geometry: KVGeometry(spans: [.full], kvHeads: 1, headDim: 2), blockSize: 4,
            maxModelLength: length, maxChunk: chunk)
        let layout = try planner.plan(sequences: sequences)
        let gate = gate
        if !isGated { gate.open() }
        var configuration = SchedulerConfiguration(
            maxStepTokens: 64, maxStepOutputs: 32, maxChunk: chunk, maxRunning: running,
            maxWaiting: waiting)
        configuration.maxWaitingTokens = waitingTokens
        tokenizer = try Self.tokenizer(fills: fills)
        self.length = length
        let tokenizer = tokenizer
        chat = try template.map { try ChatModel(template: $0, tokenizer: tokenizer) }
        engine = try await Engine(
            tokenizer: tokenizer, layout: layout, configuration: configuration
        ) {
            let executor = HashExecutor(
                layout: layout, vocabularySize: tokenizer.vocabularySize, maxStepTokens: 64,
                maxStepOutputs: 32)
            executor.failingStep = failingStep
            return GatedExecutor(executor, gate: gate)
        }
    }

    var served: ServedModel {
        ServedModel(
            engine: engine, names: ModelNames("tiny", others: ["tiny.gguf"]),
            bounds: ModelBounds(tokenizer: tokenizer, maxModelLength: length, chat: chat),
            created: 1_700_000_000,
            slots: 4)
    }

    /// Waits until the engine has nothing to do.
    ///
    /// - Returns: the blocks that are in use then, which should be none, and those that are cached.
    func rest() async -> (used: Int, cached: Int) {
        gate.open()
        await engine.pause(.wait)
        engine.resume()
        let scheduling = engine.statistics.scheduling
        return (scheduling.usedBlocks, scheduling.cachedBlocks)
    }

    private static func tokenizer(fills: Bool) throws -> Tokenizer {
        let fill = ["<|fim_prefix|>", "<|fim_suffix|>", "<|fim_middle|>"].enumerated().map {
            """
            , {"id": \(32 + $0), "content": "\($1)", "special": false, "single_word": false,
             "lstrip": false, "rstrip": false, "normalized": false}
            """
        }.joined()
        let pieces = "abcdefghijklmnopqrstuvwxyz".map(String.init) + ["Ġ", ".", ",", "Ã", "©"]
        let vocabulary = pieces.enumerated().map { "\"\($1)\": \($0)" }.joined(separator: ", ")
        let json = """
            {
              "added_tokens": [
                {"id": 31, "content": "<|endoftext|>", "special": true, "single_word": false,
                 "lstrip": false, "rstrip": false, "normalized": false}\(fills ? fill : "")
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
