import QuireJSON
import TestSupport
import Testing

@testable import ChatTemplates

/// Reading answers as they come, cut wherever a stream may be cut.
struct AnswerParserTests {
    static let hermes: AnswerFormat = {
        var format = AnswerFormat()
        format.reasoning = .init(open: Marker("<think>\n"), close: Marker("\n</think>\n\n"))
        format.end = Marker("<|im_end|>\n")
        var calls = CallFormat(
            body: .object(
                .init(name: ["name"], arguments: ["arguments"]), open: Marker("\n<tool_call>\n")))
        calls.close = Marker("\n</tool_call>")
        format.calls = calls
        return format
    }()

    static let tagged: AnswerFormat = {
        var format = AnswerFormat()
        var calls = CallFormat(
            body: .tagged(
                [.marker(Marker("<tool_call>\n<function=")), .name, .marker(Marker(">"))],
                .init(
                    open: Marker("\n<parameter="), stringInfix: Marker(">\n"),
                    otherInfix: Marker(">\n"), stringClose: Marker("\n</parameter>"),
                    otherClose: Marker("\n</parameter>"))))
        calls.close = Marker("\n</function>\n</tool_call>")
        format.calls = calls
        return format
    }()

    static let marked: AnswerFormat = {
        var format = AnswerFormat()
        format.content = .init(open: Marker("<|content|>"), close: Marker("<|end|>"))
        var calls = CallFormat(
            body: .json([
                .marker(Marker("<|call|>")), .id, .marker(Marker("<|name|>")), .name,
                .marker(Marker("<|args|>")),
            ]))
        calls.sectionOpen = Marker("<|calls|>")
        calls.sectionClose = Marker("<|done|>")
        calls.close = Marker("<|end|>")
        format.calls = calls
        return format
    }()

    static let tools = [
        ToolDefinition(
            name: "write",
            parameters: try? JSONValue(
                parsing: Array(
                    #"{"properties":{"path":{"type":"string"},"mode":{"type":"integer"}}}"#.utf8)))
    ]

    /// Texts with what they are.
    static let cases: [(AnswerFormat, String, [AnswerPiece])] = [
        (hermes, "Just text, with a < b and <tool.", [.text("Just text, with a < b and <tool.")]),
        (
            hermes, "<think>\nwell\n\nso\n</think>\n\nYes.<|im_end|>\n",
            [.reasoning("well\n\nso"), .text("Yes.")]
        ),
        (
            hermes,
            "Let me see.\n<tool_call>\n{\"name\": \"f\", "
                + "\"arguments\": {\"a\": [1, {\"b\": \"}\\\"\"}]}}"
                + "\n</tool_call>\n<tool_call>\n{\"arguments\": {}, \"name\": \"g\"}\n</tool_call>",
            [
                .text("Let me see."), .callBegan(id: nil, name: "f"),
                .callArguments("{\"a\": [1, {\"b\": \"}\\\"\"}]}"), .callEnded,
                .callBegan(id: nil, name: "g"), .callArguments("{}"), .callEnded,
            ]
        ),
        (
            hermes,
            "<tool_call>{\"name\":\"f\","
                + "\"arguments\":\"{\\\"a\\\": \\\"\\u00e9\\\"}\"}</tool_call>",
            [.callBegan(id: nil, name: "f"), .callArguments("{\"a\": \"é\"}"), .callEnded]
        ),
        (
            hermes, "<tool_call> is what I would write.",
            [.text("<tool_call> is what I would write.")]
        ),
        (
            tagged,
            "Hm\n<tool_call>\n<function=write>\n<parameter=path>\na \"b\"\n\n</parameter>\n"
                + "<parameter=mode>\n7\n</parameter>\n</function>\n</tool_call>",
            [
                .text("Hm"), .callBegan(id: nil, name: "write"),
                .callArguments("{\"path\": \"a \\\"b\\\"\\n\", \"mode\": 7}"), .callEnded,
            ]
        ),
        (
            tagged, "<tool_call><function=write></function></tool_call>",
            [.callBegan(id: nil, name: "write"), .callArguments("{}"), .callEnded]
        ),
        (
            marked,
            "<|content|>one<|end|><|calls|><|call|>c1<|name|>f<|args|>{\"x\": 1}<|end|>"
                + "<|call|>c2<|name|>g<|args|>{}<|end|><|done|>",
            [
                .text("one"), .callBegan(id: "c1", name: "f"), .callArguments("{\"x\": 1}"),
                .callEnded, .callBegan(id: "c2", name: "g"), .callArguments("{}"), .callEnded,
            ]
        ),
    ]

    /// What a parser makes of an answer that comes in these parts.
    static func read(_ format: AnswerFormat, _ parts: [String]) -> [AnswerPiece] {
        var parser = AnswerParser(format, tools: tools)
        var pieces: [AnswerPiece] = []
        for part in parts { pieces += parser.append(part) }
        return joined(pieces + parser.finish())
    }

    static func joined(_ pieces: [AnswerPiece]) -> [AnswerPiece] {
        pieces.reduce(into: []) { all, piece in
            switch (all.last, piece) {
            case (.text(let first)?, .text(let second)):
                all[all.count - 1] = .text(first + second)
            case (.reasoning(let first)?, .reasoning(let second)):
                all[all.count - 1] = .reasoning(first + second)
            case (.callArguments(let first)?, .callArguments(let second)):
                all[all.count - 1] = .callArguments(first + second)
            default: all.append(piece)
            }
        }
    }

    @Test func `an answer is read the same wherever it is cut`() {
        for (format, text, expected) in Self.cases {
            let scalars = text.unicodeScalars.map { String($0) }
            #expect(Self.read(format, scalars) == expected, "\(text.debugDescription)")
            for cut in 0...scalars.count {
                let parts = [scalars[..<cut].joined(), scalars[cut...].joined()]
                #expect(Self.read(format, parts) == expected, "\(text.debugDescription) \(cut)")
            }
        }
    }

    @Test func `what ends inside of a call is closed or given back`() throws {
        for (format, text, _) in Self.cases {
            let scalars = Array(text.unicodeScalars)
            for end in 0..<scalars.count {
                let part = String(String.UnicodeScalarView(scalars[..<end]))
                let pieces = Self.read(format, [part])
                var arguments: String?
                for piece in pieces {
                    switch piece {
                    case .callBegan: arguments = ""
                    case .callArguments(let more): arguments? += more
                    case .callEnded:
                        let json = try JSONValue(parsing: Array(try #require(arguments).utf8))
                        #expect(json.members != nil, "\(part.debugDescription)")
                        arguments = nil
                    case .text, .reasoning: #expect(arguments == nil)
                    }
                }
                #expect(arguments == nil, "\(part.debugDescription)")
                // Where nothing was told but text, it is all that has come.
                if format.content == nil, pieces.count == 1, case .text(let text)? = pieces.first,
                    !part.contains("<|im_end|>")
                {
                    #expect(text == part)
                }
            }
        }
    }

    @Test func `what a prompt has of the answer is read first`() {
        var format = Self.hermes
        format.header = "<|im_start|>assistant\n"
        var parser = AnswerParser(format)
        #expect(parser.begin(after: "...<|im_start|>assistant\n<think>\n").isEmpty)
        #expect(parser.append("hm</think>Yes") == [.reasoning("hm"), .text("Yes")])
        var closed = AnswerParser(format)
        #expect(closed.begin(after: "<|im_start|>assistant\n<think>\n\n</think>\n\n").isEmpty)
        #expect(closed.append("Yes") == [.text("Yes")])
    }

    @Test func `arguments stream before they are complete`() {
        var parser = AnswerParser(Self.hermes)
        let first = parser.append(
            "<tool_call>{\"name\": \"f\", \"arguments\": {\"text\": \"Once upon")
        #expect(
            first == [
                .callBegan(id: nil, name: "f"), .callArguments("{\"text\": \"Once upon"),
            ])
        #expect(parser.append(" a time") == [.callArguments(" a time")])
        var tagged = AnswerParser(Self.tagged, tools: Self.tools)
        _ = tagged.append("<tool_call><function=write><parameter=path>")
        #expect(tagged.append("Once upon") == [.callArguments("{\"path\": \"Once upon")])
    }

    @Test func `damaged answers are read without a trap, and nothing told is left open`() {
        var random = SeededGenerator(seed: 5)
        let formats = [Self.hermes, Self.tagged, Self.marked]
        let texts = Self.cases.map(\.1)
        for _ in 0..<10_000 {
            var scalars = Array(
                texts.randomElement(using: &random)?.unicodeScalars ?? "".unicodeScalars)
            for _ in 0..<Int.random(in: 1...4, using: &random) where !scalars.isEmpty {
                let place = Int.random(in: 0..<scalars.count, using: &random)
                switch Int.random(in: 0..<3, using: &random) {
                case 0: scalars.remove(at: place)
                case 1: scalars.insert(scalars.randomElement(using: &random) ?? "x", at: place)
                default: scalars.swapAt(place, Int.random(in: 0..<scalars.count, using: &random))
                }
            }
            let text = String(String.UnicodeScalarView(scalars))
            let pieces = Self.read(formats.randomElement(using: &random) ?? formats[0], [text])
            let begun = pieces.count { if case .callBegan = $0 { true } else { false } }
            #expect(begun == pieces.count { $0 == .callEnded }, "\(text.debugDescription)")
        }
    }
}
