import GoldenModels
import KVCache
import ModelFiles
import ModelsTestSupport
import QuireIdentifiers
import TestSupport
import Testing

@testable import QuireModels

/// Latent attention keeps a latent vector a token and nothing else, and an answer's bits depend on
/// the request alone.
struct LatentTests {
    static let names = ["deepseek2", "deepseek2-lite", "deepseek3"]

    private func model(
        _ name: String, _ change: (inout [(key: String, value: GGUFValue)]) -> Void = { _ in },
        tensors edit: (inout [GoldenModel.Tensor]) -> Void = { _ in }
    ) throws -> CPUModel {
        try CPUModel(GGUFFile(bytes: try GoldenModel(name).gguf(change, tensors: edit)))
    }

    private func tokens(_ count: Int, seed: UInt64) -> [TokenID] {
        var random = SeededGenerator(seed: seed)
        return (0..<count).map { _ in TokenID(UInt32.random(in: 3..<97, using: &random)) }
    }

    @Test(arguments: names)
    func `the cache has room for latent vectors and what is turned, and for no more`(
        name: String
    ) throws {
        let geometry = try model(name).configuration.kvGeometry
        #expect(geometry.bytesPerToken(.f16) == 3 * (40 + 16) * 2)
    }

    @Test(arguments: names, [KVDType.f16, .bf16, .f32])
    func `paged and chunked equals contiguous and whole`(name: String, dtype: KVDType) throws {
        let model = try model(name)
        let tokens = tokens(75, seed: 22)
        let expected = try TinyRun(model, dtype: dtype, blockSize: 256).allLogits(tokens)
        for (blockSize, threads) in [(1, 1), (8, 2), (16, 1), (32, 2)] {
            let paged = try TinyRun(model, dtype: dtype, blockSize: blockSize, threads: threads)
            for chunk in [1, 7, 64] {
                #expect(
                    paged.allLogits(tokens, chunk: chunk) == expected,
                    "blocks of \(blockSize), chunk \(chunk), threads \(threads)")
            }
        }
    }

    @Test(arguments: names)
    func `prefills beside decodes of others equal each request alone`(name: String) throws {
        let model = try model(name)
        let prompts = [tokens(19, seed: 1), tokens(3, seed: 2), tokens(40, seed: 3)]
        let alone = try prompts.map { try TinyRun(model, dtype: .f16).allLogits($0) }
        let driver = try TinyRun(model, dtype: .f16, blockSize: 8, threads: 2).driver
        let sequences = prompts.map { _ in driver.start() }
        var (fed, found) = ([0, 0, 0], [[[Float]]](repeating: [], count: 3))
        for step in [[7, 0, 0], [1, 3, 0], [1, 0, 13], [10, 0, 1], [0, 0, 26]] {
            let feeds = step.indices.filter { step[$0] > 0 }.map { request in
                let part = prompts[request][fed[request]..<fed[request] + step[request]]
                fed[request] += step[request]
                return SequenceDriver.Feed(
                    sequences[request], Array(part), outputs: step[request])
            }
            var rest = driver.step(feeds)[...]
            for request in step.indices {
                found[request] += rest.prefix(step[request])
                rest = rest.dropFirst(step[request])
            }
        }
        #expect(found == alone)
    }

    @Test(arguments: names)
    func `logits do not depend on how many of a step are wanted`(name: String) throws {
        let run = try TinyRun(try model(name), dtype: .f16)
        let prompt = tokens(41, seed: 5)
        let all = run.allLogits(prompt)
        let sequence = run.driver.start()
        #expect(run.driver.step([.init(sequence, prompt, outputs: 3)]) == all.suffix(3))
    }

    @Test(arguments: names)
    func `older files, with keys and values in one tensor, answer alike`(name: String) throws {
        let today = try model(name)
        let older = try model(
            name,
            { metadata in
                let renamed = ["attention.key_length", "attention.value_length"].map {
                    "deepseek2." + $0
                }
                metadata.removeAll { renamed.contains($0.key) }
                for index in metadata.indices where metadata[index].key.hasSuffix("_mla") {
                    metadata[index].key.removeLast("_mla".count)
                }
            }, tensors: Self.joinKeysAndValues)
        let prompt = tokens(30, seed: 7)
        let (run, old) = (try TinyRun(today), try TinyRun(older))
        #expect(old.allLogits(prompt) == run.allLogits(prompt))
    }

    /// Heads of 24 values of keys and 32 of values, of latent vectors of 40.
    private static func joinKeysAndValues(_ tensors: inout [GoldenModel.Tensor]) {
        for layer in 0..<3 {
            let keysName = "blk.\(layer).attn_k_b.weight"
            let valuesName = "blk.\(layer).attn_v_b.weight"
            guard let keys = tensors.first(where: { $0.name == keysName }),
                let values = tensors.first(where: { $0.name == valuesName })
            else { continue }
            var joined: [Float] = []
            for head in 0..<3 {
                for row in 0..<24 {
                    joined += (0..<40).map { keys.values[(head * 40 + $0) * 24 + row] }
                }
                joined += values.values[head * 32 * 40..<(head + 1) * 32 * 40]
            }
            tensors.removeAll { [keysName, valuesName].contains($0.name) }
            tensors.append(
                GoldenModel.Tensor(
                    name: "blk.\(layer).attn_kv_b.weight", shape: [3 * 56, 40], values: joined))
        }
    }

    @Test func `a cache of bytes is refused by name`() throws {
        let model = try model("deepseek2-lite")
        let error = #expect(throws: ModelError.self) { try TinyRun(model, dtype: .int8) }
        #expect(error?.message.contains("latent vectors") == true)
        #expect(error?.message.contains("f16 or bf16") == true)
    }
}
