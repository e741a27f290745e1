import ModelFiles
import Tensors

extension TinyModel {
    /// The model as an open file, after `change` was made to its metadata and `tensors` to the
    /// list of tensors; matrices in a format.
    func file(
        _ change: (inout [String: GGUFValue]) -> Void = { _ in },
        tensors edit: (inout [String: Tensor]) -> Void = { _ in }, matrices: TensorFormat = .f32
    ) throws -> GGUFFile {
        try GGUFFile(bytes: bytes(change, tensors: edit, matrices: matrices))
    }

    /// The bytes of that file.
    func bytes(
        _ change: (inout [String: GGUFValue]) -> Void = { _ in },
        tensors edit: (inout [String: Tensor]) -> Void = { _ in }, matrices: TensorFormat = .f32
    ) -> [UInt8] {
        var metadata = metadata
        change(&metadata)
        var tensors = traits.isFused ? fused : tensors
        edit(&tensors)
        var writer = GGUFWriter()
        for (key, value) in metadata.sorted(by: { $0.key < $1.key }) { writer.add(key, value) }
        for (name, tensor) in tensors.sorted(by: { $0.key < $1.key }) {
            var dimensions = tensor.isVector ? [tensor.columns] : [tensor.columns, tensor.rows]
            if tensor.stack > 1 {
                dimensions = [tensor.columns, tensor.rows / tensor.stack, tensor.stack]
            }
            let quantized = tensor.isVector ? nil : tensor.bytes ?? matrices.quantize(tensor.values)
            guard let bytes = quantized else {
                writer.addTensor(name, dimensions: dimensions, floats: tensor.values)
                continue
            }
            writer.addTensor(
                name, dimensions: dimensions, formatID: matrices.rawValue, data: bytes)
        }
        return writer.bytes()
    }

    /// The tensors with Q, K and V, and gate and up projection, one after the other in one.
    var fused: [String: Tensor] {
        var all = tensors
        func join(_ parts: [String], _ name: String, _ kind: String) {
            let parts = parts.map { all.removeValue(forKey: "\($0).\(kind)") }
            guard let first = parts[0] else { return }
            var whole = first
            for case let part? in parts.dropFirst() {
                whole.values += part.values
                whole.rows += part.isVector ? 0 : part.rows
                whole.columns += part.isVector ? part.columns : 0
            }
            all["\(name).\(kind)"] = whole
        }
        for layer in 0..<layers {
            for kind in ["weight", "bias"] {
                let prefix = "blk.\(layer)."
                join(
                    ["attn_q", "attn_k", "attn_v"].map { prefix + $0 }, prefix + "attn_qkv", kind)
                if traits.isPlain { continue }
                join(["ffn_gate", "ffn_up"].map { prefix + $0 }, prefix + "ffn_up", kind)
            }
        }
        return all
    }

    private var metadata: [String: GGUFValue] {
        var values: [String: GGUFValue] = [
            "general.architecture": .text(architecture),
            "general.name": .text("tiny \(architecture)"),
        ]
        func set(_ name: String, _ value: Int) {
            values["\(architecture).\(name)"] = .uint32(UInt32(value))
        }
        set("block_count", layers)
        set("embedding_length", width)
        set("attention.head_count", heads)
        set("attention.head_count_kv", kvHeads)
        set("feed_forward_length", hidden)
        set("context_length", context)
        if headDimension * heads != width {
            set("attention.key_length", headDimension)
            set("attention.value_length", headDimension)
        }
        if let window { set("attention.sliding_window", window) }
        if let rotary { set("rope.dimension_count", rotary) }
        if let globalPeriod { set("attention.sliding_window_pattern", globalPeriod) }
        let factors = [
            ("attention.scale", attentionScale), ("embedding_scale", embeddingScale),
            ("final_logit_softcapping", logitCap), ("rope.freq_base_swa", localRopeBase),
        ]
        for (name, value) in factors {
            if let value { values["\(architecture).\(name)"] = .float32(value) }
        }
        for (name, value) in traits.keys { values["\(architecture).\(name)"] = .float32(value) }
        if traits.experts > 0 {
            set("expert_count", traits.experts)
            set("expert_used_count", traits.chosen)
            let isQwen = architecture.hasPrefix("qwen")
            if isQwen { set("expert_feed_forward_length", hidden) }
            if traits.shared != .none { set("expert_shared_feed_forward_length", hidden) }
        }
        for (name, value) in traits.flags { values["\(architecture).\(name)"] = .bool(value) }
        let norm = traits.normsMean ? "layer_norm_epsilon" : "layer_norm_rms_epsilon"
        values["\(architecture).attention.\(norm)"] = .float32(epsilon)
        values["\(architecture).rope.freq_base"] = .float32(ropeBase)
        return values
    }
}
