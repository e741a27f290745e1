import Tensors

/// The arithmetic that computes answers, by a name that they carry.
///
/// The same model, request and seed give the same bits wherever it is the same.
package enum SystemFingerprint {
    /// `fp_` and 16 hexadecimal digits.
    package static let text: String = {
        let digits = String(Numerics.id, radix: 16)
        return "fp_" + String(repeating: "0", count: 16 - digits.count) + digits
    }()
}
