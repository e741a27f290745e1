import Tokenization

/// The tokenizer of a model that is only pretended: the engine wants one, and a simulation has no
/// text.
enum SimulatedTokenizer {
    static func make() throws -> Tokenizer {
        let json = """
            {"added_tokens": [],
             "pre_tokenizer": {"type": "ByteLevel", "add_prefix_space": false,
                               "trim_offsets": true, "use_regex": true},
             "decoder": {"type": "ByteLevel", "add_prefix_space": true, "trim_offsets": true,
                         "use_regex": true},
             "model": {"type": "BPE", "vocab": {"a": 0}, "merges": []}}
            """
        return try Tokenizer(tokenizerJSON: Array(json.utf8))
    }
}
