import Foundation
import KVCache
import ModelFiles
import ModelsTestSupport
import QuireIdentifiers
import QuireModels
import Tensors
import Testing
import Tokenization

/// One of the two real models that the references are of.
enum RealModel: String, CaseIterable, CustomTestStringConvertible {
    case qwen05b
    case gemma270m

    /// The folder that holds both model files; without it the suites are skipped.
    static let folder = ProcessInfo.processInfo.environment["QUIRE_MODELS"]

    static var isThere: Bool { folder != nil }

    /// Whether the tests are of a level below the machine's best: smaller grids do there, since
    /// portable C computes some 20 tokens of these models in a second.
    static let isThrifty = ISALevel.active != ISALevel.available.last

    var testDescription: String { rawValue }

    func references() throws -> References { try References.load(rawValue) }

    /// The prompts of the references; thriftily two short ones.
    func prompts() throws -> [References.Prompt] {
        try references().prompts.filter {
            !Self.isThrifty || ["short-en", "story"].contains($0.name)
        }
    }

    func file() throws -> GGUFFile {
        let folder = try #require(Self.folder)
        return try GGUFFile.open("\(folder)/\(try references().gguf)")
    }

    func tokenizer() throws -> Tokenizer { try Tokenizer(gguf: try file()) }

    /// A loaded model with a cache for some sequences of 1,024 tokens.
    func driver(
        activations: ActivationMode = .int8, blockSize: Int = 16, threads: Int = 2,
        maxStepOutputs: Int = 256, sequences: Int = 1, maxModelLength: Int = 1024
    ) throws -> SequenceDriver {
        try Self.driver(
            of: CPUModel(try file()), activations: activations, blockSize: blockSize,
            threads: threads, maxStepOutputs: maxStepOutputs, sequences: sequences,
            maxModelLength: maxModelLength)
    }

    /// The same for any model.
    static func driver(
        of model: CPUModel, activations: ActivationMode = .int8, blockSize: Int = 16,
        threads: Int = 2, maxStepOutputs: Int = 256, sequences: Int = 1,
        maxModelLength: Int = 1024
    ) throws -> SequenceDriver {
        let layout = try KVPlanner(
            geometry: model.configuration.kvGeometry, dtype: activations == .int8 ? .f16 : .f32,
            blockSize: blockSize, maxModelLength: maxModelLength, maxChunk: maxModelLength
        ).plan(sequences: sequences)
        let executor = try CPUExecutor(
            model: model, layout: layout, threads: threads, activations: activations,
            maxStepTokens: maxModelLength, maxStepOutputs: maxStepOutputs)
        return SequenceDriver(executor, layout)
    }
}

extension SequenceDriver {
    /// The token of the largest logit of one output of the last step.
    func best(_ output: Int, _ compute: Compute) -> TokenID {
        let executor = executor
        let row = executor.logits(output)
        return TokenID(UInt32(compute.argmax(row)))
    }

    /// The log-probability of a token at one output of the last step.
    func logProbability(_ token: Int, _ output: Int, _ compute: Compute) -> Double {
        let executor = executor
        let row = executor.logits(output)
        return Double(row[token]) - compute.logSumExp(row)
    }
}
