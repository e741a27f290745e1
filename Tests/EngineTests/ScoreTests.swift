import FakeExecutor
import Foundation
import QuireEngine
import QuireIdentifiers
import Scheduling
import Testing

@Suite struct `Scores` {
    /// The log probability of each token after its prefix, asked for one at a time.
    private func oneByOne(_ tokens: [TokenID], from first: Int) throws -> [Double] {
        try (first..<tokens.count).map { index in
            let answer = try TinyModel().llm.generate(
                [Array(tokens[..<index])],
                SamplingParameters(maxTokens: 1, logprobs: 32, ignoreEOS: true))[0]
            let top = try #require(answer.logprobs?.first?.top)
            return try #require(top.first { $0.token == tokens[index] }).logprob
        }
    }

    @Test func `are those of the tokens one at a time, in any portions`() throws {
        let sequences = TinyModel.prompts(4, seed: 8, lengths: 12...40)
        let expected = try sequences.map { try oneByOne($0, from: 5) }
        for (outputs, chunk, running) in [(1, 16, 1), (3, 5, 3), (8, 16, 4), (64, 64, 2)] {
            let model = try TinyModel(chunk: chunk, running: running, outputs: outputs)
            #expect(try model.llm.score(sequences, from: 5) == expected)
            #expect(model.isClean)
            for step in model.executor.steps {
                #expect(step.reduce(0) { $0 + $1.outputLength } <= outputs)
            }
        }
    }

    @Test func `perplexity takes the second halves of whole windows, each with its BOS`() throws {
        let text = TinyModel.prompts(1, seed: 3, lengths: 70...70)[0]
        for bos in [nil, TinyModel.end] {
            var sum = 0.0
            var count = 0
            for start in [0, 16, 32, 48] {
                var window = Array(text[start..<start + 16])
                if let bos { window[0] = bos }
                for score in try oneByOne(window, from: 9) {
                    sum -= score
                    count += 1
                }
            }
            let result = try TinyModel().llm.perplexity(of: text, window: 16, bos: bos)
            #expect(result.tokens == count)
            #expect(result.tokens == 4 * 7)
            #expect(result.windows == 4)
            #expect(abs(result.value - Foundation.exp(sum / Double(count))) < 1e-9)
        }
    }

    @Test func `what cannot be scored is refused`() throws {
        let model = try TinyModel()
        #expect(throws: EngineError.self) { try model.llm.score([[1, 2, 3]], from: 0) }
        #expect(throws: EngineError.self) { try model.llm.score([[1, 2, 3]], from: 3) }
        #expect(throws: EngineError.self) { try model.llm.score([[1, 2, 3, 4], [1]], from: 1) }
        #expect(throws: EngineError.self) { try model.llm.score([[1, 2, 99, 4]], from: 1) }
        #expect(throws: EngineError.self) {
            try model.llm.perplexity(of: [1, 2, 3], window: 16, bos: nil)
        }
        #expect(throws: EngineError.self) {
            try model.llm.perplexity(of: [1, 2, 3], window: 3, bos: nil)
        }
        #expect(model.isClean)
    }

    @Test func `a failing step fails the whole score and leaks nothing`() throws {
        let model = try TinyModel()
        model.executor.failingStep = 1
        let sequences = TinyModel.prompts(4, seed: 8, lengths: 30...40)
        let error = #expect(throws: EngineError.self) {
            try model.llm.score(sequences, from: 2)
        }
        #expect(error?.code == .executorFailed)
        #expect(model.isClean)
    }
}
