/// The bounds of what a pattern may ask for, and of what matching it may cost.
package enum PatternLimits {
    /// Unicode scalars of a pattern.
    static let scalars = 1 << 16
    /// Groups, classes and repetitions inside of one another: parser, compiler and matcher recurse
    /// on the pattern's depth, never on the text's length.
    static let depth = 100
    /// The largest number of a repetition.
    static let repetitions = 1_000
    /// Instructions of a compiled pattern: bounded repetitions are written out.
    static let instructions = 1 << 16
    /// Scalars that a lookbehind may reach back.
    static let lookbehind = 255
    /// Steps that a search may take whatever the text, and for each byte of it. Patterns of
    /// tokenizers take some ten steps a byte; only ones whose cost grows with the square of the
    /// text can reach the bound, in texts of thousands of characters that nothing cuts.
    package static let baseSteps = 1 << 22
    package static let stepsPerByte = 1 << 10
}
