/// Damages files, each time in another way: a seed is a way.
///
///     for seed in 0..<1_000 {
///         var mutator = Mutator(seed: seed)
///         let damaged = mutator.bytes(original)
///     }
///
/// `bytes` knows nothing of the format and mostly tests the first checks of a reader;
/// `gguf(_:)` and `json(_:)` keep the form and damage the meaning, to get past those.
package struct Mutator {
    var random: SeededGenerator

    /// A mutator whose choices are a function of the seed.
    package init(seed: UInt64) { random = SeededGenerator(seed: seed) }

    /// Numbers at which readers go wrong: around zero, and where widths and signs end.
    static let boundaries: [UInt64] = [
        0, 1, 2, 3, 7, 8, 31, 32, 33, 63, 64, 127, 128, 255, 256, 65_535, 65_536,
        (1 << 31) - 1, 1 << 31, (1 << 32) - 1, 1 << 32, 1 << 61, (1 << 61) - 1, 1 << 62,
        (1 << 63) - 1, 1 << 63, (1 << 63) + 1, .max - 7, .max - 1, .max,
    ]

    /// A copy with 1 to 4 changes that know nothing of the format.
    package mutating func bytes(_ original: [UInt8]) -> [UInt8] {
        var bytes = original
        for _ in 0..<Int.random(in: 1...4, using: &random) { change(&bytes) }
        return bytes
    }

    private mutating func change(_ bytes: inout [UInt8]) {
        guard !bytes.isEmpty else { return bytes.append(UInt8(truncatingIfNeeded: random.next())) }
        let at = Int.random(in: 0..<bytes.count, using: &random)
        switch Int.random(in: 0..<8, using: &random) {
        case 0: bytes[at] ^= 1 << UInt8.random(in: 0..<8, using: &random)
        case 1: bytes[at] = UInt8(truncatingIfNeeded: random.next())
        case 2: bytes.removeSubrange(at...)
        case 3: bytes.removeSubrange(range(in: bytes, from: at))
        case 4: bytes.insert(contentsOf: bytes[range(in: bytes, from: at)], at: at)
        case 5:
            let source = bytes[range(in: bytes, from: at)]
            let target = Int.random(in: 0...bytes.count - source.count, using: &random)
            bytes.replaceSubrange(target..<target + source.count, with: Array(source))
        case 6:
            let width = [1, 2, 4, 8].randomElement(using: &random) ?? 8
            overwrite(&bytes, at..<min(at + width, bytes.count))
        default:
            let extra = Int.random(in: 1...64, using: &random)
            let noise = (0..<extra).map { _ in UInt8(truncatingIfNeeded: random.next()) }
            bytes.append(contentsOf: noise)
        }
    }

    /// At most 64 bytes beginning at an index.
    private mutating func range(in bytes: [UInt8], from start: Int) -> Range<Int> {
        start..<min(bytes.count, start + Int.random(in: 1...64, using: &random))
    }

    /// Writes a boundary value, little-endian, as wide as the range.
    mutating func overwrite(_ bytes: inout [UInt8], _ range: Range<Int>) {
        var value = Self.boundaries.randomElement(using: &random) ?? 0
        if Bool.random(using: &random) { value = ~value &+ 1 }
        for index in range {
            bytes[index] = UInt8(truncatingIfNeeded: value)
            value >>= 8
        }
    }
}
