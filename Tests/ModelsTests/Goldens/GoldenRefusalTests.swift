import GoldenModels
import KVCache
import ModelFiles
import Testing

@testable import QuireModels

/// What the files of later architectures must have, and what of them changes nothing.
struct GoldenRefusalTests {
    @Test(arguments: [
        ("gpt-oss", "blk.1.attn_sinks.weight"), ("gpt-oss", "blk.0.ffn_down_exps.bias"),
        ("gpt-oss", "blk.2.ffn_gate_inp.bias"), ("gpt-oss", "blk.0.attn_output.bias"),
        ("glm4moe", "blk.1.exp_probs_b.bias"), ("glm4moe", "blk.2.ffn_up_shexp.weight"),
        ("bloom", "token_embd_norm.bias"), ("gemma4", "per_layer_proj_norm.weight"),
        ("gemma4", "per_layer_token_embd.weight"), ("gemma4", "blk.2.inp_gate.weight"),
        ("gemma4", "blk.4.post_norm.weight"),
    ])
    func `a tensor that is missing is named`(name: String, tensor: String) throws {
        let bytes = try GoldenModel(name).gguf(tensors: { $0.removeAll { $0.name == tensor } })
        let error = try refusal(bytes)
        #expect(error?.code == .missingTensor)
        #expect(error?.subject == tensor)
    }

    @Test(arguments: [
        ("gemma4", "attention.shared_kv_layers", GGUFValue.uint32(4)),
        ("gemma4", "rope.dimension_count_swa", .uint32(26)),
        ("glm4moe", "expert_group_count", .uint32(3)),
        ("glm4moe", "nextn_predict_layers", .uint32(4)),
    ])
    func `a number that does not fit is refused by its key`(
        name: String, key: String, value: GGUFValue
    ) throws {
        let golden = try GoldenModel(name)
        let key = "\(golden.architecture).\(key)"
        let error = try refusal(golden.gguf { Self.set(key, value, in: &$0) })
        #expect(error?.code == .invalidParameter)
        #expect(error?.subject == key)
    }

    @Test func `heads of keys and values of two sizes are refused`() throws {
        let key = "gemma4.attention.value_length_swa"
        let error = try refusal(GoldenModel("gemma4").gguf { Self.set(key, .uint32(16), in: &$0) })
        #expect(error?.code == .unsupportedFeature)
        #expect(error?.subject == key)
    }

    @Test(arguments: [
        ("gemma4", "blk.3.attn_k.weight"), ("gemma4", "blk.4.attn_k_norm.weight"),
        ("glm4moe", "blk.3.nextn.eh_proj.weight"), ("glm4moe", "blk.3.attn_q.weight"),
    ])
    func `tensors that change no answer are passed over`(name: String, tensor: String) throws {
        let golden = try GoldenModel(name)
        let bytes = golden.gguf(tensors: {
            $0.append(.init(name: tensor, shape: [3], values: [1, 2, 3]))
        })
        #expect(try CPUModel(GGUFFile(bytes: bytes)).warnings.isEmpty)
    }

    @Test func `layers that read the keys and values of others keep none`() throws {
        let c = try ModelConfiguration(GGUFFile(bytes: GoldenModel("gemma4").gguf()))
        #expect(c.layers.map(\.keyValueLayer) == [nil, nil, nil, 2, 1])
        #expect(c.cacheLayers == [0, 1, 2, 2, 1])
        #expect(c.kvGeometry.layers.map(\.headDim) == [24, 48, 24])
        #expect(c.layerSizes.map(\.kvHeadCount) == [2, 2, 2, 0, 0])
    }

    private static func set(
        _ key: String, _ value: GGUFValue, in metadata: inout [(key: String, value: GGUFValue)]
    ) {
        metadata.removeAll { $0.key == key }
        metadata.append((key, value))
    }

    private func refusal(_ bytes: [UInt8]) throws -> ModelError? {
        let file = try GGUFFile(bytes: bytes)
        do {
            _ = try CPUModel(file)
            return nil
        } catch {
            return error
        }
    }
}
