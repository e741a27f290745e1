import Tensors

/// Which format each tensor of a model gets.
///
/// The mixes are those of llama.cpp (`llama_tensor_get_type` in llama-quant.cpp), so that a name
/// means the same size and about the same quality everywhere.
struct QuantizationMix {
    let quantization: Quantization

    private let architecture: String
    private let layers: Int
    private let experts: Int
    private let isTied: Bool
    /// The values' projections, in the order of their layers.
    private let values: [String: Int]
    /// Whether eight query heads share each value of a model of 80 layers, whose values are then
    /// small beside what they matter.
    private let hasFewValues: Bool

    init(_ quantization: Quantization, of model: any ModelSource) {
        self.quantization = quantization
        var architecture = ""
        if case .string(let bytes)? = model.parameter("general.architecture") {
            architecture = String(decoding: bytes, as: UTF8.self)
        }
        func integer(_ name: String) -> Int? {
            model.parameter("\(architecture).\(name)")?.integer
        }
        let layers = integer("block_count") ?? 0
        self.architecture = architecture
        self.layers = layers
        experts = integer("expert_count") ?? 0
        isTied = !model.hasTensor("output.weight")
        hasFewValues =
            layers == 80
            && integer("attention.head_count") != integer("attention.head_count_kv")
        let names = model.tensorNames.filter(Self.isOfValues).sorted {
            (Self.layer(of: $0), $0) < (Self.layer(of: $1), $1)
        }
        values = Dictionary(
            names.enumerated().map { ($0.element, $0.offset) }, uniquingKeysWith: { $1 })
    }

    /// The format of a tensor; nil if it stays a float of 32 bits, or whatever it is in a file of
    /// another mix.
    func format(of name: String, _ dimensions: [Int]) -> TensorFormat? {
        guard Self.isRounded(name, dimensions) else { return nil }
        guard !quantization.format.isFloat else { return quantization.format }
        let columns = dimensions[0]
        return fitted(choice(for: name, columns), columns)
    }

    private func choice(for name: String, _ columns: Int) -> TensorFormat {
        let usual = quantization.format
        if name == "output.weight" || isTied && Self.isEmbedding(name) {
            // Of what suffers from rounding this suffers most.
            let fits = columns.isMultiple(of: usual.blockSize) && architecture != "falcon"
            return fits && usual != .q8_0 ? .q6_K : .q8_0
        }
        if Self.isEmbedding(name) { return usual }
        if let place = values[name] { return ofValues(place) }
        if name.contains("attn_k.weight") { return experts == 8 ? .q8_0 : usual }
        if name.contains("ffn_down") { return ofDownProjection(Self.layer(of: name)) }
        let isFine = experts == 8 && usual == .q4_K && architecture != "falcon"
        return name.contains("attn_output.weight") && isFine ? .q5_K : usual
    }

    private func ofValues(_ place: Int) -> TensorFormat {
        if experts == 8 { return .q8_0 }
        var format = quantization.format
        switch quantization {
        case .q4_k_m, .q5_k_m:
            if Self.getsMore(place, of: values.count) { format = .q6_K }
        case .q4_k_s: if place < 4 { format = .q5_K }
        default: break
        }
        return format == .q4_K && hasFewValues ? .q5_K : format
    }

    private func ofDownProjection(_ layer: Int) -> TensorFormat {
        let getsMore = Self.getsMore(layer, of: layers)
        let isFalcon = architecture == "falcon"
        switch quantization {
        case .q4_k_m where isFalcon: return layer < layers / 16 ? .q6_K : getsMore ? .q5_K : .q4_K
        case .q4_k_m, .q5_k_m: return getsMore ? .q6_K : quantization.format
        case .q4_k_s: return layer < layers / 8 && !isFalcon ? .q5_K : .q4_K
        default: return quantization.format
        }
    }

    /// The first and the last eighth of the layers, and every third between.
    private static func getsMore(_ place: Int, of count: Int) -> Bool {
        place < count / 8 || place >= 7 * count / 8 || (place - count / 8) % 3 == 2
    }

    /// A format whose blocks fill the rows, instead of one whose blocks do not.
    private func fitted(_ format: TensorFormat, _ columns: Int) -> TensorFormat {
        guard !columns.isMultiple(of: format.blockSize) else { return format }
        let small: [TensorFormat: TensorFormat] = [.q4_K: .q5_0, .q5_K: .q5_1, .q6_K: .q8_0]
        guard let other = small[format], columns.isMultiple(of: other.blockSize) else {
            return .f16
        }
        return other
    }
}

extension QuantizationMix {
    /// Whether a tensor is one of those that are rounded: matrices, but for the small ones that
    /// decide much.
    static func isRounded(_ name: String, _ dimensions: [Int]) -> Bool {
        guard dimensions.dropFirst().contains(where: { $0 > 1 }), name.hasSuffix("weight") else {
            return false
        }
        return !small.contains { name.contains($0) }
            && !["position_embd.weight", "token_types.weight"].contains(name)
    }

    private static let small = [
        "_norm.weight", "ffn_gate_inp.weight", "altup", "laurel", "per_layer_model_proj",
    ]

    private static func isEmbedding(_ name: String) -> Bool {
        name == "token_embd.weight" || name == "per_layer_token_embd.weight"
    }

    private static func isOfValues(_ name: String) -> Bool {
        ["attn_v.weight", "attn_qkv.weight", "attn_kv_b.weight"].contains(where: name.hasSuffix)
    }

    /// The number of the layer that a tensor is of; 0 for one of none.
    private static func layer(of name: String) -> Int {
        let parts = name.split(separator: ".")
        return parts.count > 2 && parts[0] == "blk" ? Int(parts[1]) ?? 0 : 0
    }
}
