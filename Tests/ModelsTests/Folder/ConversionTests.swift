import ModelFiles
import QuireJSON
import Tensors
import TestSupport
import Testing

@testable import QuireModels

/// A folder written as a GGUF file is the file that the field's converter makes of it.
struct ConversionTests {
    private static let families = [
        "llama", "mistral", "qwen2", "qwen3", "gemma", "gemma2", "gemma3", "smollm3", "granite",
        "phi3", "seed_oss", "olmo2", "glm4", "exaone4", "ernie4_5",
    ]

    private func converted(
        _ model: any ModelDescription, _ quantization: Quantization? = nil
    ) throws -> GGUFFile {
        let conversion = try GGUFConversion(
            model, quantization: quantization, tokenizer: [], pool: WorkerPool(threads: 2))
        let folder = try TemporaryFolder()
        let path = folder.path("m.gguf")
        try conversion.writer.write(to: path)
        return try GGUFFile.open(path)
    }

    private func logits(_ model: any ModelSource, _ tiny: TinyModel) throws -> [[Float]] {
        try TinyRun(CPUModel(model, form: .file)).allLogits(randomTokens(24, of: tiny, seed: 4))
    }

    private func expectNear(
        _ one: [[Float]], _ other: [[Float]], _ tolerance: Float,
        sourceLocation: SourceLocation = #_sourceLocation
    ) {
        for (row, expected) in zip(one, other) {
            let difference = zip(row, expected).map { abs($0 - $1) }.max() ?? 0
            #expect(difference <= tolerance, sourceLocation: sourceLocation)
        }
    }

    @Test(arguments: families)
    func `tensors have the values and the order of a converter's file`(family: String) throws {
        let tiny = TinyModel(family, seed: 6)
        let expected = try tiny.file(matrices: .bf16)
        let found = try converted(try TinyFolder(tiny, format: .bf16).open())
        // GLM's file may have Q, K and V in one, which its folder has not.
        let names = Set(expected.tensorNames)
        if family != "glm4" { #expect(Set(found.tensorNames) == names) }
        for name in found.tensorNames where names.contains(name) {
            let (one, other) = (
                try #require(found.tensor(named: name)), try #require(expected.tensor(named: name))
            )
            #expect(one.dimensions == other.dimensions && one.formatName == other.formatName)
            let pool = WorkerPool(threads: 1)
            let bytes = try [(found, one), (expected, other)].map { file, tensor in
                let matrix = try file.weights(tensor)
                return matrix.bytes(ofRows: 0..<matrix.rows, by: pool)
            }
            guard one.dimensions.count == 1 else {
                #expect(bytes[0] == bytes[1], "\(name)")
                continue
            }
            // A norm's weights that were less by 1 have lost a bit.
            for (left, right) in zip(try found.floats(name), try expected.floats(name)) {
                #expect(abs(left - right) < 1e-6, "\(name)")
            }
        }
    }

    @Test(arguments: families)
    func `the file answers as the folder`(family: String) throws {
        let tiny = TinyModel(family, seed: 6)
        let folder = try TinyFolder(tiny).open()
        let file = try converted(folder)
        #expect(file.metadata.value(for: "\(file.architecture).tensor_data_layout") == nil)
        expectNear(try logits(file, tiny), try logits(folder, tiny), 2e-5)
    }

    @Test(arguments: [Quantization.q8_0, .q4_0, .q4_k_m, .f16])
    func `a folder rounded at load answers as the file that was rounded`(
        quantization: Quantization
    ) throws {
        for family in ["qwen2", "gemma3", "qwen3"] {
            let tiny = TinyModel(family, seed: 6) {
                $0.width = 256
                $0.hidden = 512
            }
            let folder = try TinyFolder(tiny).open()
            let file = try converted(folder, quantization)
            let rounded = RequantizedModel(folder, quantization)
            for name in file.tensorNames {
                let format = rounded.description(ofTensor: name)?.formatName
                #expect(file.tensor(named: name)?.formatName == format, "\(name)")
            }
            for form in [CPUModel.WeightForm.file, .packed] {
                let answers = try [file as any ModelSource, rounded].map { source in
                    try TinyRun(
                        CPUModel(source, form: form, threads: 2),
                        activations: form == .file ? .float32 : .int8
                    ).allLogits(randomTokens(24, of: tiny, seed: 4))
                }
                #expect(answers[0] == answers[1], "\(family) \(form)")
            }
            #expect(try logits(rounded, tiny) != logits(folder, tiny))
        }
    }

    @Test func `parameters have the types that readers of such files ask for`() throws {
        let tiny = TinyModel("gemma3", seed: 6)
        var folder = try TinyFolder(tiny)
        let types = (0..<tiny.layers).map { $0 == 2 ? "full_attention" : "sliding_attention" }
        folder.configuration["layer_types"] = .array(types.map { .string($0) })
        let metadata = try converted(try folder.open(), .q8_0).metadata
        #expect(metadata.type(of: "gemma3.block_count") == .uint32)
        #expect(metadata.type(of: "gemma3.attention.layer_norm_rms_epsilon") == .float32)
        #expect(metadata.type(of: "gemma3.rope.freq_base") == .float32)
        let pattern = try metadata.array("gemma3.attention.sliding_window_pattern")
        #expect(pattern.elementType == .bool && pattern.count == tiny.layers)
        #expect(try metadata.integer("general.file_type") == 7)
        #expect(try metadata.integer("general.quantization_version") == 2)
        let plain = try converted(try TinyFolder(tiny, format: .bf16).open()).metadata
        #expect(try plain.integer("general.file_type") == 32)
        #expect(plain.value(for: "general.quantization_version") == nil)
    }

    @Test func `of a file everything is kept but the formats of matrices`() throws {
        let tiny = TinyModel("llama", seed: 6)
        let file = try tiny.file({ $0["tokenizer.ggml.model"] = .text("none of this program's") })
        let same = try converted(file)
        #expect(same.metadata.keys == file.metadata.keys && same.tensors == file.tensors)
        let rounded = try converted(file, .q8_0)
        #expect(
            rounded.metadata.keys == file.metadata.keys + [
                "general.file_type", "general.quantization_version",
            ])
        #expect(rounded.tensor(named: "blk.0.attn_q.weight")?.formatName == "Q8_0")
        #expect(rounded.tensor(named: "blk.0.attn_norm.weight")?.formatName == "F32")
        expectNear(try logits(rounded, tiny), try logits(file, tiny), 0.2)
        #expect(RequantizedModel(file, .q4_0).warnings.isEmpty)
        #expect(RequantizedModel(rounded, .q4_0).warnings.count == 1)
        #expect(RequantizedModel(rounded, .q8_0).warnings.isEmpty)
    }

    @Test func `experts are rounded one after another`() throws {
        let tiny = TinyModel("qwen3moe", seed: 6) { $0.hidden = 64 }
        let file = try tiny.file()
        let rounded = try converted(file, .q8_0)
        #expect(rounded.tensor(named: "blk.0.ffn_down_exps.weight")?.formatName == "Q8_0")
        #expect(rounded.tensor(named: "blk.0.ffn_gate_inp.weight")?.formatName == "F32")
        let answer = try logits(rounded, tiny)
        #expect(try answer == logits(RequantizedModel(file, .q8_0), tiny))
        #expect(try answer != logits(file, tiny))
    }
}

extension GGUFFile {
    fileprivate var architecture: String {
        (try? metadata.string("general.architecture")) ?? ""
    }
}
