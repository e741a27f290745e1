internal import CKernels

extension Compute {
    /// Rounds floats to IEEE half precision, ties to even; beyond its range: infinity.
    package func float16(_ x: [Float]) -> [UInt16] {
        unsafe convert(x) { unsafe table.c.pointee.f32_to_f16($0, $1, x.count) }
    }

    /// The floats of IEEE half-precision bit patterns; exact.
    package func float32(float16 x: [UInt16]) -> [Float] {
        unsafe convert(x) { unsafe table.c.pointee.f16_to_f32($0, $1, x.count) }
    }

    /// Rounds floats to bfloat16, ties to even.
    package func bfloat16(_ x: [Float]) -> [UInt16] {
        unsafe convert(x) { unsafe table.c.pointee.f32_to_bf16($0, $1, x.count) }
    }

    /// The floats of bfloat16 bit patterns; exact.
    package func float32(bfloat16 x: [UInt16]) -> [Float] {
        unsafe convert(x) { unsafe table.c.pointee.bf16_to_f32($0, $1, x.count) }
    }

    /// `exp(x)` within 2 units in the last place.
    package func exp(_ x: [Float]) -> [Float] {
        unsafe convert(x) { unsafe table.c.pointee.exp($0, $1, x.count) }
    }

    private func convert<From, To>(
        _ x: [From], _ body: (UnsafePointer<From>, UnsafeMutablePointer<To>) -> Void
    ) -> [To] {
        unsafe [To](unsafeUninitializedCapacity: x.count) { out, count in
            unsafe x.withUnsafeBufferPointer { x in
                if let from = x.baseAddress, let to = out.baseAddress {
                    unsafe body(from, to)
                }
            }
            count = x.count
        }
    }
}
