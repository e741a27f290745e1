import ModelStore

/// What the single word, or the single text, after `quire run` is.
enum RunWords {
    /// Whether it is a model and not a prompt for the demo model: one word, a path, a source, or
    /// the name of a family with a version.
    static func isModel(_ text: String, store: ModelStore = ModelStore()) -> Bool {
        guard !text.isEmpty, !text.contains(where: \.isNewline) else { return false }
        if !text.contains(where: \.isWhitespace) || text.hasSuffix(".gguf") { return true }
        if ["/", "./", "../", "~/"].contains(where: text.hasPrefix) { return true }
        let words = text.split(whereSeparator: \.isWhitespace)
        // "llama 3.2 1b" is a model's name, "Llamas are animals" is not.
        return words.count <= 4 && words.dropFirst().allSatisfy(isVersion)
            && store.looksLikeModel(words.joined(separator: "-"))
    }

    private static func isVersion(_ word: Substring) -> Bool {
        let kinds = ["base", "chat", "coder", "instruct", "it", "large", "mini", "small"]
        return kinds.contains(word.lowercased())
            || word.wholeMatch(of: /[vV]?[0-9]+(\.[0-9]+)*[bBkKmM]?/) != nil
    }
}

/// A word that is no model and may have been meant as a prompt, or as the first word of one.
struct UnknownModel: Error, CustomStringConvertible {
    let description: String

    init(
        _ error: ModelStoreError, word: String, prompt: String? = nil,
        store: ModelStore = ModelStore()
    ) {
        var text = error.message
        if let prompt {
            if !prompt.contains(where: \.isWhitespace), !store.looksLikeModel(word) {
                text +=
                    "\nIf the prompt is '\(Terminal.plain("\(word) \(prompt)"))', put it in quotes."
            }
        } else if !word.contains("/"), !word.contains(":"), store.names(near: word).isEmpty {
            text +=
                "\nTo have the demo model continue it as a text: quire run demo "
                + "'\(Terminal.plain(word))'"
        }
        description = text
    }
}
