import KVCache
import ModelFiles
import Tensors
import Testing

@testable import QuireModels

struct ConfigurationTests {
    @Test(arguments: ["llama", "mistral", "qwen2", "gemma3"])
    func `a well-formed file gives its hyper-parameters`(architecture: String) throws {
        let model = TinyModel(architecture)
        let c = try ModelConfiguration(try model.file())
        #expect(c.architecture == architecture)
        #expect(c.layerCount == model.layers)
        #expect(c.embeddingLength == model.width)
        for layer in c.layers {
            #expect(layer.headCount == model.heads)
            #expect(layer.kvHeadCount == model.kvHeads)
            #expect(layer.headDimension == model.headDimension)
            #expect(layer.feedForwardLength == model.hidden)
        }
        #expect(c.vocabularySize == model.vocabulary)
        #expect(c.contextLength == model.context)
        #expect(c.norm.epsilon == model.epsilon)
        #expect(c.tensors.biased.isEmpty == (architecture != "qwen2"))
        let pairing: RotaryStyle =
            ["qwen2", "gemma3"].contains(architecture) ? .neox : .interleaved
        #expect(c.ropes.allSatisfy { $0.pairing == pairing })
    }

    @Test func `every sixth layer of gemma3 is global, with the file's rope base`() throws {
        let c = try ModelConfiguration(try TinyModel("gemma3").file())
        let local = AttentionSpan.slidingWindow(12)
        #expect(c.spans == [local, local, local, local, local, .full, local])
        #expect(c.layers.map(\.rope) == [1, 1, 1, 1, 1, 0, 1])
        #expect(c.ropes.map(\.base) == [1_000_000, 10_000])
        #expect(c.embeddingScale == Float(32).squareRoot())
        for layer in c.layers {
            #expect(layer.attentionScale == 0.25)
            #expect(layer.activation == .gated(.gelu))
        }
    }

    @Test func `linear rope scaling of gemma3 is for the global layers only`() throws {
        let c = try configuration("gemma3") {
            $0["gemma3.rope.scaling.type"] = .text("linear")
            $0["gemma3.rope.scaling.factor"] = .float32(8)
        }
        #expect(c.ropes.map(\.scaling) == [.linear(factor: 8), .none])
    }

    @Test func `a window of llama files is for all layers`() throws {
        let c = try configuration("llama") { $0["llama.attention.sliding_window"] = .uint32(64) }
        #expect(c.spans == [.slidingWindow(64), .slidingWindow(64), .slidingWindow(64)])
    }

    @Test func `yarn and the old linear key are read`() throws {
        let yarn = try configuration("qwen2") {
            $0["qwen2.rope.scaling.type"] = .text("yarn")
            $0["qwen2.rope.scaling.factor"] = .float32(4)
            $0["qwen2.rope.scaling.original_context_length"] = .uint32(32_768)
        }
        #expect(
            yarn.ropes[0].scaling == .yarn(.init(factor: 4, originalContextLength: 32_768)))
        let linear = try configuration("llama") { $0["llama.rope.scale_linear"] = .float32(2) }
        #expect(linear.ropes[0].scaling == .linear(factor: 2))
    }

    @Test func `an unsupported architecture is refused by name with the list that is supported`() {
        let error = refusal("llama") { $0["general.architecture"] = .text("mamba") }
        #expect(error?.code == .unsupportedArchitecture)
        #expect(error?.message.contains("'mamba'") == true)
        #expect(error?.message.contains("gemma3, gemma4, glm4, glm4moe, gpt-oss, gpt2") == true)
    }

    @Test(arguments: [
        "block_count", "embedding_length", "attention.head_count", "feed_forward_length",
        "context_length", "attention.layer_norm_rms_epsilon",
    ])
    func `a missing key is named`(name: String) {
        let error = refusal("llama") { $0["llama.\(name)"] = nil }
        #expect(error?.code == .missingParameter)
        #expect(error?.subject == "llama.\(name)")
    }

    @Test func `the architecture itself may be missing or no string`() {
        let missing = refusal("llama") { $0["general.architecture"] = nil }
        #expect(missing?.subject == "general.architecture")
        let number = refusal("llama") { $0["general.architecture"] = .uint32(7) }
        #expect(number?.code == .invalidParameter)
    }

    @Test(arguments: [
        ("block_count", GGUFValue.uint32(0)), ("block_count", .uint32(1 << 31)),
        ("block_count", .int32(-1)), ("block_count", .text("two")),
        ("block_count", .uint64(.max)), ("attention.head_count", .uint32(0)),
        ("attention.head_count", .uint32(5)), ("attention.head_count_kv", .uint32(0)),
        ("attention.head_count_kv", .uint32(3)), ("embedding_length", .uint32(0)),
        ("feed_forward_length", .uint32(0)), ("feed_forward_length", .uint64(1 << 40)),
        ("context_length", .uint32(0)), ("rope.dimension_count", .uint32(7)),
        ("rope.dimension_count", .uint32(10)), ("rope.dimension_count", .uint32(0)),
        ("rope.freq_base", .float32(0)), ("rope.freq_base", .float32(.nan)),
        ("rope.freq_base", .float32(.infinity)), ("rope.freq_base", .float32(1)),
        ("attention.layer_norm_rms_epsilon", .float32(-1)),
        ("attention.layer_norm_rms_epsilon", .float32(.nan)),
        ("attention.key_length", .uint32(0)), ("attention.key_length", .uint32(1 << 20)),
        ("attention.sliding_window", .int32(-5)), ("vocab_size", .uint32(49)),
    ])
    func `a senseless value is refused by its key`(name: String, value: GGUFValue) {
        let error = refusal("llama") { $0["llama.\(name)"] = value }
        #expect(error?.code == .invalidParameter)
        #expect(error?.subject == "llama.\(name)")
    }

    @Test func `key and value lengths must be equal`() {
        let error = refusal("llama") {
            $0["llama.attention.key_length"] = .uint32(8)
            $0["llama.attention.value_length"] = .uint32(16)
        }
        #expect(error?.code == .unsupportedFeature)
    }

    @Test func `an embedding length that contradicts the matrix names the matrix`() {
        let error = refusal("llama") { $0["llama.embedding_length"] = .uint32(64) }
        #expect(error?.code == .invalidTensor)
        #expect(error?.subject == "token_embd.weight")
    }

    @Test func `arrays with one element a layer are read; others are refused`() throws {
        let key = "llama.attention.head_count_kv"
        func array(_ values: [Int32]) -> GGUFValue { .array(GGUFArray(int32s: values)) }
        let equal = try configuration("llama") { $0[key] = array([2, 2, 2]) }
        #expect(equal.layers.allSatisfy { $0.kvHeadCount == 2 })
        let others = try configuration("llama") { $0[key] = array([2, 4, 1]) }
        #expect(others.layers.map(\.kvHeadCount) == [2, 4, 1])
        #expect(others.kvGeometry.layers.map(\.kvHeads) == [2, 4, 1])
        #expect(refusal("llama") { $0[key] = array([2, 2]) }?.code == .invalidParameter)
        #expect(refusal("llama") { $0[key] = array([]) }?.code == .invalidParameter)
        #expect(refusal("llama") { $0[key] = array([2, 2, 0]) }?.code == .invalidParameter)
        #expect(refusal("llama") { $0[key] = array([2, 2, 3]) }?.code == .invalidParameter)
    }

    @Test func `the tokenizer's list must be as long as the embedding matrix`() {
        let error = refusal("llama") {
            $0["tokenizer.ggml.tokens"] = .array(GGUFArray(texts: ["a", "b"]))
        }
        #expect(error?.code == .invalidParameter)
        #expect(error?.subject == "tokenizer.ggml.tokens")
    }

    @Test func `experts and unknown rope scalings are refused as unsupported`() {
        let experts = refusal("gemma3") { $0["gemma3.expert_count"] = .uint32(8) }
        #expect(experts?.code == .unsupportedFeature)
        let scaling = refusal("llama") { $0["llama.rope.scaling.type"] = .text("longrope") }
        #expect(scaling?.code == .unsupportedFeature)
        #expect(scaling?.message.contains("'longrope'") == true)
    }

    @Test func `plans know the sizes of experts, and those of the network beside them`() throws {
        let sizes = try ModelConfiguration(try TinyModel("qwen2moe").file()).layerSizes
        #expect(
            sizes.allSatisfy {
                $0.experts == .init(count: 5, chosen: 2, width: 48, sharedWidth: 48)
            })
        let dense = try ModelConfiguration(try TinyModel("gpt2").file()).layerSizes
        #expect(dense.allSatisfy { $0.experts == nil && !$0.isGated })
    }

    private func configuration(
        _ architecture: String, _ change: (inout [String: GGUFValue]) -> Void
    ) throws -> ModelConfiguration {
        try ModelConfiguration(try TinyModel(architecture).file(change))
    }

    private func refusal(
        _ architecture: String, _ change: (inout [String: GGUFValue]) -> Void
    ) -> ModelError? {
        do {
            _ = try configuration(architecture, change)
            return nil
        } catch { return error as? ModelError }
    }
}
