/// The counter-based random generator Philox 4x32-10.
///
/// A sample is a function of a key and a counter and of nothing that came before: the token at
/// position 1,000 of a request can be drawn without the 999 before it, whatever runs beside it and
/// however often the request was interrupted.
///
/// Salmon, Moraes, Dror, Shaw: "Parallel random numbers: as easy as 1, 2, 3", SC 2011, section 3.3.
package enum Philox {
    /// The multipliers and key increments of the paper.
    private static let multiplier0: UInt32 = 0xD251_1F53
    private static let multiplier1: UInt32 = 0xCD9E_8D57
    private static let increment0: UInt32 = 0x9E37_79B9
    private static let increment1: UInt32 = 0xBB67_AE85

    /// Four random words for a counter under a key.
    package static func words(
        counter: SIMD4<UInt32>, key: SIMD2<UInt32>
    ) -> SIMD4<UInt32> {
        var block = counter
        var key = key
        for round in 0..<10 {
            if round > 0 {
                key.x &+= increment0
                key.y &+= increment1
            }
            let product0 = multiplier0.multipliedFullWidth(by: block.x)
            let product1 = multiplier1.multipliedFullWidth(by: block.z)
            block = SIMD4(
                product1.high ^ block.y ^ key.x, product1.low,
                product0.high ^ block.w ^ key.y, product0.low)
        }
        return block
    }

    /// A number in `0 ..< 1` with 53 random bits.
    ///
    /// - Parameters:
    ///   - seed: the request's seed: the key.
    ///   - stream: which of the request's samples this is, from 0.
    ///   - position: the position in the sequence of the token that is drawn.
    package static func uniform(seed: UInt64, stream: UInt64, position: Int) -> Double {
        let place = UInt64(truncatingIfNeeded: position)
        let block = words(
            counter: SIMD4(low(place), high(place), low(stream), high(stream)),
            key: SIMD2(low(seed), high(seed)))
        let bits = UInt64(block.x) << 32 | UInt64(block.y)
        return Double(bits >> 11) * 0x1p-53
    }

    private static func low(_ value: UInt64) -> UInt32 { UInt32(truncatingIfNeeded: value) }
    private static func high(_ value: UInt64) -> UInt32 { UInt32(truncatingIfNeeded: value >> 32) }
}
