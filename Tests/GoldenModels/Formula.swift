/// The values of a golden model's tensor, by the formula of scripts/goldens/tiny_models/formula.py.
///
/// Every step is exact or one rounding of IEEE 754, so that both files give the same bits; the
/// checksums in the fixtures hold them together.
struct Formula {
    /// The tensor's name, which its values follow.
    var name: String
    /// What the integers are multiplied by.
    var scale: Float
    /// What is added.
    var centre: Float

    /// The first `count` values: multiples of `scale` around `centre`, as bfloat16 holds them.
    func values(_ count: Int) -> [Float] {
        var state = Self.seed(name)
        return (0..<count).map { _ in
            state &+= 0x9E37_79B9_7F4A_7C15
            return Self.bfloat16(Float(Self.integer(state)) * scale + centre)
        }
    }

    /// FNV-1a of the name.
    static func seed(_ name: String) -> UInt64 {
        name.utf8.reduce(0xCBF2_9CE4_8422_2325) { ($0 ^ UInt64($1)) &* 0x100_0000_01B3 }
    }

    /// The sum of four uniforms of a SplitMix64 step, cut to 8 bits: -128 to 127.
    static func integer(_ state: UInt64) -> Int {
        var mixed = state
        mixed = (mixed ^ (mixed >> 30)) &* 0xBF58_476D_1CE4_E5B9
        mixed = (mixed ^ (mixed >> 27)) &* 0x94D0_49BB_1331_11EB
        mixed ^= mixed >> 31
        let sum =
            (mixed & 0xFFFF) + (mixed >> 16 & 0xFFFF) + (mixed >> 32 & 0xFFFF) + mixed >> 48
        return (Int(sum) - 131_070) >> 10
    }

    /// The nearest bfloat16, ties to even.
    static func bfloat16(_ value: Float) -> Float {
        let bits = value.bitPattern
        let rounded = bits &+ 0x7FFF &+ (bits >> 16 & 1)
        return Float(bitPattern: rounded & 0xFFFF_0000)
    }

    /// FNV-1a over the patterns of floats, in hexadecimal digits.
    static func checksum(_ values: some Sequence<[Float]>) -> String {
        var hash: UInt64 = 0xCBF2_9CE4_8422_2325
        for value in values.joined() {
            hash = (hash ^ UInt64(value.bitPattern)) &* 0x100_0000_01B3
        }
        let digits = String(hash, radix: 16)
        return String(repeating: "0", count: 16 - digits.count) + digits
    }
}
