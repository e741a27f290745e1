import KVCache
import ModelFiles
import QuireJSON
import Tensors
import TestSupport
import Testing

@testable import QuireModels

/// A folder of safetensors answers as the GGUF file of the same weights.
struct FolderAnswerTests {
    private func logits(_ source: any ModelSource, _ tiny: TinyModel) throws -> [[Float]] {
        try TinyRun(CPUModel(source, form: .file)).allLogits(randomTokens(40, of: tiny, seed: 3))
    }

    private func expectSame(
        _ folder: TinyFolder, as file: GGUFFile, sourceLocation: SourceLocation = #_sourceLocation
    ) throws {
        let (one, other) = (
            try logits(try folder.open(), folder.tiny), try logits(file, folder.tiny)
        )
        // Halves of heads are added up in another order than pairs of neighbours, and a scale that
        // a configuration gives may be rounded another way than the one that is assumed.
        let isExact = ["qwen2", "qwen3", "gemma", "gemma3", "phi3", "seed_oss"].contains(
            folder.tiny.architecture)
        let tolerance: Float = isExact ? 0 : 2e-5
        for (row, expected) in zip(one, other) {
            let difference = zip(row, expected).map { abs($0 - $1) }.max() ?? 0
            #expect(difference <= tolerance, sourceLocation: sourceLocation)
        }
    }

    @Test(arguments: ["llama", "qwen2", "gemma3"], [TensorFormat.f32, .f16, .bf16])
    func `the logits are the same`(architecture: String, format: TensorFormat) throws {
        let tiny = TinyModel(architecture, seed: 7)
        try expectSame(try TinyFolder(tiny, format: format), as: try tiny.file(matrices: format))
    }

    @Test(arguments: [
        "mistral", "qwen3", "gemma", "gemma2", "smollm3", "granite", "phi3", "seed_oss", "olmo2",
        "glm4", "exaone4", "ernie4_5",
    ])
    func `the logits of other families are the same`(architecture: String) throws {
        let tiny = TinyModel(architecture, seed: 9)
        try expectSame(try TinyFolder(tiny), as: try tiny.file())
    }

    @Test func `what a configuration says is honoured`() throws {
        let changes: [(String, JSONValue, (inout TinyModel) -> Void)] = [
            ("rope_theta", 500.0, { $0.ropeBase = 500 }),
            ("rms_norm_eps", 0.01, { $0.epsilon = 0.01 }),
            ("sliding_window", 5, { $0.window = 5 }),
            ("partial_rotary_factor", 0.5, { $0.rotary = $0.headDimension / 2 }),
            ("query_pre_attn_scalar", 4, { $0.attentionScale = 0.5 }),
        ]
        for (key, value, change) in changes {
            // Converters of llama files permute whole heads, also where only a part is turned.
            let architecture = key == "partial_rotary_factor" ? "qwen2" : "llama"
            let tiny = TinyModel(architecture, seed: 8)
            var folder = try TinyFolder(tiny)
            folder.configuration[key] = value
            try expectSame(folder, as: TinyModel(architecture, seed: 8, change).file())
            let before = try logits(TinyFolder(tiny).open(), tiny)
            #expect(try logits(folder.open(), tiny) != before)
        }
    }

    @Test func `the layers with a window are those that a configuration lists`() throws {
        let tiny = TinyModel("gemma3", seed: 8)
        var folder = try TinyFolder(tiny)
        let types = (0..<tiny.layers).map { $0 == 2 ? "full_attention" : "sliding_attention" }
        folder.configuration["layer_types"] = .array(types.map { .string($0) })
        let c = try ModelConfiguration(folder.open())
        #expect(c.spans.map { $0 == .full } == types.map { $0 == "full_attention" })
        folder.configuration["layer_types"] = nil
        folder.configuration["sliding_window_pattern"] = 3
        let other = try ModelConfiguration(folder.open())
        #expect(other.spans[2] == .full && other.spans[1] != .full && other.spans[3] != .full)
    }

    @Test func `llama's rule for long contexts gives a divisor for each pair`() throws {
        let tiny = TinyModel("llama", seed: 8) { $0.headDimension = 16 }
        var folder = try TinyFolder(tiny)
        let rule: JSONValue = [
            "rope_type": "llama3", "factor": 8.0, "low_freq_factor": 1.0, "high_freq_factor": 4.0,
            "original_max_position_embeddings": 64,
        ]
        folder.configuration["rope_scaling"] = rule
        let c = try ModelConfiguration(folder.open())
        let scaling = RopeScaling.Llama3(
            factor: 8, lowFrequencyFactor: 1, highFrequencyFactor: 4, originalContextLength: 64)
        var plain = c.ropes[0]
        plain.frequencyFactors = nil
        let expected = plain.frequencies(context: 64).map { $0 / scaling.scaled($0) }
        let found = try #require(c.ropes[0].frequencyFactors)
        for (one, other) in zip(found, expected) { #expect(abs(Double(one) - other) < 1e-5) }
        #expect(found.first == 1 && found.last == 8 && found.contains { $0 > 1 && $0 < 8 })
        // Version 5 of the library has them in one object with the base.
        folder.configuration["rope_scaling"] = nil
        folder.configuration["rope_theta"] = nil
        folder.configuration["rope_parameters"] = .object(
            (rule.members ?? []) + [.init("rope_theta", 10_000.0)])
        #expect(try ModelConfiguration(folder.open()).ropes == c.ropes)
    }

    @Test func `tied embeddings are the output matrix, whatever else is there`() throws {
        let tiny = TinyModel("qwen2", seed: 5) { $0.hasOutput = false }
        var folder = try TinyFolder(tiny)
        try expectSame(folder, as: tiny.file())
        let noise = [Float](repeating: 3, count: tiny.vocabulary * tiny.width)
        folder.weights.add("lm_head.weight", [tiny.vocabulary, tiny.width], noise)
        try expectSame(folder, as: tiny.file())
    }

    @Test func `the text part of a model that sees is read`() throws {
        let tiny = TinyModel("gemma3", seed: 5)
        var folder = try TinyFolder(tiny)
        folder.configuration["model_type"] = "gemma3_text"
        folder.configuration = [
            "model_type": "gemma3", "vision_config": ["hidden_size": 1152],
            "image_token_index": 262_144,
            "text_config": .object(folder.configuration.map { .init($0.key, $0.value) }),
        ]
        for index in folder.weights.members.indices {
            folder.weights.members[index].key =
                "language_model." + folder.weights.members[index].key
        }
        folder.weights.add("vision_tower.vision_model.post_layernorm.weight", [4], [1, 2, 3, 4])
        try expectSame(folder, as: tiny.file())
        #expect(try folder.open().warnings.count == 1)
    }
}
