import KVCache
import ModelsTestSupport
import QuireIdentifiers
import Scheduling
import Testing

@testable import QuireModels

/// Biases of the projections, which some "Llama-fied" models have.
struct BiasTests {
    static let all = [
        "attn_q", "attn_k", "attn_v", "attn_output", "ffn_gate", "ffn_up", "ffn_down", "output",
    ]

    @Test(arguments: ["llama", "mistral", "qwen2", "gemma3"])
    func `biases are added wherever a file has them`(architecture: String) throws {
        let tiny = TinyModel(architecture, seed: 31) { $0.biases = Set(Self.all) }
        let tokens = randomTokens(40, of: tiny, seed: 32)
        let logits = try TinyRun(tiny).allLogits(tokens)
        ForwardTests().expect(
            logits, are: ReferenceModel(model: tiny).logits(tokens.map { Int($0.rawValue) }))
    }

    @Test(arguments: ["llama", "gemma3"], all)
    func `each bias by itself changes the logits as the reference does`(
        architecture: String, name: String
    ) throws {
        let plain = TinyModel(architecture, seed: 33)
        let tokens = randomTokens(24, of: plain, seed: 34)
        let tiny = TinyModel(architecture, seed: 33) { $0.biases = [name] }
        let logits = try TinyRun(tiny).allLogits(tokens)
        #expect(try logits != TinyRun(plain).allLogits(tokens))
        ForwardTests().expect(
            logits, are: ReferenceModel(model: tiny).logits(tokens.map { Int($0.rawValue) }))
    }

    @Test func `biases of one layer alone are added there`() throws {
        var tiny = TinyModel("llama", seed: 35) { $0.biases = Set(Self.all) }
        for name in tiny.tensors.keys
        where name.hasSuffix(".bias") && !name.hasPrefix("blk.1.") { tiny.tensors[name] = nil }
        let tokens = randomTokens(12, of: tiny, seed: 36)
        let logits = try TinyRun(tiny).allLogits(tokens)
        ForwardTests().expect(
            logits, are: ReferenceModel(model: tiny).logits(tokens.map { Int($0.rawValue) }))
    }

    @Test func `biases are added the same in any chunking and company`() throws {
        let tiny = TinyModel("llama", seed: 37) { $0.biases = Set(Self.all) }
        let tokens = randomTokens(50, of: tiny, seed: 38)
        let expected = try TinyRun(tiny, dtype: .f16, activations: .int8).allLogits(tokens)
        for threads in [1, 2] {
            let run = try TinyRun(
                tiny, dtype: .f16, blockSize: 8, threads: threads, activations: .int8)
            for chunk in [1, 7, 50] {
                #expect(run.allLogits(tokens, chunk: chunk) == expected)
            }
            // The last layer goes on with the one row whose logits are wanted.
            let sequence = run.driver.start()
            #expect(run.driver.step([.init(sequence, tokens)]) == [expected[49]])
        }
    }

    @Test func `the likeliest token is looked for after the output's bias was added`() throws {
        var tiny = TinyModel("llama", seed: 39) { $0.biases = ["output"] }
        tiny.tensors["output.bias"]?.values[17] = 1000
        let driver = try TinyRun(tiny, activations: .int8).driver
        let sequence = driver.start()
        _ = driver.step([.init(sequence, randomTokens(5, of: tiny, seed: 40))])
        let peak = driver.executor.peak(0)
        #expect(peak == nil || peak?.token == 17)
    }

    @Test func `a bias of another width is named, with both shapes`() {
        let error = #expect(throws: ModelError.self) {
            _ = try CPUModel(
                try TinyModel("llama") { $0.biases = ["ffn_up"] }.file(tensors: {
                    $0["blk.2.ffn_up.bias"]?.columns -= 1
                    $0["blk.2.ffn_up.bias"]?.values.removeLast()
                }))
        }
        #expect(error?.code == .invalidTensor)
        #expect(error?.subject == "blk.2.ffn_up.bias")
    }
}
