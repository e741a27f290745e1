import KVCache
import ModelsTestSupport
import QuireIdentifiers
import TestSupport

@testable import QuireModels

/// A tiny model, loaded, with a cache of a layout to choose.
struct TinyRun {
    let driver: SequenceDriver

    init(
        _ tiny: TinyModel, dtype: KVDType = .f32, blockSize: Int = 16, threads: Int = 1,
        maxModelLength: Int = 256, activations: ActivationMode = .float32
    ) throws {
        try self.init(
            CPUModel(try tiny.file()), dtype: dtype, blockSize: blockSize, threads: threads,
            maxModelLength: maxModelLength, activations: activations)
    }

    init(
        _ model: CPUModel, dtype: KVDType = .f32, blockSize: Int = 16, threads: Int = 1,
        maxModelLength: Int = 256, activations: ActivationMode = .float32
    ) throws {
        let planner = KVPlanner(
            geometry: model.configuration.kvGeometry, dtype: dtype, blockSize: blockSize,
            maxModelLength: maxModelLength, maxChunk: maxModelLength)
        let layout = try planner.plan(sequences: 4)
        let executor = try CPUExecutor(
            model: model, layout: layout, threads: threads, activations: activations,
            maxStepTokens: 256, maxStepOutputs: 256)
        driver = SequenceDriver(executor, layout)
    }

    /// The logits of every position of a sequence, fed in steps of at most `chunk` tokens.
    func allLogits(_ tokens: [TokenID], chunk: Int = 256) -> [[Float]] {
        let sequence = driver.start()
        defer { driver.finish(sequence) }
        var logits: [[Float]] = []
        for start in stride(from: 0, to: tokens.count, by: chunk) {
            let part = Array(tokens[start..<min(start + chunk, tokens.count)])
            logits += driver.step([.init(sequence, part, outputs: part.count)])
        }
        return logits
    }
}

/// Tokens of a tiny model's vocabulary.
func randomTokens(_ count: Int, of tiny: TinyModel, seed: UInt64) -> [TokenID] {
    var random = SeededGenerator(seed: seed)
    return (0..<count).map { _ in
        TokenID(UInt32.random(in: 0..<UInt32(tiny.vocabulary), using: &random))
    }
}
