import Tensors

/// How the numbers of a tensor in a safetensors file are stored.
///
/// All types of the format are known by their sizes, since a tensor's bytes must be as many as its
/// shape says; those of floats that kernels multiply have a format.
struct SafetensorsType: Hashable, Sendable {
    /// The name in the file, such as `BF16`.
    let name: String
    /// Bits of one number.
    let bits: Int

    /// The type of a name; nil if the format has none of it.
    init?(_ name: String) {
        guard let bits = Self.bits[name] else { return nil }
        self.name = name
        self.bits = bits
    }

    /// The format, if this program has kernels for it.
    var format: TensorFormat? {
        switch name {
        case "F32": .f32
        case "F16": .f16
        case "BF16": .bf16
        default: nil
        }
    }

    /// Bytes of so many numbers; nil if that is no whole number, or overflows.
    func byteCount(elements: Int) -> Int? {
        let (total, overflow) = elements.multipliedReportingOverflow(by: bits)
        return overflow || !total.isMultiple(of: 8) ? nil : total / 8
    }

    private static let bits = [
        "BOOL": 8, "U8": 8, "I8": 8, "U16": 16, "I16": 16, "U32": 32, "I32": 32, "U64": 64,
        "I64": 64, "F16": 16, "BF16": 16, "F32": 32, "F64": 64, "C64": 64, "F4": 4,
        "F6_E2M3": 6, "F6_E3M2": 6, "F8_E4M3": 8, "F8_E5M2": 8, "F8_E8M0": 8,
        "F8_E4M3FNUZ": 8, "F8_E5M2FNUZ": 8,
    ]
}
