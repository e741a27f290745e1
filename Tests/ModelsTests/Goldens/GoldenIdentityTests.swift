import GoldenModels
import KVCache
import ModelFiles
import Testing

@testable import QuireModels

/// A token's logits do not depend, to the bit, on pages, chunks and threads: for models of the
/// kinds that `BitIdentityTests` has none of.
struct GoldenIdentityTests {
    static let names = ["gpt-oss", "gemma4", "glm4moe", "bloom", "mpt", "olmo", "llama4"]

    @Test(arguments: names, [KVDType.f16, .int8])
    func `paged and chunked equals contiguous and whole`(name: String, dtype: KVDType) throws {
        let golden = try GoldenModel(name)
        let file = try GGUFFile(bytes: golden.gguf())
        let tokens = golden.prompts.map(\.tokens).max { $0.count < $1.count } ?? []
        for activations in [ActivationMode.float32, .int8] {
            let whole = try GoldenRun(file, activations: activations, dtype: dtype, blockSize: 64)
                .logProbabilities(tokens)
            for (blockSize, threads) in [(8, 1), (16, 2)] {
                let run = try GoldenRun(
                    file, activations: activations, dtype: dtype, blockSize: blockSize,
                    threads: threads)
                for chunk in [1, 3, 64] {
                    #expect(
                        run.logProbabilities(tokens, chunk: chunk) == whole,
                        "\(activations), blocks of \(blockSize), chunks of \(chunk)")
                }
            }
        }
    }

    @Test(arguments: names) func `logits do not depend on how many are wanted`(
        name: String
    ) throws {
        let golden = try GoldenModel(name)
        let run = try GoldenRun(try GGUFFile(bytes: golden.gguf()), activations: .int8)
        for prompt in golden.prompts {
            let all = run.logProbabilities(prompt.tokens)
            #expect(run.last(prompt.tokens) == all.last)
        }
    }
}
