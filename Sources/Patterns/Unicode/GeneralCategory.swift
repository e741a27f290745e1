/// The general categories of Unicode, in the order of the data.
package enum GeneralCategory: Int, CaseIterable, Sendable {
    case uppercaseLetter, lowercaseLetter, titlecaseLetter, modifierLetter, otherLetter
    case nonspacingMark, spacingMark, enclosingMark
    case decimalNumber, letterNumber, otherNumber
    case connectorPunctuation, dashPunctuation, openPunctuation, closePunctuation
    case initialPunctuation, finalPunctuation, otherPunctuation
    case mathSymbol, currencySymbol, modifierSymbol, otherSymbol
    case spaceSeparator, lineSeparator, paragraphSeparator
    case control, format, surrogate, privateUse, unassigned

    /// The short name, as in `\p{Lu}`.
    package var name: String { Self.names[rawValue] }

    private static let names = [
        "Lu", "Ll", "Lt", "Lm", "Lo", "Mn", "Mc", "Me", "Nd", "Nl", "No", "Pc", "Pd", "Ps", "Pe",
        "Pi", "Pf", "Po", "Sm", "Sc", "Sk", "So", "Zs", "Zl", "Zp", "Cc", "Cf", "Cs", "Co", "Cn",
    ]

    /// The scalars from 0 to the last, in runs of one category.
    package static let runs: [(category: GeneralCategory, scalars: ClosedRange<UInt32>)] = {
        var runs: [(category: GeneralCategory, scalars: ClosedRange<UInt32>)] = []
        var start: UInt32 = 0
        var current: GeneralCategory?
        var length: UInt32 = 0
        func endRun() {
            guard let current else { return }
            let end = start + max(length, 1)
            runs.append((current, start...end - 1))
            start = end
        }
        for byte in runText.utf8 {
            switch byte {
            case 0x30...0x39: length = length * 10 + UInt32(byte - 0x30)
            default:
                endRun()
                let isSmall = byte >= UInt8(ascii: "a")
                let index = isSmall ? Int(byte) - 0x61 : Int(byte) - 0x41 + 26
                (current, length) = (GeneralCategory(rawValue: index), 0)
            }
        }
        endRun()
        return runs
    }()

    private static let sets: [ScalarSet] = allCases.map { category in
        ScalarSet(runs.lazy.filter { $0.category == category }.map(\.scalars))
    }

    /// The scalars of the category.
    package var set: ScalarSet { Self.sets[rawValue] }

    /// The scalars of the categories whose names begin with the letters, as `L` or `Lu`.
    static func set(named prefix: String) -> ScalarSet? {
        let members = allCases.filter { $0.name.lowercased().hasPrefix(prefix.lowercased()) }
        return members.isEmpty ? nil : ScalarSet(members.flatMap(\.set.ranges))
    }

    /// The property Alphabetic.
    static let alphabetic = ScalarSet(
        UnicodeScript.ranges(otherAlphabeticText)
            + (set(named: "L")?.ranges ?? []) + letterNumber.set.ranges)

    /// The property White_Space.
    package static let whitespace = ScalarSet([
        9...13, 0x20...0x20, 0x85...0x85, 0xA0...0xA0, 0x1680...0x1680, 0x2000...0x200A,
        0x2028...0x2029, 0x202F...0x202F, 0x205F...0x205F, 0x3000...0x3000,
    ])

    /// The scalars of words: alphabetic ones, marks, decimal numbers, connecting punctuation
    /// (Unicode Technical Standard 18, annex C, without the joiners).
    static let word = ScalarSet(
        alphabetic.ranges + (set(named: "M")?.ranges ?? []) + decimalNumber.set.ranges
            + connectorPunctuation.set.ranges)

    /// As `word`, with the joiners.
    package static let wordAndJoiners = word.union(ScalarSet([0x200C...0x200D]))
}
