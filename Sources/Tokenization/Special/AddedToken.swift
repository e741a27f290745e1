/// A token that is looked for in text as a whole, before the text is cut into pieces.
struct AddedToken: Sendable {
    var id: UInt32
    var text: [UInt8]
    /// Structure rather than text: only looked for when the caller asks.
    var isSpecial: Bool
    /// Whether the whitespace before it, or after it, belongs to it.
    var takesSpaceBefore = false
    var takesSpaceAfter = false
    /// Whether it counts only between characters that are not of a word.
    var isWholeWord = false
}
