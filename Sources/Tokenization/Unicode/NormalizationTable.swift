/// What the normal forms C and D ask of a character (The Unicode Standard, section 3.11).
///
/// Hangul syllables are computed and not in the table.
struct NormalizationTable: Sendable {
    static let shared = NormalizationTable()

    /// For each 256 scalars the page that has their properties; page 0 has nothing but zeros.
    private var pages = [UInt8](repeating: 0, count: 0x110000 >> 8)
    /// The combining class, and `mayChange` beside it.
    private var properties = [UInt16](repeating: 0, count: 256)
    /// The scalars that decompose, ascending, and into what; 0 for no second part.
    private var decomposable: [UInt32] = []
    private var parts: [(UInt32, UInt32)] = []
    /// The pairs that compose, ascending, and into what.
    private var pairs: [UInt64] = []
    private var composites: [UInt32] = []

    /// The bit of scalars that form C replaces, or that it may join to the one before.
    private static let mayChange: UInt16 = 0x100

    private init() {
        var end: UInt32 = 0
        for run in Self.entries(Self.classRuns) {
            for scalar in end + run.numbers[0]..<end + run.numbers[0] + run.numbers[1] {
                set(scalar, UInt16(run.numbers[2]))
            }
            end += run.numbers[0] + run.numbers[1]
        }
        var scalar: UInt32 = 0
        var composed: [(pair: UInt64, composite: UInt32)] = []
        for entry in Self.entries(Self.decompositions) {
            scalar += entry.numbers[0]
            let second = entry.numbers.count > 2 ? entry.numbers[2] : 0
            decomposable.append(scalar)
            parts.append((entry.numbers[1], second))
            if second == 0 || entry.isMarked {
                set(scalar, Self.mayChange)
            } else {
                set(second, Self.mayChange)
                composed.append((Self.pair(entry.numbers[1], second), scalar))
            }
        }
        for range in [Hangul.vowels, Hangul.finals] {
            for scalar in range { set(scalar, Self.mayChange) }
        }
        composed.sort { $0.pair < $1.pair }
        pairs = composed.map(\.pair)
        composites = composed.map(\.composite)
    }

    private mutating func set(_ scalar: UInt32, _ property: UInt16) {
        let block = Int(scalar >> 8)
        if pages[block] == 0 {
            pages[block] = UInt8(properties.count >> 8)
            properties.append(contentsOf: repeatElement(0, count: 256))
        }
        properties[Int(pages[block]) << 8 | Int(scalar & 0xFF)] |= property
    }

    private static func pair(_ first: UInt32, _ second: UInt32) -> UInt64 {
        UInt64(first) << 32 | UInt64(second)
    }

    /// The combining class of a scalar, 0 for one that begins a character, and whether form C may
    /// change it; what is no scalar has neither.
    @inline(__always)
    func property(_ scalar: UInt32) -> (combiningClass: UInt8, mayChange: Bool) {
        let block = Int(scalar >> 8)
        guard block < pages.count else { return (0, false) }
        let property = properties[Int(pages[block]) << 8 | Int(scalar & 0xFF)]
        return (UInt8(truncatingIfNeeded: property), property & Self.mayChange != 0)
    }

    /// What a scalar consists of, or nil. The second part is the last: only the first may consist
    /// of others.
    func decomposition(_ scalar: UInt32) -> (first: UInt32, second: UInt32?)? {
        guard let index = Self.index(of: scalar, in: decomposable) else { return nil }
        let (first, second) = parts[index]
        return (first, second == 0 ? nil : second)
    }

    /// What two scalars, one after the other, compose to, or nil.
    func composite(_ first: UInt32, _ second: UInt32) -> UInt32? {
        if let syllable = Hangul.composite(first, second) { return syllable }
        return Self.index(of: Self.pair(first, second), in: pairs).map { composites[$0] }
    }

    private static func index<Key: Comparable>(of key: Key, in keys: [Key]) -> Int? {
        var (low, high) = (0, keys.count)
        while low < high {
            let middle = (low + high) / 2
            if keys[middle] < key { low = middle + 1 } else { high = middle }
        }
        return low < keys.count && keys[low] == key ? low : nil
    }

    /// Words of numbers to the base 36, with commas between, and whether `!` follows them.
    private static func entries(_ text: String) -> [(numbers: [UInt32], isMarked: Bool)] {
        text.split(separator: " ").map { word in
            let isMarked = word.hasSuffix("!")
            let digits = isMarked ? word.dropLast() : word
            return (digits.split(separator: ",").compactMap { UInt32($0, radix: 36) }, isMarked)
        }
    }
}

/// The syllables of Hangul, which consist of two or three letters by arithmetic (The Unicode
/// Standard, section 3.12).
enum Hangul {
    static let syllables: Range<UInt32> = 0xAC00..<0xAC00 + 19 * 21 * 28
    static let leads: Range<UInt32> = 0x1100..<0x1113
    static let vowels: Range<UInt32> = 0x1161..<0x1176
    static let finals: Range<UInt32> = 0x11A8..<0x11C3

    /// The letters of a syllable; 0 where there is no final one.
    static func letters(_ syllable: UInt32) -> (lead: UInt32, vowel: UInt32, final: UInt32) {
        let index = syllable - syllables.lowerBound
        let final = index % 28
        return (
            leads.lowerBound + index / (21 * 28), vowels.lowerBound + index % (21 * 28) / 28,
            final == 0 ? 0 : finals.lowerBound - 1 + final
        )
    }

    /// A lead and a vowel, or a syllable without a final letter and one.
    static func composite(_ first: UInt32, _ second: UInt32) -> UInt32? {
        if leads.contains(first), vowels.contains(second) {
            let index = (first - leads.lowerBound) * 21 + second - vowels.lowerBound
            return syllables.lowerBound + index * 28
        }
        if syllables.contains(first), (first - syllables.lowerBound) % 28 == 0,
            finals.contains(second)
        {
            return first + second - finals.lowerBound + 1
        }
        return nil
    }
}
