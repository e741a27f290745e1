package import QuireIdentifiers
package import Tokenization

/// The model of chaos runs: its logits are a hash of all tokens so far.
///
/// Like the keys and values of a real model from its second layer on, what a slot of the cache
/// holds is a function of the whole history and not of its own token: a block that is shared
/// between two prefixes with the same tokens in it is found out.
package struct ChaosModel: Hashable, Sendable {
    /// Tokens of the vocabulary: letters from `a`, and last the end of a text. Few, so that prompts
    /// meet by chance.
    package static let vocabularySize = 16
    /// The end of a text.
    package static let end = TokenID(15)

    /// A token at whose sight the logits are no numbers; the vocabulary's size: none.
    package var poison = vocabularySize

    /// What is left of a history: a hash, whose lowest bit says whether it has the poison.
    package typealias Chain = UInt64

    /// The history of no tokens.
    package static let start: Chain = 0x2545_F491_4F6C_DD1C

    /// A history with one more token.
    package func extend(_ chain: Chain, _ token: TokenID) -> Chain {
        let hash = ChaosDice.mix(chain &+ 0x9E37_79B9_7F4A_7C15 &* UInt64(token.rawValue + 1))
        let isPoisoned = chain & 1 | (Int(token.rawValue) == poison ? 1 : 0)
        return hash & ~1 | isPoisoned
    }

    /// The history of some tokens.
    package func chain(_ tokens: some Sequence<TokenID>) -> Chain {
        tokens.reduce(Self.start) { extend($0, $1) }
    }

    /// The logit of a token after a history: between 0 and 8, on a grid on which sums are exact.
    package func logit(_ chain: Chain, _ token: Int) -> Float {
        if chain & 1 == 1 { return .nan }
        return Float(ChaosDice.mix(chain &+ UInt64(token) &* 0xA076_1D64_78BD_642F) >> 40)
            / Float(1 << 21)
    }

    /// The likeliest token after a history.
    package func likeliest(_ chain: Chain) -> TokenID {
        var best = 0
        for token in 1..<Self.vocabularySize where logit(chain, token) > logit(chain, best) {
            best = token
        }
        return TokenID(UInt32(best))
    }

    /// The text of a token: a letter; the end of a text has none.
    package static func text(_ token: TokenID) -> String {
        token == end ? "" : String(Character(Unicode.Scalar(UInt8(97 + token.rawValue))))
    }

    /// The tokenizer of the letters.
    ///
    /// - Throws: `TokenizerError`, never.
    package static func makeTokenizer() throws -> Tokenizer {
        let pieces = (0..<vocabularySize - 1).map { token in
            "\"\(text(TokenID(UInt32(token))))\": \(token)"
        }
        let json = """
            {
              "added_tokens": [
                {"id": \(end), "content": "<|endoftext|>", "special": true, "single_word": false,
                 "lstrip": false, "rstrip": false, "normalized": false}
              ],
              "pre_tokenizer": {"type": "ByteLevel", "add_prefix_space": false,
                                "trim_offsets": true, "use_regex": true},
              "decoder": {"type": "ByteLevel", "add_prefix_space": true, "trim_offsets": true,
                          "use_regex": true},
              "model": {"type": "BPE", "vocab": {\(pieces.joined(separator: ", "))}, "merges": []}
            }
            """
        return try Tokenizer(tokenizerJSON: Array(json.utf8))
    }
}
