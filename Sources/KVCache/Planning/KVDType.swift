/// The number format in which keys and values are kept.
public enum KVDType: String, Hashable, Sendable, CaseIterable {
    /// IEEE half precision, the default.
    case f16
    /// bfloat16: the range of f32 with 8 bits of precision.
    case bf16
    /// IEEE single precision, for debugging and comparison.
    case f32

    /// Bytes of one element.
    public var byteCount: Int {
        switch self {
        case .f16, .bf16: 2
        case .f32: 4
        }
    }
}
