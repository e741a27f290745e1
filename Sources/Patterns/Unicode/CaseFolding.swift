/// Which scalars are the same letter but for its case.
enum CaseFolding {
    /// The members of a set, and every scalar that differs from one of them by case alone.
    static func closure(_ set: ScalarSet) -> ScalarSet {
        var added: [ClosedRange<UInt32>] = []
        for range in set.ranges {
            if range.count > groups.count {
                // Fewer letters have a case than the range has scalars.
                for (letter, letters) in groups where range.contains(letter) {
                    added += letters.map { $0...$0 }
                }
            } else {
                for scalar in range {
                    added += (groups[scalar] ?? []).map { $0...$0 }
                }
            }
        }
        return added.isEmpty ? set : ScalarSet(set.ranges + added)
    }

    /// For each letter those that fold to the same one, itself among them.
    private static let groups: [UInt32: [UInt32]] = {
        var byFold: [UInt32: [UInt32]] = [:]
        let cased: [GeneralCategory] = [
            .uppercaseLetter, .lowercaseLetter, .titlecaseLetter, .letterNumber, .otherSymbol,
            .nonspacingMark,
        ]
        for run in GeneralCategory.runs where cased.contains(run.category) {
            for value in run.scalars {
                if let scalar = Unicode.Scalar(value) {
                    byFold[fold(scalar), default: []] += [value]
                }
            }
        }
        var groups: [UInt32: [UInt32]] = [:]
        for letters in byFold.values where letters.count > 1 {
            for letter in letters { groups[letter] = letters }
        }
        return groups
    }()

    /// Unicode's simple case folding, by way of the upper case, which brings together letters that
    /// have one (`ſ` and `s`). Letters whose mappings are several scalars keep what is one.
    private static func fold(_ scalar: Unicode.Scalar) -> UInt32 {
        // The dotless i is a letter of its own.
        if scalar == "\u{131}" { return scalar.value }
        let upper = single(scalar.properties.uppercaseMapping) ?? scalar
        return (single(upper.properties.lowercaseMapping) ?? upper).value
    }

    private static func single(_ text: String) -> Unicode.Scalar? {
        let scalars = text.unicodeScalars
        return scalars.count == 1 ? scalars.first : nil
    }
}
