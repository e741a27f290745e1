import ModelFiles
import QuireIdentifiers

extension TokenizerEntries {
    /// Texts on which two tokenizers that differ in anything that matters mostly differ.
    private static let samples = [
        "Hello, world! It's 12345 or 67,890.5; I'LL see.", "  two  spaces\n\n\tand   lines \r\n",
        "naïve café Ünïcödé e\u{301}\u{327} ﬁ ½ İ", "日本語のテキスト、漢字。한국어 텍스트",
        "مرحبا мир שלום ไทย नमस्ते",
        "def f(x):\n    return x ** 2  # done\n\n\n}", "🙂👩‍👩‍👧 \u{200B}\u{FEFF}mixedCaseWORDs",
        "http://a.b/c?d=e&f#g <tag attr=\"v\">$100 %d 1+1=2</tag>", " a", "a ", "1 22 333 4444",
    ]

    /// Reads the entries as a file's, and compares what comes of it with what they were made of.
    ///
    /// - Throws: `unsupportedStep` where texts become other tokens.
    mutating func check(against tokenizer: Tokenizer) throws(TokenizerError) {
        var writer = GGUFWriter()
        for (key, value) in entries { writer.add(key, value) }
        let bytes = writer.bytes()
        let written = try GGUFTokenizerLoader.reading { () throws(ModelFileError) in
            try GGUFFile(bytes: bytes)
        }
        let reader = try Tokenizer(gguf: written)
        for text in Self.samples where tokenizer.encode(text) != reader.encode(text) {
            throw TokenizerError(
                .unsupportedStep,
                "\(quoted(text)) would become other tokens in a GGUF file, which cannot say how"
                    + " this tokenizer differs; run the model as the folder that it is")
        }
        let lost = tokenizer.core.roles.endOfGeneration.subtracting(
            reader.core.roles.endOfGeneration)
        for token in lost.sorted(by: { $0.rawValue < $1.rawValue }) {
            warnings.append(
                "token \(token.rawValue) ends answers, for which a GGUF file has no more place")
        }
    }
}
