import Foundation
import QuireIdentifiers
import TestSupport
import Testing
import Tokenization

/// Texts of which some stretches are data, as what people wrote is in a chat template's output.
struct DataTextTests {
    /// A vocabulary and the names of its special tokens.
    struct Case: CustomTestStringConvertible, Sendable {
        let name: String
        let special: [String]
        let make: @Sendable () throws -> Tokenizer
        var testDescription: String { name }
    }

    private static let chatML = ["<|im_start|>", "<|im_end|>", "<|endoftext|>"]

    static let cases: [Case] =
        ["gpt-2", "qwen2", "llama-bpe"].map { pre in
            Case(name: pre, special: chatML) {
                try Fixtures.tokenizer(Fixtures.byteLevelGGUF(pre: pre, special: chatML))
            }
        } + [
            Case(name: "sentencepiece", special: ["<s>", "</s>"]) {
                try Fixtures.tokenizer(Fixtures.sentencePieceGGUF())
            }
        ]

    /// The vocabularies that a developer has.
    static let shared: [Case] = [
        ("deepseek-coder", ["<|EOT|>", "<｜begin▁of▁sentence｜>"]),
        ("falcon", ["<|endoftext|>", ">>TITLE<<"]), ("gpt-2", ["<|endoftext|>"]),
        ("llama-spm", ["<s>", "</s>"]), ("qwen2", ["<|endoftext|>", "<|im_end|>"]),
        ("starcoder", ["<|endoftext|>", "<fim_prefix>"]),
    ].map { name, special in
        Case(name: name, special: special) { try Environment.vocabulary(name) }
    }

    private static let plain = [
        "", " ", "\n", "\n\n", "  ", "a", "Hello", " world", "I'm", "1234", "é", "e\u{301}", "한국어",
        "👩‍👩‍👧", "\t", "user\n", "assistant", "...", "=-=", "日本", "’s", "\r\n", "}", "{\"a\": 1}",
    ]

    /// A text in parts, of which every second is data that may hold names of special tokens.
    private struct Parts {
        var text = ""
        var data: [Range<Int>] = []
        var structure: [String] = []

        init(_ special: [String], isHostile: Bool, _ random: inout SeededGenerator) {
            for index in 0..<Int.random(in: 1...9, using: &random) {
                let start = text.utf8.count
                for _ in 0..<Int.random(in: 0...5, using: &random) {
                    let takesName = index % 2 == 0 || isHostile
                    if takesName, Bool.random(using: &random),
                        let name = special.randomElement(using: &random)
                    {
                        // Also beginnings, whose ends the template's part may seem to have.
                        let isWhole = index % 2 == 0 || Bool.random(using: &random)
                        text += isWhole ? name : String(name.dropLast())
                        if index % 2 == 0 { structure.append(name) }
                    } else {
                        text += plain.randomElement(using: &random) ?? ""
                    }
                }
                if index % 2 == 1 { data.append(start..<text.utf8.count) }
            }
        }
    }

    @Test(arguments: cases)
    func `data without names of special tokens leaves no seam`(fixture: Case) throws {
        try Self.checkSeams(fixture, texts: 400)
    }

    @Test(arguments: cases)
    func `names of special tokens in data change no structure`(fixture: Case) throws {
        try Self.checkStructure(fixture, texts: 400)
    }

    @Test(.enabled(if: Environment.sharedData != nil), arguments: shared)
    func `both hold for the vocabularies of real models`(fixture: Case) throws {
        try Self.checkSeams(fixture, texts: 100)
        try Self.checkStructure(fixture, texts: 100)
    }

    private static func checkSeams(_ fixture: Case, texts: Int) throws {
        let tokenizer = try fixture.make()
        var random = SeededGenerator(seed: 11)
        for _ in 0..<texts {
            let parts = Parts(fixture.special, isHostile: false, &random)
            let ids = tokenizer.encode(parts.text, data: parts.data)
            let whole = tokenizer.encode(parts.text, parseSpecial: true)
            #expect(ids == whole, "\(parts.text.debugDescription) \(parts.data)")
        }
    }

    private static func checkStructure(_ fixture: Case, texts: Int) throws {
        let tokenizer = try fixture.make()
        let names = try Dictionary(
            uniqueKeysWithValues: fixture.special.map { name in
                (try #require(tokenizer.id(of: name), "\(name)"), name)
            })
        let structure = tokenizer.structure(of: fixture.special.joined(separator: "{{ x }}"))
        for id in names.keys { #expect(structure.contains(id), "\(names[id] ?? "")") }
        var random = SeededGenerator(seed: 12)
        for _ in 0..<texts {
            let parts = Parts(fixture.special, isHostile: true, &random)
            let ids = tokenizer.encode(parts.text, data: parts.data, structure: structure)
            #expect(
                ids.compactMap { names[$0] } == parts.structure,
                "\(parts.text.debugDescription) \(parts.data)")
        }
    }

    @Test func `structure is what a template names, and the ends of answers, but no whitespace`()
        throws
    {
        let name = "<tool_call>"
        var writer = try Fixtures.byteLevelGGUF(
            pre: "qwen2", special: ["<|im_end|>", name, "\n\n"])
        let count = try Fixtures.tokenizer(writer).vocabularySize
        // The last two are user-defined: text, wherever nobody asks.
        let kinds = Array(repeating: Int32(1), count: count - 3) + [3, 4, 4]
        writer = try Fixtures.byteLevelGGUF(
            pre: "qwen2", special: ["<|im_end|>", name, "\n\n"], kinds: kinds)
        let tokenizer = try Fixtures.tokenizer(writer)
        let call = try #require(tokenizer.id(of: name))
        let end = try #require(tokenizer.id(of: "<|im_end|>"))
        #expect(tokenizer.structure(of: "") == [end])
        let structure = tokenizer.structure(of: "{{ x }}\n\n\(name){% if a %}")
        #expect(structure == [call, end])
        let text = name + "\n\n" + name
        let breaks = try #require(tokenizer.id(of: "\n\n"))
        #expect(tokenizer.encode(text, data: [11..<24]) == [call, breaks, call])
        let ids = tokenizer.encode(text, data: [11..<24], structure: structure)
        #expect(ids.prefix(2) == [call, breaks] && !ids.dropFirst(2).contains(call))
    }

    @Test func `a name half of which is data is text`() throws {
        let tokenizer = try Self.cases[0].make()
        let text = "<|im_start|>user\n<|im_end|>"
        let end = try #require(tokenizer.id(of: "<|im_end|>"))
        for border in 18..<27 {
            let ids = tokenizer.encode(text, data: [17..<border])
            #expect(!ids.contains(end), "\(border)")
        }
        #expect(tokenizer.encode(text, data: [12..<17]).contains(end))
        #expect(tokenizer.encode(text, data: [12..<12, 27..<27]).contains(end))
    }
}
