package import ModelFiles

extension Tokenizer {
    /// The bytes that the tokenizer of a file takes, by the sizes of its lists, before it is made.
    ///
    /// Pieces are kept as they are written and as they decode, each beside what its list may have
    /// grown by; hash tables have a power of two of slots of 8 bytes, half of them used.
    package static func byteCount(of file: GGUFFile) -> Int {
        let tokens = count("tokenizer.ggml.tokens", of: file)
        let merges = count("tokenizer.ggml.merges", of: file)
        // What is no tensor is header: texts of tokens and merges, most of it.
        let header = max(0, file.byteCount - file.tensors.reduce(0) { $0 + $1.byteCount })
        return 2 * header + 32 * tokens + 8 * (slots(2 * tokens) + slots(merges + merges / 2))
    }

    private static func count(_ key: String, of file: GGUFFile) -> Int {
        guard case .array(let array)? = file.metadata.value(for: key) else { return 0 }
        return array.count
    }

    private static func slots(_ count: Int) -> Int {
        count < 2 ? 8 : 1 << (Int.bitWidth - (count - 1).leadingZeroBitCount)
    }
}
