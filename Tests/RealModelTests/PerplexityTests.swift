import Foundation
import ModelsTestSupport
import QuireIdentifiers
import QuireModels
import Tensors
import Testing
import Tokenization

/// Perplexity by the usual strided definition: windows of 512 tokens, of which the second half is
/// scored.
///
/// At the best level alone: it takes 7,000 tokens to tell a hundredth, and what the levels below
/// compute is held against the references by `AgreementTests`.
@Suite(.enabled(if: RealModel.isThere && !RealModel.isThrifty), .serialized)
struct PerplexityTests {
    static let window = 512

    @Test(arguments: RealModel.allCases)
    func `perplexity is within a hundredth of the better reference`(model: RealModel) throws {
        let all = try JSONDecoder().decode(
            PerplexityReferences.self, from: try References.data("perplexity", "json"))
        let reference = model == .qwen05b ? all.qwen05b : all.gemma270m
        let text = String(decoding: try References.data("ppl_text_gpl3", "txt"), as: UTF8.self)
        let tokenizer = try model.tokenizer()
        let tokens = tokenizer.encode(text)
        // The reference counts the BOS where the model adds one.
        #expect(tokenizer.encodePrompt(text).count == reference.tokens)
        let addsBOS = tokenizer.encodePrompt(text).first == tokenizer.bos
        let perplexity = try perplexity(
            of: tokens, try model.driver(), bos: addsBOS ? tokenizer.bos : nil)
        let better = min(reference.f32, reference.llamaCppQ4KM)
        #expect(perplexity <= better * 1.01)
        #expect(perplexity >= better * 0.99)
    }

    private func perplexity(
        of tokens: [TokenID], _ driver: SequenceDriver, bos: TokenID?
    ) throws -> Double {
        let compute = AgreementTests.compute
        let half = Self.window / 2
        var sum = 0.0
        var count = 0
        for start in stride(from: 0, through: tokens.count - Self.window, by: Self.window) {
            var window = Array(tokens[start..<start + Self.window])
            if let bos { window[0] = bos }
            let sequence = driver.start()
            // The logits of token i score token i + 1; the last token scores nothing.
            _ = driver.run([.init(sequence, Array(window[..<half]), outputs: 0)])
            let outputs = driver.run([
                .init(sequence, Array(window[half..<(Self.window - 1)]), outputs: half - 1)
            ])
            driver.finish(sequence)
            for output in 0..<outputs {
                let next = Int(window[half + output + 1].rawValue)
                sum -= driver.logProbability(next, output, compute)
                count += 1
            }
        }
        return exp(sum / Double(count))
    }
}
