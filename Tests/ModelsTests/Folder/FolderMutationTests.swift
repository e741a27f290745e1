import ModelFiles
import QuireJSON
import TestSupport
import Testing

@testable import QuireModels

/// Damaged configurations, each made from a number: an error or a working load.
@Suite(.serialized, .timeLimit(.minutes(20))) struct FolderMutationTests {
    @Test(arguments: ["llama", "qwen2", "gemma3"])
    func `a mutated config.json is an error or a working load`(architecture: String) throws {
        let tiny = TinyModel(architecture, seed: 2) { $0.layers = 2 }
        var original = try TinyFolder(tiny)
        original.configuration["rope_scaling"] = [
            "rope_type": "yarn", "factor": 2.0, "original_max_position_embeddings": 256,
        ]
        original.configuration["eos_token_id"] = [1, 2]
        let path = try original.write()
        let members = original.configuration.sorted { $0.key < $1.key }.map {
            JSONValue.Member($0.key, $0.value)
        }
        let tokens = randomTokens(3, of: tiny, seed: 1)
        var loads = 0
        for seed in 0..<700 {
            var mutator = Mutator(seed: UInt64(seed))
            _ = try original.folder.write("config.json", mutator.json(.object(members)))
            do {
                let model = try CPUModel(ModelFolder.open(path), form: .file)
                loads += 1
                // An executor takes much longer to make than a configuration to read.
                guard loads.isMultiple(of: 8) else { continue }
                let logits = try TinyRun(model).allLogits(tokens)
                #expect(logits.allSatisfy { $0.count == tiny.vocabulary }, "seed \(seed)")
            } catch let error as ModelFileError {
                #expect(!error.message.isEmpty, "seed \(seed)")
            } catch let error as ModelError {
                #expect(!error.message.isEmpty, "seed \(seed)")
            }
        }
        // Mutations that never load, or always do, test nothing.
        #expect((35..<665).contains(loads), "\(loads) of 700 load")
    }
}
