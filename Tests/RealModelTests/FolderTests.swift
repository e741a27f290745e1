import Foundation
import KVCache
import ModelFiles
import ModelsTestSupport
import QuireIdentifiers
import QuireModels
import Tensors
import Testing
import Tokenization

/// The real models from folders of safetensors, which `scripts/goldens/dequantised.py` made of
/// their files: `NAME-f32` beside `NAME.gguf`.
@Suite(.enabled(if: RealModel.hasFolders), .serialized)
struct FolderTests {
    static let compute = Compute(pool: WorkerPool(threads: 1))

    @Test(arguments: RealModel.allCases)
    func `a folder in float32 answers as the file that it was made of`(model: RealModel) throws {
        guard let path = try model.safetensorsPath() else { return }
        let file = try model.driver(activations: .float32)
        let folder = try RealModel.driver(
            of: CPUModel(ModelFolder.open(path), form: .file), activations: .float32)
        var largest = 0.0
        for prompt in try model.prompts() {
            let tokens = prompt.tokens + prompt.greedy.dropLast()
            for driver in [file, folder] {
                let sequence = driver.start()
                _ = driver.run([.init(sequence, tokens, outputs: prompt.greedy.count)])
                driver.finish(sequence)
            }
            for step in prompt.greedy.indices {
                let token = Int(prompt.greedy[step].rawValue)
                let (one, other) = (
                    folder.logProbability(token, step, Self.compute),
                    file.logProbability(token, step, Self.compute)
                )
                largest = max(largest, abs(one - other))
                if prompt.margin[step] >= 0.01 {
                    #expect(folder.best(step, Self.compute) == prompt.greedy[step])
                }
            }
        }
        #expect(largest <= 1e-3)
    }

    @Test func `a tokenizer.json has the ids of the file's vocabulary`() throws {
        guard let path = try RealModel.qwen05b.safetensorsPath() else { return }
        let (one, other) = (
            try Tokenizer(ModelFolder.open(path)), try RealModel.qwen05b.tokenizer()
        )
        for prompt in try RealModel.qwen05b.references().prompts {
            #expect(
                one.encodePrompt(prompt.text, parseSpecial: true)
                    == other.encodePrompt(prompt.text, parseSpecial: true))
        }
        #expect(one.endOfGeneration == other.endOfGeneration && one.eos == other.eos)
    }
}

extension RealModel {
    static var hasFolders: Bool { allCases.contains { (try? $0.safetensorsPath()) ?? nil != nil } }

    func safetensorsPath() throws -> String? {
        guard let folder = Self.folder else { return nil }
        let path = "\(folder)/\(try references().gguf.dropLast(".gguf".count))-f32"
        return FileManager.default.fileExists(atPath: path) ? path : nil
    }
}
