import Patterns

/// The class of every Unicode scalar: one byte each, up to the last one that has a class.
///
/// The table is spread out of the runs of general categories on first use (about 200 KB, well under
/// a millisecond).
enum CharacterClassTable {
    /// Indexed by scalar value. Scalars beyond are of no class, but for `lateMarks`.
    static let classes: [UInt8] = {
        var classes = [UInt8](repeating: 0, count: end)
        func set(_ scalars: ClosedRange<UInt32>, _ kind: CharacterClass) {
            for scalar in scalars where scalar < end { classes[Int(scalar)] = kind.rawValue }
        }
        for run in GeneralCategory.runs where run.scalars.lowerBound < end {
            set(run.scalars, characterClass(run.category))
        }
        for range in GeneralCategory.whitespace.ranges { set(range, .whitespace) }
        return classes
    }()

    /// The scalar behind the last one of a class.
    private static let end = 0x32400

    /// The variation selectors of plane 14, the only marks beyond the table.
    static let lateMarks = 0xE0100...0xE01EF

    private static func characterClass(_ category: GeneralCategory) -> CharacterClass {
        switch category {
        case .uppercaseLetter, .titlecaseLetter: [.letter, .upper]
        case .lowercaseLetter: [.letter, .lower]
        case .modifierLetter, .otherLetter: .letter
        case .nonspacingMark, .spacingMark, .enclosingMark: .mark
        case .decimalNumber, .letterNumber, .otherNumber: .number
        case .connectorPunctuation, .dashPunctuation, .openPunctuation, .closePunctuation,
            .initialPunctuation, .finalPunctuation, .otherPunctuation:
            .punctuation
        case .mathSymbol, .currencySymbol, .modifierSymbol, .otherSymbol: .symbol
        case .spaceSeparator, .lineSeparator, .paragraphSeparator, .control, .format, .surrogate,
            .privateUse, .unassigned:
            []
        }
    }
}
