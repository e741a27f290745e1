/// What pre-tokenizer patterns ask of a character: its Unicode general category, coarsely.
struct CharacterClass: OptionSet {
    let rawValue: UInt8

    /// `\p{L}`; together with `upper` or `lower` where the letter has a case.
    static let letter = CharacterClass(rawValue: 1)
    /// `\p{M}`.
    static let mark = CharacterClass(rawValue: 2)
    /// `\p{N}`.
    static let number = CharacterClass(rawValue: 4)
    /// `\p{P}`.
    static let punctuation = CharacterClass(rawValue: 8)
    /// `\p{S}`.
    static let symbol = CharacterClass(rawValue: 16)
    /// `\s`: the White_Space property.
    static let whitespace = CharacterClass(rawValue: 32)
    /// `\p{Lu}` and `\p{Lt}`.
    static let upper = CharacterClass(rawValue: 64)
    /// `\p{Ll}`.
    static let lower = CharacterClass(rawValue: 128)

    /// Whether the two sets share a class.
    @inline(__always)
    func meets(_ other: CharacterClass) -> Bool { rawValue & other.rawValue != 0 }
}
