/// What stands for a part of a tool's result that is no text.
enum OmittedPart {
    /// The words.
    ///
    /// - Parameter kind: as `image`.
    static func text(_ kind: String) -> String { "[\(kind): left out, the model reads text only]" }
}
