/// The number format in which keys and values are kept.
public enum KVDType: String, Hashable, Sendable, CaseIterable {
    /// IEEE half precision, the default.
    case f16
    /// bfloat16: the range of f32 with 8 bits of precision.
    case bf16
    /// IEEE single precision, for debugging and comparison.
    case f32

    /// 8-bit integers with a scale (f32) for each token's key, or value, of a head: about half of
    /// f16.
    case int8

    /// Bytes of one element, without the scale that int8 has beside its elements.
    package var elementBytes: Int {
        switch self {
        case .f16, .bf16: 2
        case .f32: 4
        case .int8: 1
        }
    }

    /// Bytes of one token's key, or value, of one head: what kernels keep too, which tests hold.
    package func slotBytes(_ headDim: Int) -> Int {
        switch self {
        case .f16, .bf16, .f32: elementBytes * headDim
        // The elements, padded to what a dot product takes at once, and their scale.
        case .int8: (headDim + 3) / 4 * 4 + 4
        }
    }
}
