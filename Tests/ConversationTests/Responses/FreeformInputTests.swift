import QuireJSON
import TestSupport
import Testing

@testable import Conversation

/// The text of a freeform tool out of a function's arguments.
struct FreeformInputTests {
    @Test(arguments: [
        (#"{"input": "a\nb"}"#, "a\nb"), (#" { "input" :"\u00e9\ud83d\ude00" } "#, "é😀"),
        (#"{"input": "a"#, "a"), (#"{"input": "a\"#, "a"), (#"{"input": "\ud83d"}"#, "\u{FFFD}"),
        (#"{"input": "\ud83dx\udE00"}"#, "\u{FFFD}x\u{FFFD}"), (#"{"input": "\/\"\\"}"#, "/\"\\"),
        ("{\"input\": \"a\nb\"}", "a\nb"), (#"{"input": "a", "more": "b"}"#, "a"),
        ("*** Begin Patch\n", "*** Begin Patch\n"), (#"{"patch": "a"}"#, #"{"patch": "a"}"#),
        (#"{"inp"#, #"{"inp"#), (#"{"input": 3}"#, #"{"input": 3}"#), ("", ""),
        (#"{"input": ""}"#, ""), (#"{"input": "\uZZZZ"}"#, "\u{FFFD}"),
    ])
    func `the text comes out, whatever the model wrote`(arguments: String, text: String) {
        #expect(FreeformInput.text(of: arguments) == text)
    }

    @Test func `pieces make the whole, wherever they are cut`() {
        var random = SeededGenerator(seed: 1)
        let alphabet = [
            "{", "\"", "input", ":", "}", " ", "\\", "n", "u", "00e9", "d83d", "é", "a",
        ]
        for round in 0..<2_000 {
            let start = round.isMultiple(of: 2) ? "{\"input\": \"" : ""
            let text = (0..<Int.random(in: 0..<20, using: &random)).reduce(into: start) { text, _ in
                text += alphabet.randomElement(using: &random) ?? ""
            }
            var input = FreeformInput()
            var joined = ""
            var rest = Array(text.unicodeScalars)[...]
            while !rest.isEmpty {
                var piece = ""
                for scalar in rest.prefix(Int.random(in: 1..<4, using: &random)) {
                    piece.unicodeScalars.append(scalar)
                }
                rest = rest.dropFirst(piece.unicodeScalars.count)
                joined += input.append(piece)
            }
            joined += input.end()
            #expect(
                joined.unicodeScalars.elementsEqual(FreeformInput.text(of: text).unicodeScalars))
        }
    }

    @Test func `what stands for a text gives it back`() {
        for seed in 0 as UInt64..<200 {
            var mutator = Mutator(seed: seed)
            let bytes = mutator.bytes(Array("*** Begin Patch\n\"é\"\t\\".utf8))
            let text = String(decoding: bytes, as: UTF8.self)
            let arguments = JSONValue.object([.init("input", .string(text))]).text
            #expect(FreeformInput.text(of: arguments) == text)
        }
    }
}
