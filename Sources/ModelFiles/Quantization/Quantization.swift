import Tensors

/// What the matrices of a model are rounded to: a format, or a mix of two, by the names that the
/// field gives them.
///
/// `_m` and `_s` round the values and the down projections of some layers more finely, `_m` more of
/// them than `_s`. In all that are not floats the output matrix has at least 6 bits; in all of them
/// norms, biases, routers and learned positions stay floats of 32 bits.
public enum Quantization: String, CaseIterable, Sendable {
    /// Floats of 32 bits.
    case f32
    /// IEEE halves.
    case f16
    /// The upper halves of floats of 32 bits.
    case bf16
    /// 8.5 bits a weight.
    case q8_0
    /// 6.6 bits a weight.
    case q6_k
    /// 5.5 bits a weight, 6.6 for what suffers most.
    case q5_k_m
    /// 5.5 bits a weight.
    case q5_k_s
    /// 5.5 bits a weight, in small blocks.
    case q5_0
    /// 4.5 bits a weight, 6.6 for what suffers most.
    case q4_k_m
    /// 4.5 bits a weight, 5.5 for what suffers most.
    case q4_k_s
    /// 4.5 bits a weight, in small blocks.
    case q4_0

    /// By its name, in any case; `q4_k` and `q5_k` are short for their `_m`.
    public init?(_ name: String) {
        let name = name.lowercased()
        self.init(rawValue: ["q4_k": "q4_k_m", "q5_k": "q5_k_m"][name] ?? name)
    }

    /// The format of a matrix about which the mix says nothing else.
    var format: TensorFormat {
        switch self {
        case .f32: .f32
        case .f16: .f16
        case .bf16: .bf16
        case .q8_0: .q8_0
        case .q6_k: .q6_K
        case .q5_k_m, .q5_k_s: .q5_K
        case .q5_0: .q5_0
        case .q4_k_m, .q4_k_s: .q4_K
        case .q4_0: .q4_0
        }
    }

    /// The number that `general.file_type` has for it.
    var fileType: UInt32 {
        switch self {
        case .f32: 0
        case .f16: 1
        case .q4_0: 2
        case .q8_0: 7
        case .q5_0: 8
        case .q4_k_s: 14
        case .q4_k_m: 15
        case .q5_k_s: 16
        case .q5_k_m: 17
        case .q6_k: 18
        case .bf16: 32
        }
    }
}
