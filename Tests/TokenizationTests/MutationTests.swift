import ModelFiles
import QuireIdentifiers
import QuireJSON
import TestSupport
import Testing

@testable import Tokenization

/// Tokenizers with seeded faults: each is an error, or works.
struct MutationTests {
    static let texts = [
        "", " ", "Hello world, it's 10,000!\n\n  x", "\u{4F60}\u{597D}\u{1F999}\u{0}\u{FFFD}",
        String(repeating: "ab ", count: 200), String(repeating: "=", count: 300), "<s></s><|end|>",
    ]

    /// Encodes and decodes; a tokenizer that loads must not trap, hang, or name tokens it lacks.
    static func exercise(_ tokenizer: Tokenizer) {
        for text in texts {
            let ids = tokenizer.encodePrompt(text, parseSpecial: true)
            #expect(ids.allSatisfy { Int($0.rawValue) < tokenizer.vocabularySize })
            var detokenizer = tokenizer.makeDetokenizer(skipSpecial: false)
            var streamed = ""
            for id in ids { streamed += detokenizer.append(id) }
            streamed += detokenizer.finish()
            #expect(streamed.utf8.elementsEqual(tokenizer.decode(ids, skipSpecial: false).utf8))
        }
    }

    @Test(arguments: 0..<10)
    func `a hundred mutated metadata load or fail`(seed: UInt64) throws {
        var random = SeededGenerator(seed: seed)
        let base =
            seed % 2 == 0
            ? MetadataForm(
                model: "gpt2", pieces: Self.byteLevelPieces, merges: Self.byteLevelMerges)
            : MetadataForm(model: "llama", pieces: Self.characterPieces, merges: [])
        var loaded = 0
        for _ in 0..<100 {
            var form = base
            for _ in 0..<Int.random(in: 1...3, using: &random) { form.mutate(&random) }
            do {
                Self.exercise(try Tokenizer(gguf: GGUFFile(bytes: form.writer.bytes())))
                loaded += 1
            } catch let error as TokenizerError {
                #expect(!error.message.isEmpty)
            }
        }
        #expect(loaded > 0)
    }

    @Test(arguments: 10..<20)
    func `a hundred mutated tokenizer files load or fail`(seed: UInt64) throws {
        var random = SeededGenerator(seed: seed)
        let base = Fixtures.bytes(seed % 2 == 0 ? Self.byteLevelJSON : Self.characterJSON)
        Self.exercise(try Tokenizer(tokenizerJSON: base))
        for step in 0..<100 {
            var bytes = base
            if step % 2 == 0 {
                bytes = Fixtures.bytes(
                    Self.mutated(try JSONValue(parsing: base), &random, depth: 0))
            } else {
                for _ in 0..<Int.random(in: 1...4, using: &random) { Self.damage(&bytes, &random) }
            }
            do throws(TokenizerError) {
                Self.exercise(try Tokenizer(tokenizerJSON: bytes))
            } catch {
                #expect(!error.message.isEmpty)
            }
        }
    }
}

extension MutationTests {
    static let byteLevelPieces: [[UInt8]] =
        (0...255).map { ByteAlphabet.text(of: UInt8($0)) }
        + ["he", "ll", "llo", "hello", "Ġw", "ab", "Ġab", "==", "<s>", "</s>", "<|end|>"]
        .map { Array($0.utf8) }
    static let byteLevelMerges = ["h e", "l l", "ll o", "he llo", "Ġ w", "a b", "Ġ ab", "= ="]
        .map { Array($0.utf8) }
    static let characterPieces: [[UInt8]] =
        (["<unk>", "<s>", "</s>"]
        + (0...255).map {
            "<0x" + ($0 < 16 ? "0" : "") + String($0, radix: 16, uppercase: true) + ">"
        }
        + ["▁", "a", "b", "ab", "▁ab", "=", "==", "====", "H", "e", "l", "o", "ll", "▁▁", "x▁y"])
        .map { Array($0.utf8) }

    static let byteLevelJSON: JSONValue = [
        "added_tokens": [
            ["id": 264, "content": "<s>", "special": true], ["id": 300, "content": "<|end|>"],
        ],
        "normalizer": ["type": "NFC"],
        "pre_tokenizer": [
            "type": "Sequence",
            "pretokenizers": [
                ["type": "Digits", "individual_digits": true],
                ["type": "ByteLevel", "add_prefix_space": false, "use_regex": true],
            ],
        ],
        "post_processor": [
            "type": "TemplateProcessing",
            "single": [["SpecialToken": ["id": "<s>"]], ["Sequence": ["id": "A"]]],
            "special_tokens": ["<s>": ["id": "<s>", "ids": [264], "tokens": ["<s>"]]],
        ],
        "decoder": ["type": "ByteLevel"],
        "model": [
            "type": "BPE", "ignore_merges": false, "unk_token": nil,
            "vocab": vocabulary(byteLevelPieces),
            "merges": .array(byteLevelMerges.map { .string(String(decoding: $0, as: UTF8.self)) }),
        ],
    ]
    static let characterJSON: JSONValue = [
        "added_tokens": [["id": 1, "content": "<s>", "special": true, "normalized": true]],
        "normalizer": [
            "type": "Sequence",
            "normalizers": [
                ["type": "Prepend", "prepend": "▁"],
                ["type": "Replace", "pattern": ["String": " "], "content": "▁"],
            ],
        ],
        "pre_tokenizer": nil,
        "decoder": [
            "type": "Sequence",
            "decoders": [
                ["type": "Fuse"], ["type": "Strip", "content": " ", "start": 1, "stop": 0],
            ],
        ],
        "model": [
            "type": "BPE", "byte_fallback": true, "fuse_unk": true, "unk_token": "<unk>",
            "vocab": vocabulary(characterPieces),
            "merges": [["a", "b"], ["▁", "ab"], ["=", "="], ["==", "=="], ["l", "l"]],
        ],
    ]

    private static func vocabulary(_ pieces: [[UInt8]]) -> JSONValue {
        .object(
            pieces.enumerated().map { .init(String(decoding: $1, as: UTF8.self), .integer($0)) })
    }

    /// Changes one place of a tree: drops, doubles or replaces a member or an element.
    static func mutated(
        _ value: JSONValue, _ random: inout SeededGenerator, depth: Int
    ) -> JSONValue {
        let strange: [JSONValue] = [
            nil, true, -1, 4_194_303, 4_294_967_296, 1e30, "", "▁", "\u{FFFD}", [], [:], "Unigram",
            [["a"]], "a b c",
        ]
        switch value {
        case .object(var members)
        where !members.isEmpty && (depth == 0 || Int.random(in: 0..<5, using: &random) > 0):
            let index = Int.random(in: 0..<members.count, using: &random)
            switch Int.random(in: 0..<12, using: &random) {
            case 0: members.remove(at: index)
            case 1: members.append(members[index])
            case 2:
                members[index].key =
                    strange.compactMap(\.string).randomElement(using: &random) ?? ""
            default:
                members[index].value = mutated(members[index].value, &random, depth: depth + 1)
            }
            return .object(members)
        case .array(var elements)
        where !elements.isEmpty && Int.random(in: 0..<5, using: &random) > 0:
            let index = Int.random(in: 0..<elements.count, using: &random)
            switch Int.random(in: 0..<6, using: &random) {
            case 0: elements.remove(at: index)
            case 1: elements.append(elements[index])
            default: elements[index] = mutated(elements[index], &random, depth: depth + 1)
            }
            return .array(elements)
        default: return strange.randomElement(using: &random) ?? .null
        }
    }

    /// Overwrites, removes or doubles a few bytes.
    static func damage(_ bytes: inout [UInt8], _ random: inout SeededGenerator) {
        guard !bytes.isEmpty else { return }
        let index = Int.random(in: 0..<bytes.count, using: &random)
        switch Int.random(in: 0..<4, using: &random) {
        case 0: bytes[index] = UInt8.random(in: 0...255, using: &random)
        case 1: bytes.remove(at: index)
        case 2: bytes.insert(bytes[index], at: index)
        default:
            let end = min(bytes.count, index + Int.random(in: 1...20, using: &random))
            bytes.removeSubrange(index..<end)
        }
    }
}

/// A tokenizer's metadata in a form that faults can be put into.
private struct MetadataForm {
    var model: String
    var pieces: [[UInt8]]
    var merges: [[UInt8]]
    var kinds: [Int32]
    var scores: [Float]
    var numbers: [String: UInt32] = ["bos_token_id": 1, "eos_token_id": 2]
    var flags: [String: Bool] = ["add_bos_token": true]
    var pre = "llama-bpe"
    var dropped: String?

    init(model: String, pieces: [[UInt8]], merges: [[UInt8]]) {
        self.model = model
        self.pieces = pieces
        self.merges = merges
        kinds = pieces.map { piece in
            piece.starts(with: Array("<0x".utf8)) ? 6 : piece.count > 2 && piece[0] == 0x3C ? 3 : 1
        }
        scores = pieces.indices.map { -Float($0) }
    }

    mutating func mutate(_ random: inout SeededGenerator) {
        let index = Int.random(in: 0..<max(pieces.count, 1), using: &random)
        guard pieces.indices.contains(index), !kinds.isEmpty, !scores.isEmpty else { return }
        switch Int.random(in: 0..<16, using: &random) {
        case 0: pieces[index] = []
        case 1: pieces[index] = pieces[(index + 1) % pieces.count]
        case 2: pieces[index] = (0..<5).map { _ in UInt8.random(in: 0...255, using: &random) }
        case 3: pieces[index] = Array(repeating: 0x61, count: 5000)
        case 4: pieces.removeSubrange(index...)
        case 5: kinds[min(index, kinds.count - 1)] = Int32.random(in: -3...9, using: &random)
        case 6: kinds.removeLast(min(kinds.count, index))
        case 7: scores.removeLast(min(scores.count - 1, index))
        case 8:
            let strange: [Float] = [.nan, .infinity, -.infinity, 0, -0.0, .leastNonzeroMagnitude]
            scores[min(index, scores.count - 1)] = strange.randomElement(using: &random) ?? 0
        case 9: merges.append(Array(["a", "a  b", " ", "", "zz q", "a b c"][index % 6].utf8))
        case 10: merges.append(pieces[index] + [0x20] + pieces[(index + 7) % pieces.count])
        case 11: merges.shuffle(using: &random)
        case 12:
            let keys = ["bos_token_id", "eos_token_id", "eot_token_id", "unknown_token_id"]
            numbers[keys[index % 4]] = [0, 7, 259, 5000, .max][index % 5]
        case 13:
            let keys = ["add_bos_token", "add_eos_token", "add_space_prefix"]
            flags[keys[index % 3]] = Bool.random(using: &random)
        case 14:
            let names = ["default", "gpt-2", "tekken", "deepseek-v3", "nonsense", "", "viking"]
            pre = names[index % names.count]
        default:
            dropped = ["model", "tokens", "merges", "scores", "token_type", "pre"][index % 6]
        }
    }

    var writer: GGUFWriter {
        var writer = GGUFWriter()
        func key(_ name: String) -> String { "tokenizer.ggml." + name }
        if dropped != "model" { writer.add(key("model"), text: model) }
        if dropped != "pre" { writer.add(key("pre"), text: pre) }
        if dropped != "tokens" { writer.add(key("tokens"), .array(GGUFArray(strings: pieces))) }
        if dropped != "merges" { writer.add(key("merges"), .array(GGUFArray(strings: merges))) }
        if dropped != "scores" { writer.add(key("scores"), .array(GGUFArray(floats: scores))) }
        if dropped != "token_type" {
            writer.add(key("token_type"), .array(GGUFArray(int32s: kinds)))
        }
        for (name, number) in numbers.sorted(by: { $0.key < $1.key }) {
            writer.add(key(name), .uint32(number))
        }
        for (name, flag) in flags.sorted(by: { $0.key < $1.key }) {
            writer.add(key(name), .bool(flag))
        }
        return writer
    }
}
