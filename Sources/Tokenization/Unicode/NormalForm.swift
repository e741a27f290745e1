/// The normal forms of Unicode (Unicode Standard Annex 15).
enum NormalForm {
    /// Characters in as few scalars as there are (NFC).
    case composed
    /// Characters in their parts (NFD).
    case decomposed
    /// As `composed`, characters that are others but for their looks written as those (NFKC).
    case compatiblyComposed
    /// As `decomposed`, likewise (NFKD).
    case compatiblyDecomposed

    private var isComposed: Bool { self == .composed || self == .compatiblyComposed }
    private var isCompatible: Bool {
        self == .compatiblyComposed || self == .compatiblyDecomposed
    }

    /// Whether text is in form C already, as far as each scalar and the one before it tell; text
    /// with scalars that may join others counts as if they did.
    static func isComposed(_ scanner: borrowing TextScanner, _ range: Range<Int>) -> Bool {
        let table = NormalizationTable.shared
        var last: UInt8 = 0
        var position = range.lowerBound
        while position < range.upperBound {
            // Below U+0300 nothing combines and nothing consists of anything else that form C
            // would leave apart.
            if scanner.text[position] < 0xCC {
                last = 0
                position += 1
                continue
            }
            let (value, width) = scanner.scalar(position, range.upperBound)
            let (combiningClass, mayChange) = table.property(UInt32(value))
            if mayChange || combiningClass != 0 && combiningClass < last { return false }
            last = combiningClass
            position += width
        }
        return true
    }

    /// The UTF-8 of a text in this form; nil for bytes that are no UTF-8, which have no form.
    ///
    /// - Complexity: O(n log n) in the longest run of combining marks, O(n) otherwise.
    func callAsFunction(_ text: [UInt8]) -> [UInt8]? {
        guard let text = String(validating: text, as: UTF8.self) else { return nil }
        var scalars = Self.decompose(text.unicodeScalars, isCompatible: isCompatible)
        if isComposed { Self.compose(&scalars) }
        var result = String.UnicodeScalarView()
        for value in scalars {
            if let scalar = Unicode.Scalar(value) { result.append(scalar) }
        }
        return Array(String(result).utf8)
    }

    /// All parts, marks on one character in the order of their classes.
    private static func decompose(
        _ text: String.UnicodeScalarView, isCompatible: Bool
    ) -> [UInt32] {
        let table = NormalizationTable.shared
        var scalars: [UInt32] = []
        scalars.reserveCapacity(text.count + text.count / 4)
        for scalar in text {
            // Each is written as others entirely, which are written as none.
            if isCompatible, let others = CompatibilityTable.shared.parts(of: scalar.value) {
                for other in others { append(other, table, to: &scalars) }
            } else {
                append(scalar.value, table, to: &scalars)
            }
        }
        var index = 0
        while index < scalars.count {
            let start = index
            var isOrdered = true
            var last: UInt8 = 0
            while index < scalars.count {
                let next = table.property(scalars[index]).combiningClass
                if next == 0 { break }
                isOrdered = isOrdered && last <= next
                last = next
                index += 1
            }
            if !isOrdered {
                // Sorting is stable: marks of one class keep their order.
                scalars[start..<index].sort {
                    table.property($0).combiningClass < table.property($1).combiningClass
                }
            }
            index += 1
        }
        return scalars
    }

    private static func append(
        _ scalar: UInt32, _ table: NormalizationTable, to scalars: inout [UInt32]
    ) {
        if scalar < 0xC0 { return scalars.append(scalar) }
        if Hangul.syllables.contains(scalar) {
            let letters = Hangul.letters(scalar)
            scalars.append(letters.lead)
            scalars.append(letters.vowel)
            if letters.final != 0 { scalars.append(letters.final) }
        } else if let (first, second) = table.decomposition(scalar) {
            append(first, table, to: &scalars)
            if let second { scalars.append(second) }
        } else {
            scalars.append(scalar)
        }
    }

    /// Joins each scalar to the last one that begins a character, unless one of its class or of a
    /// higher one is between.
    private static func compose(_ scalars: inout [UInt32]) {
        let table = NormalizationTable.shared
        var count = 0
        var starter: Int?
        // The class of the scalar before this one; below 0 for the starter itself.
        var last = -1
        for scalar in scalars {
            let combiningClass = Int(table.property(scalar).combiningClass)
            if let starter, last < combiningClass,
                let joined = table.composite(scalars[starter], scalar)
            {
                scalars[starter] = joined
                continue
            }
            if combiningClass == 0 {
                starter = count
                last = -1
            } else {
                last = combiningClass
            }
            scalars[count] = scalar
            count += 1
        }
        scalars.removeSubrange(count...)
    }
}
