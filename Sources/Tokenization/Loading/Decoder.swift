import QuireJSON

/// The `decoder` of a `tokenizer.json`.
struct Decoder {
    /// Whether decoding drops a space at the beginning of a text.
    private(set) var dropsLeadingSpace = false
    /// Whether tokens of the form `<0xNN>` are bytes.
    private(set) var readsBytes = false
    /// How WordPiece's tokens join: what begins those that go on with a word, and whether the space
    /// before punctuation is dropped.
    private(set) var wordPiece: (prefix: String, cleansUp: Bool)?

    init(_ value: JSONValue?) throws(TokenizerError) {
        for (type, step) in try PipelineStep.steps(value, "decoders", "decoder") {
            switch type {
            case "ByteLevel", "Fuse": break
            case "Replace":
                // How spaces are written is known of the vocabulary.
                guard PipelineStep.pattern(step).literal == "▁", step["content"]?.string == " "
                else { throw PipelineStep.unsupported("decoder", type, " of other than ▁") }
            case "WordPiece":
                dropsLeadingSpace = true
                wordPiece = (step["prefix"]?.string ?? "##", step["cleanup"]?.bool ?? true)
            case "ByteFallback": readsBytes = true
            case "Strip":
                let strips = (step["start"]?.integer ?? 0, step["stop"]?.integer ?? 0)
                guard step["content"]?.string == " ", strips == (1, 0) || strips == (0, 0) else {
                    throw PipelineStep.unsupported("decoder", type, " of other than one space")
                }
                if strips.0 == 1 { dropsLeadingSpace = true }
            case "Metaspace":
                guard step["replacement"]?.string ?? "▁" == "▁" else {
                    throw PipelineStep.unsupported("decoder", type, " of other than ▁")
                }
                let legacy = step["add_prefix_space"]?.bool ?? true
                let scheme = step["prepend_scheme"]?.string ?? (legacy ? "always" : "never")
                dropsLeadingSpace = scheme != "never"
            default: throw PipelineStep.unsupported("decoder", type)
            }
        }
    }
}
