import Foundation
import ModelFiles
import QuireIdentifiers
import Testing
import Tokenization

/// llama.cpp's vocabularies with its 46 cases each, and goldens made with Hugging Face's
/// `tokenizers`; see `Environment`.
@Suite(.enabled(if: Environment.sharedData != nil))
struct SharedDataTests {
    static let vocabularies = [
        "deepseek-coder", "falcon", "gpt-2", "llama-spm", "qwen2", "starcoder",
    ]

    @Test(arguments: vocabularies)
    func `the cases of llama.cpp give its ids`(name: String) throws {
        let tokenizer = try Environment.vocabulary(name)
        #expect(tokenizer.warnings.isEmpty)
        let path = "tokenizers/ggml-vocab-\(name).gguf"
        let input = String(decoding: try Environment.shared(path + ".inp"), as: UTF8.self)
        let output = String(decoding: try Environment.shared(path + ".out"), as: UTF8.self)
        // Both files end with a separator.
        let texts = input.components(separatedBy: "\n__ggml_vocab_test__\n").dropLast()
        let lines = output.components(separatedBy: "\n").dropLast()
        #expect(texts.count == 46 && lines.count == 46)
        for (text, line) in zip(texts, lines) {
            let expected = line.split(separator: " ").compactMap { UInt32($0) }
            let ids = tokenizer.encode(text)
            #expect(ids.map(\.rawValue) == expected, "\(text.debugDescription)")
            #expect(tokenizer.decode(ids) == text || name == "llama-spm" && text.first == " ")
        }
    }

    /// With the ids of Hugging Face's `tokenizers` 0.23.3.
    @Test(arguments: [
        ("é", [963]),
        (
            "Tiếng Việt là ngôn ngữ của người Việt và là ngôn ngữ chính thức tại Việt Nam.",
            [
                45351, 26068, 968, 128_324, 37915, 137_425, 133_687, 59735, 128_251, 128_324,
                47742, 37915, 137_425, 133_687, 128_311, 128_482, 128_272, 128_324, 29974, 13,
            ]
        ),
        (
            "안녕하세요, 맥에서 복사한 파일 이름입니다.",
            [
                126_246, 144_370, 91145, 11, 32985, 98, 56475, 30520, 113, 55054, 23573, 67629,
                86034, 78952, 13,
            ]
        ),
        (
            "Ångström, naïve café, Ελλάδα",
            [
                144_044, 968, 495, 85584, 11, 94880, 586, 51950, 11, 7851, 243, 33486, 33486,
                74134, 85386, 18945,
            ]
        ),
    ])
    func `Qwen's text in its parts has the ids of text in form C`(
        text: String, ids: [UInt32]
    ) throws {
        let tokenizer = try Environment.vocabulary("qwen2")
        let parts = text.decomposedStringWithCanonicalMapping
        #expect(!parts.utf8.elementsEqual(text.utf8))
        #expect(tokenizer.encode(parts).map(\.rawValue) == ids)
        #expect(tokenizer.encode(text).map(\.rawValue) == ids)
    }

    private struct Golden: Decodable {
        let text: String
        let ids: [UInt32]
    }

    @Test(arguments: ["gpt-2", "qwen2"])
    func `the goldens of Hugging Face are met`(name: String) throws {
        let tokenizer = try Environment.vocabulary(name)
        let folder = try #require(Environment.sharedData)
        let lines = try Environment.gzippedLines("\(folder)/tokenizers/goldens_\(name).jsonl.gz")
        #expect(lines.count > 100)
        for line in lines {
            let golden = try JSONDecoder().decode(Golden.self, from: Data(line.utf8))
            let ids = tokenizer.encode(golden.text)
            #expect(ids.map(\.rawValue) == golden.ids, "\(golden.text.debugDescription)")
            #expect(tokenizer.decode(ids) == golden.text)
        }
    }
}

/// The prompts of the reference runs of two real models.
@Suite(.enabled(if: Environment.sharedData != nil && Environment.models != nil))
struct ReferencePromptTests {
    private struct Reference: Decodable {
        let prompts: [Prompt]

        struct Prompt: Decodable {
            let text: String
            let input_ids: [UInt32]
            let add_special_tokens: Bool?
        }
    }

    @Test(arguments: [
        ("gemma270m", "gemma-3-270m-q4_k_m"), ("qwen05b", "qwen2.5-coder-0.5b-instruct-q4_k_m"),
    ])
    func `prompts have the ids of the reference`(name: String, model: String) throws {
        let data = try Environment.shared("reference/\(name).json")
        let reference = try JSONDecoder().decode(Reference.self, from: data)
        let folder = try #require(Environment.models)
        let tokenizer = try Tokenizer(gguf: GGUFFile.open("\(folder)/\(model).gguf"))
        #expect(!reference.prompts.isEmpty)
        for prompt in reference.prompts {
            let addsSpecial = prompt.add_special_tokens ?? true
            let ids = tokenizer.encodePrompt(prompt.text, parseSpecial: !addsSpecial)
            #expect(ids.map(\.rawValue) == prompt.input_ids, "\(prompt.text.debugDescription)")
        }
    }
}
