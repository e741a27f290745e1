/// Random numbers of a chaos run: the same on every machine, from a seed.
///
/// SplitMix64 (Steele, Lea and Flood, "Fast splittable pseudorandom number generators", OOPSLA
/// 2014).
package struct ChaosDice: RandomNumberGenerator, Sendable {
    private var state: UInt64

    /// A generator.
    package init(seed: UInt64) {
        state = seed &* 0xD134_2543_DE82_EF95 &+ 0x9E37_79B9_7F4A_7C15
    }

    /// The next 64 bits.
    package mutating func next() -> UInt64 {
        state &+= 0x9E37_79B9_7F4A_7C15
        return Self.mix(state)
    }

    /// A number of a range.
    package mutating func roll(_ range: ClosedRange<Int>) -> Int {
        let count = UInt64(range.upperBound - range.lowerBound) + 1
        return range.lowerBound + Int(next().multipliedFullWidth(by: count).high)
    }

    /// Whether something that happens `percent` times in a hundred does.
    package mutating func chance(_ percent: Int) -> Bool { roll(1...100) <= percent }

    /// One of some values.
    package mutating func pick<Value>(_ values: [Value]) -> Value {
        values[roll(0...values.count - 1)]
    }

    /// A bijection of 64 bits without visible pattern.
    package static func mix(_ value: UInt64) -> UInt64 {
        var mixed = value
        mixed = (mixed ^ (mixed >> 30)) &* 0xBF58_476D_1CE4_E5B9
        mixed = (mixed ^ (mixed >> 27)) &* 0x94D0_49BB_1331_11EB
        return mixed ^ (mixed >> 31)
    }
}
