import Foundation
import KVCache
import ModelFiles
import QuireEngine
import QuireIdentifiers
import QuireModels
import Scheduling
import Tokenization

/// The demo model in this process, for what the command has no setting for.
struct DemoEngine {
    let model: CPUModel
    let tokenizer: Tokenizer

    init() throws {
        let file = try GGUFFile.open(QuireProcess.demoModel.path)
        model = try CPUModel(file)
        tokenizer = try Tokenizer(gguf: file)
    }

    /// Tokens of the longest sequence.
    var contextLength: Int { model.configuration.contextLength }

    /// An engine of its own, with a cache for four sequences of the full context.
    func llm(
        blockSize: Int = 16, chunk: Int = 512, threads: Int = 1,
        activations: ActivationMode = .int8
    ) throws -> LLM {
        let planner = KVPlanner(
            geometry: model.configuration.kvGeometry, blockSize: blockSize,
            maxModelLength: contextLength, maxChunk: chunk)
        let layout = try planner.plan(sequences: 4)
        let executor = try CPUExecutor(
            model: model, layout: layout, threads: threads, activations: activations)
        return try LLM(executor: executor, tokenizer: tokenizer, layout: layout)
    }
}
