import ModelFiles
import Tokenization

/// Where commands that only need a tokenizer get it from.
enum TokenizerSource {
    /// The tokenizer of a model (a name or a path), or of a `tokenizer.json`; its warnings go to
    /// stderr.
    static func load(_ model: String) throws -> Tokenizer {
        let tokenizer: Tokenizer
        if model.hasSuffix(".json") {
            tokenizer = try Tokenizer(tokenizerJSON: try StandardStreams.bytes(file: model))
        } else {
            tokenizer = try Tokenizer(ModelFile.open(ModelChoice.path(of: model)))
        }
        for warning in tokenizer.warnings { Terminal.note("warning: \(warning)") }
        return tokenizer
    }
}
