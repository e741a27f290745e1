import QuireEngine
import QuireIdentifiers
import Testing
import Tokenization

/// A cache in pages gives the tokens and log-probabilities of a contiguous one, to the bit,
/// however prompts are chunked, whoever shares the steps, and on any number of threads.
struct PagedEqualsContiguousTests {
    private static let texts = [
        """
        Tell me a story about a brave little dragon.

        Once upon a time there was a brave little dragon called Ruby. She lived in a tower that \
        nobody else wanted. Her best friend was a sleepy mouse named Tom, and every day they \
        played near the old mill. One windy morning the golden bell was gone.
        """,
        "The Penguin and the Moon\n\n",
        "One",
    ]

    private static let greedy = SamplingParameters(maxTokens: 10, logprobs: 5, ignoreEOS: true)
    private static let sampled = SamplingParameters(
        temperature: 0.9, maxTokens: 10, topK: 40, topP: 0.95, seed: 7, logprobs: 5,
        ignoreEOS: true)

    /// What no setting may change.
    private struct Answer: Equatable {
        let tokens: [TokenID]
        let logprobs: [TokenLogprob]?

        init(_ completion: Completion) {
            tokens = completion.tokens
            logprobs = completion.logprobs
        }
    }

    /// Each prompt alone, in a contiguous cache, in one chunk, on one thread.
    private func contiguous(
        _ engine: DemoEngine, _ parameters: SamplingParameters
    ) throws -> [Answer] {
        try Self.texts.map { text in
            let llm = try engine.llm(blockSize: engine.contextLength)
            let prompt = engine.tokenizer.encodePrompt(text)
            return Answer(try llm.generate([prompt], parameters)[0])
        }
    }

    @Test(arguments: [1, 8, 16, 32, 256, 512], [1, 7, 64, 512])
    func `block and chunk sizes and threads change nothing`(blockSize: Int, chunk: Int) throws {
        let engine = try DemoEngine()
        let prompts = Self.texts.map { engine.tokenizer.encodePrompt($0) }
        for parameters in [Self.greedy, Self.sampled] {
            let expected = try contiguous(engine, parameters)
            for threads in [1, 2] {
                let llm = try engine.llm(blockSize: blockSize, chunk: chunk, threads: threads)
                let answers = try llm.generate(prompts, parameters).map(Answer.init)
                #expect(answers == expected, "\(threads) threads")
            }
        }
    }
}
