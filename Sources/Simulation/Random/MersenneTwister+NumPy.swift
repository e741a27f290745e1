extension MersenneTwister {
    /// `numpy.random.random()`: a number of 53 random bits in 0..<1.
    package mutating func random() -> Double {
        let high = Double(next32() >> 5)
        let low = Double(next32() >> 6)
        return (high * 67_108_864 + low) / 9_007_199_254_740_992
    }

    /// `numpy.random.randint(low, high)` with its default type (64 bits): a whole number in
    /// `low..<high`, which is not empty.
    ///
    /// The legacy generator masks words down to the bits of the largest value and throws away those
    /// above it. A range of one value draws nothing; one within 32 bits draws words of 32; the full
    /// 32 and 64 bits take the words as they are.
    ///
    /// - Complexity: O(1), of two words expected at most.
    package mutating func randint(_ low: Int, _ high: Int) -> Int {
        precondition(low < high, "randint of an empty range")
        let largest = UInt64(bitPattern: Int64(high)) &- 1 &- UInt64(bitPattern: Int64(low))
        return Int(truncatingIfNeeded: UInt64(bitPattern: Int64(low)) &+ masked(largest))
    }

    /// A number in 0...largest.
    private mutating func masked(_ largest: UInt64) -> UInt64 {
        guard largest > 0 else { return 0 }
        let mask = UInt64.max >> UInt64(largest.leadingZeroBitCount)
        while true {
            let word = largest <= UInt64(UInt32.max) ? UInt64(next32()) : next()
            if word & mask <= largest { return word & mask }
        }
    }
}
