/// The name of a model in the store: what `quire run` is told, and the stem of its file.
///
/// 1 to 96 of letters, digits, `.`, `_` and `-`, beginning with a letter or a digit: such a name
/// cannot leave the store's folder, whatever it says.
package struct ModelName: Hashable, Sendable, CustomStringConvertible {
    /// The name itself.
    package let rawValue: String

    /// The name itself.
    package var description: String { rawValue }

    /// Checks a name that a person gave.
    package init(_ text: String) throws(ModelStoreError) {
        guard Self.isValid(text) else {
            throw ModelStoreError(
                .invalidName,
                """
                \(ForeignText.quoted(text)) cannot be a model's name: use up to \
                \(ModelStoreLimits.nameLength) letters, digits, '.', '_' and '-', beginning with \
                a letter or digit, and leave out the ending .gguf.
                """)
        }
        rawValue = text
    }

    /// Makes the nearest valid name of a file's name or a package's: nil when nothing is left.
    init?(derivedFrom fileName: String) {
        var text = fileName.lowercased()
        if text.hasSuffix(".gguf") { text.removeLast(5) }
        text = String(text.map { Self.isAllowed($0) ? $0 : "-" })
        text = String(text.drop { !($0.isLetter || $0.isNumber) })
        text = String(text.prefix(ModelStoreLimits.nameLength))
        guard Self.isValid(text) else { return nil }
        rawValue = text
    }

    private static func isValid(_ text: String) -> Bool {
        guard let first = text.first, first.isLetter || first.isNumber else { return false }
        return text.count <= ModelStoreLimits.nameLength && text.allSatisfy(isAllowed)
            && !text.lowercased().hasSuffix(".gguf")
            && SplitFileName(stem: text) == nil
    }

    private static func isAllowed(_ character: Character) -> Bool {
        character.isASCII
            && (character.isLetter || character.isNumber || "._-".contains(character))
    }
}
