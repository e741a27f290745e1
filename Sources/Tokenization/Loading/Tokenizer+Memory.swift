package import ModelFiles

extension Tokenizer {
    /// The bytes that the tokenizer of a file takes, by the sizes of its lists, before it is made.
    ///
    /// Pieces are kept as they are written and as they decode, each beside what its list may have
    /// grown by; hash tables have a power of two of slots of 8 bytes, half of them used.
    package static func byteCount(of model: any ModelDescription) -> Int {
        guard case .metadata = model.tokenizer else { return byteCount(json: model.tokenizer) }
        let tokens = count("tokenizer.ggml.tokens", of: model)
        let merges = count("tokenizer.ggml.merges", of: model)
        // What is no tensor is header: texts of tokens and merges, most of it.
        let tensors = model.tensorNames.reduce(0) {
            $0 + (model.description(ofTensor: $1)?.byteCount ?? 0)
        }
        let header = max(0, model.byteCount - tensors)
        return 2 * header + 32 * tokens + 8 * (slots(2 * tokens) + slots(merges + merges / 2))
    }

    /// The bytes for a `tokenizer.json`, by its size: an entry of its lists takes some 20 bytes of
    /// text at least.
    private static func byteCount(json tokenizer: TokenizerDescription) -> Int {
        let bytes: [UInt8]
        switch tokenizer {
        case .json(let file?, _), .sentencePiece(let file, _): bytes = file
        case .json, .metadata: return 0
        }
        let entries = bytes.count / 20
        return 2 * bytes.count + 32 * entries + 8 * slots(2 * entries)
    }

    private static func count(_ key: String, of model: any ModelDescription) -> Int {
        guard case .array(let array)? = model.parameter(key) else { return 0 }
        return array.count
    }

    private static func slots(_ count: Int) -> Int {
        count < 2 ? 8 : 1 << (Int.bitWidth - (count - 1).leadingZeroBitCount)
    }
}
