/// The class of every Unicode scalar: one byte each, up to the last one that has a class.
///
/// The table is spread out of `runs` on first use (about 200 KB, well under a millisecond).
enum CharacterClassTable {
    /// Indexed by scalar value. Scalars beyond are of no class, but for `lateMarks`.
    static let classes: [UInt8] = spread(runs)

    /// The variation selectors of plane 14, the only marks beyond the table.
    static let lateMarks = 0xE0100...0xE01EF

    private static func spread(_ runs: String) -> [UInt8] {
        var classes: [UInt8] = []
        classes.reserveCapacity(0x32400)
        var current: CharacterClass?
        var length = 0
        func endRun() {
            guard let current else { return }
            classes.append(contentsOf: repeatElement(current.rawValue, count: max(length, 1)))
        }
        for byte in runs.utf8 {
            if (0x30...0x39).contains(byte) {
                length = length * 10 + Int(byte - 0x30)
            } else {
                endRun()
                (current, length) = (characterClass(code: byte), 0)
            }
        }
        endRun()
        return classes
    }

    private static func characterClass(code: UInt8) -> CharacterClass {
        switch Unicode.Scalar(code) {
        case "u": [.letter, .upper]
        case "l": [.letter, .lower]
        case "c": .letter
        case "m": .mark
        case "n": .number
        case "p": .punctuation
        case "s": .symbol
        case "w": .whitespace
        default: []
        }
    }
}
