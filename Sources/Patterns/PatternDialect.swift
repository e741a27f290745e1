/// Whose regular expressions a text is read as.
package enum PatternDialect: Hashable, Sendable {
    /// Oniguruma's, which the `Split` of a `tokenizer.json` is written in: `^` and `$` are at
    /// lines, `(?m)` lets the dot match line breaks, classes nest and intersect.
    case oniguruma
    /// ECMA 262's with Unicode, which JSON Schema's `pattern` is written in.
    case ecma
}
