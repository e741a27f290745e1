/// What is told apart among blocks, to learn how soon each kind is used again.
///
/// A block is judged by its *turns*: how often it was used, or, where that is more, the prefix that
/// it continues: a conversation that came back often will come back again, and so will what it says
/// now. Blocks that were used once are apart from others, and so are those that their prompts did
/// not fill.
enum ReuseClass {
    /// Levels of turns: 1, 2, 3, 4...5, 6...7, 8...11, 12...15, ..., 48 and more.
    static let levels = 12

    /// How many there are.
    static let count = 4 * levels

    /// The level of a number of turns.
    static func level(_ turns: UInt8) -> UInt8 {
        guard turns > 1 else { return 0 }
        let octave = 7 - UInt8(turns.leadingZeroBitCount)
        return min(UInt8(levels) - 1, 2 * octave + (turns >> (octave - 1)) & 1)
    }

    /// The class of a block.
    static func of(uses: UInt8, turns: UInt8, isPartial: Bool) -> UInt8 {
        let history = level(turns) + (uses > 1 ? 0 : UInt8(levels))
        return history * 2 + (isPartial ? 1 : 0)
    }

    /// The part of a class that is of uses and turns, and the part that is of being filled.
    static func parts(of reuseClass: Int) -> (history: Int, isPartial: Int) {
        (reuseClass / 2, reuseClass % 2)
    }
}

/// Ages in accesses, two buckets an octave.
enum ReuseAge {
    /// Buckets: the last holds all ages from 1.5 x 2^27 on.
    static let count = 56

    /// The bucket of an age.
    static func bucket(_ age: UInt32) -> Int {
        guard age > 1 else { return 0 }
        let octave = 31 - age.leadingZeroBitCount
        return min(count - 1, 2 * octave + Int(age >> UInt32(octave - 1)) & 1)
    }

    /// How many ages each bucket has. Buckets 0 and 1 share the ages below 2.
    static let widths: [Float] = (0..<count).map { bucket in
        bucket < 2 ? 1 : Float(1 << (bucket / 2 - 1))
    }
}
