import Foundation
import GoldenModels
import KVCache
import ModelFiles
import ModelsTestSupport
import QuireIdentifiers
import QuireModels

/// A golden model, loaded, with a cache for its prompts.
struct GoldenRun {
    let driver: SequenceDriver

    init(
        _ file: GGUFFile, activations: ActivationMode = .float32, dtype: KVDType = .f32,
        blockSize: Int = 16, threads: Int = 1
    ) throws {
        let model = try CPUModel(file)
        let layout = try KVPlanner(
            geometry: model.configuration.kvGeometry, dtype: dtype, blockSize: blockSize,
            maxModelLength: 64, maxChunk: 64
        ).plan(sequences: 1)
        driver = SequenceDriver(
            try CPUExecutor(
                model: model, layout: layout, threads: threads, activations: activations,
                maxStepTokens: 64, maxStepOutputs: 64), layout)
    }

    /// The log-probabilities after every token, fed in steps of at most `chunk`.
    func logProbabilities(_ tokens: [Int], chunk: Int = 64) -> [[Double]] {
        let sequence = driver.start()
        defer { driver.finish(sequence) }
        var result: [[Double]] = []
        for start in stride(from: 0, to: tokens.count, by: chunk) {
            let part = tokens[start..<min(start + chunk, tokens.count)].map { TokenID(UInt32($0)) }
            let logits = driver.step([.init(sequence, part, outputs: part.count)])
            result += logits.map(Self.logSoftmax)
        }
        return result
    }

    /// The log-probabilities after the last token, in a step that wants no others.
    func last(_ tokens: [Int]) -> [Double]? {
        let sequence = driver.start()
        defer { driver.finish(sequence) }
        let ids = tokens.map { TokenID(UInt32($0)) }
        return driver.step([.init(sequence, ids, outputs: 1)]).first.map(Self.logSoftmax)
    }

    private static func logSoftmax(_ logits: [Float]) -> [Double] {
        let largest = Double(logits.max() ?? 0)
        let sum = logits.reduce(0) { $0 + exp(Double($1) - largest) }
        return logits.map { Double($0) - largest - log(sum) }
    }
}
