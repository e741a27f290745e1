import QuireJSON
import TestSupport
import Testing

@testable import ChatTemplates

/// Templates in the manner of those whose calls have a parser of their own.
enum OwnParserTemplates {
    static let harmony = """
        {{- '<|start|>system<|message|>channels: analysis, commentary, final<|end|>' }}
        {%- if tools %}
        {{- '<|start|>developer<|message|>' + tools | tojson + '<|end|>' }}{% endif %}
        {%- for m in messages %}
        {%- if m.role != 'assistant' %}
        {{- '<|start|>' + m.role + '<|message|>' + m.content + '<|end|>' }}
        {%- else %}
        {%- if m.thinking %}
        {{- '<|start|>assistant<|channel|>analysis<|message|>' + m.thinking + '<|end|>' }}
        {%- endif %}
        {%- if m.tool_calls %}
        {%- if m.content %}
        {{- '<|start|>assistant<|channel|>commentary<|message|>' + m.content + '<|end|>' }}
        {%- endif %}
        {%- set call = m.tool_calls[0].function %}
        {{- '<|start|>assistant to=functions.' + call.name + '<|channel|>commentary json' }}
        {{- '<|message|>' + call.arguments | tojson + '<|call|>' }}
        {%- else %}
        {{- '<|start|>assistant<|channel|>final<|message|>' + m.content + '<|return|>' }}
        {%- endif %}
        {%- endif %}
        {%- endfor %}
        {%- if add_generation_prompt %}{{- '<|start|>assistant' }}{% endif %}
        """

    static let functionary = """
        {%- if tools %}{{- '<|start_header_id|>system<|end_header_id|>\\n\\n' }}
        {{- tools | tojson + '<|eot_id|>' }}{% endif %}
        {%- for m in messages %}
        {{- '<|start_header_id|>' + m.role + '<|end_header_id|>\\n\\n' }}
        {%- if m.role == 'assistant' %}
        {%- if m.content %}{{- '>>>all\\n' + m.content }}{% endif %}
        {%- for call in m.tool_calls %}
        {{- '>>>' + call.function.name + '\\n' + call.function.arguments }}
        {%- endfor %}
        {%- else %}{{- m.content }}{% endif %}
        {{- '<|eot_id|>' }}
        {%- endfor %}
        {%- if add_generation_prompt %}
        {{- '<|start_header_id|>assistant<|end_header_id|>\\n\\n>>>' }}{% endif %}
        """

    /// How the two generations of Mistral's templates write calls.
    static func mistral(_ calls: String) -> String {
        """
        {{- '<s>' }}{%- if tools %}
        {{- '[AVAILABLE_TOOLS]' + tools | tojson + '[/AVAILABLE_TOOLS]' }}{% endif %}
        {%- for m in messages %}
        {%- if m.role == 'user' %}{{- '[INST]' + m.content + '[/INST]' }}
        {%- else %}{{- m.content or '' }}
        {%- if m.tool_calls %}\(calls){% endif %}{{- '</s>' }}{% endif %}
        {%- endfor %}
        """
    }

    static let list = """
        {{- '[TOOL_CALLS][' }}{% for call in m.tool_calls %}
        {{- '{"name": "' + call.function.name + '", "arguments": ' }}
        {{- call.function.arguments | tojson + ', "id": "' + call.id + '"}' }}
        {%- if not loop.last %}{{- ', ' }}{% endif %}{% endfor %}{{- ']' }}
        """

    static let named = """
        {%- for call in m.tool_calls %}{{- '[TOOL_CALLS]' + call.function.name }}
        {{- '[CALL_ID]' + call.id + '[ARGS]' + call.function.arguments | tojson }}{% endfor %}
        """
}

struct ToolParserTests {
    private static func learned(
        _ source: String, _ parser: ToolParser
    ) throws -> (ChatTemplate, LearnedFormat) {
        let template = try ChatTemplate(parsing: source)
        var learned = FormatLearner.learn(template)
        parser.apply(to: &learned, template: source)
        return (template, learned)
    }

    private static let sources: [(String, ToolParser)] = [
        (OwnParserTemplates.harmony, .harmony),
        (OwnParserTemplates.functionary, .functionary),
        (OwnParserTemplates.mistral(OwnParserTemplates.list), .mistral),
        (OwnParserTemplates.mistral(OwnParserTemplates.named), .mistral),
    ]

    @Test(arguments: sources)
    func `what a template writes is read back, wherever it is cut`(
        source: String, parser: ToolParser
    ) throws {
        for seed in 1...3 as ClosedRange<UInt64> {
            let (template, learned) = try Self.learned(source, parser)
            #expect(learned.parser == parser && learned.callsFailure == nil)
            var trip = RoundTrip(template, learned, seed: seed)
            let report = trip.check(conversations: 200)
            #expect(report.written == 200 && report.withCalls > 100)
            #expect(report.equal == report.written, "\(report.difference ?? "")")
        }
    }

    @Test func `a template that was not understood is recognised`() throws {
        for (source, parser) in Self.sources.prefix(2) {
            #expect(try Self.learned(source, .auto).1.parser == parser)
        }
        // What was learned comes first.
        let list = OwnParserTemplates.mistral(OwnParserTemplates.list)
        #expect(try Self.learned(list, .auto).1.parser == .auto)
        #expect(ToolParser.recognised(in: list) == .mistral)
        #expect(ToolParser.recognised(in: "<|im_start|>") == nil)
    }

    /// Answers of a parser: what is written, and what is read, calls as `name(arguments)`.
    private static let rows: [(ToolParser, String, thoughts: String, text: String, [String])] = [
        (
            .harmony,
            "<|channel|>analysis<|message|>Look it up.<|end|><|start|>assistant"
                + "<|channel|>commentary to=functions.find <|constrain|>json<|message|>"
                + "{\"q\": \"<|end|>\"}<|call|>",
            "Look it up.", "", ["find({\"q\": \"<|end|>\"})"]
        ),
        (
            .harmony,
            "<|channel|>commentary<|message|>First I look.<|end|><|start|>assistant "
                + "to=functions.find<|channel|>commentary json<|message|>{\"q\": 1}<|call|>",
            "", "First I look.", ["find({\"q\": 1})"]
        ),
        (
            .harmony,
            "<|channel|>analysis<|message|>One.<|end|><|start|>assistant<|channel|>"
                + "analysis<|message|>Two.<|end|><|start|>assistant<|channel|>final<|message|>"
                + "a < b <|x|><|return|>", "One.\n\nTwo.", "a < b <|x|>", []
        ),
        (.harmony, "<|channel|>final<|message|>cut", "", "cut", []),
        (.harmony, "<|channel|>fin", "", "", []),
        (.harmony, "no head at all", "", "no head at all", []),
        (.harmony, "t", "", "t", []),
        (
            .harmony, "<|channel|>commentary to=find<|message|>{\"q\": \"cut o", "", "",
            ["find({\"q\": \"cut o\"})"]
        ),
        (.harmony, "<|channel|>commentary to=find<|message|><|call|>", "", "", ["find({})"]),
        (.functionary, "all\nHello", "", "Hello", []),
        (.functionary, "find\n{\"q\": 1}\n>>>find\n{}", "", "", ["find({\"q\": 1})", "find({})"]),
        (
            .functionary, "all\n>>> print(1)\n1\n>>>all_of\nit>>>find\n{\"q\": 1}<|eot_id|>", "",
            ">>> print(1)\n1\n>>>all_of\nit", ["find({\"q\": 1})"]
        ),
        (.functionary, "Hello, there", "", "Hello, there", []),
        (.functionary, "all\nend >>>", "", "end >>>", []),
        (.functionary, "all\nend >>>find\n", "", "end >>>find\n", []),
        (
            .mistral,
            "Well. [TOOL_CALLS] [{\"name\": \"find\", \"arguments\": {\"q\": 1}}, "
                + "{\"name\": \"find\", \"arguments\": {}}]</s>", "", "Well.",
            ["find({\"q\": 1})", "find({})"]
        ),
        (.none, "[TOOL_CALLS] [{\"name\"", "", "[TOOL_CALLS] [{\"name\"", []),
    ]

    private static func source(_ parser: ToolParser) -> String {
        sources.first { $0.1 == parser }?.0 ?? OwnParserTemplates.functionary
    }

    @Test(arguments: rows.indices)
    func `an answer is read, wherever it is cut`(row: Int) throws {
        let (parser, answer, thoughts, text, calls) = Self.rows[row]
        let (_, learned) = try Self.learned(Self.source(parser), parser)
        let bytes = Array(answer)
        for size in 1...max(1, bytes.count) {
            var reader = AnswerParser(learned.format, tools: [ToolDefinition(name: "find")])
            var read = ReadAnswer()
            for start in stride(from: 0, to: bytes.count, by: size) {
                let end = min(start + size, bytes.count)
                read.append(reader.append(String(bytes[start..<end])))
            }
            read.append(reader.finish())
            #expect(read.reasoning == thoughts, "in pieces of \(size)")
            #expect(read.text.trimmed == text.trimmed, "in pieces of \(size)")
            #expect(read.calls.map { "\($0.name)(\($0.text))" } == calls, "in pieces of \(size)")
        }
    }

    @Test func `what is no answer at all never fails`() throws {
        var random = SeededGenerator(seed: 5)
        let parts = [
            "<|channel|>", "<|message|>", "<|end|>", "<|start|>", "assistant", "analysis", "to=f",
            "<|call|>", "{", "}", "\"", ">>>", "all", "\n", "f", " ", "[TOOL_CALLS]", "[", "]", "é",
        ]
        for (source, parser) in Self.sources {
            let (_, learned) = try Self.learned(source, parser)
            for _ in 0..<300 {
                let answer = (0..<20).map { _ in parts.randomElement(using: &random) ?? "" }
                var whole = ReadAnswer()
                var reader = AnswerParser(learned.format)
                whole.append(reader.append(answer.joined()))
                whole.append(reader.finish())
                var cut = ReadAnswer()
                reader = AnswerParser(learned.format)
                for part in answer { cut.append(reader.append(part)) }
                cut.append(reader.finish())
                #expect(cut == whole, "\(answer)")
            }
        }
    }

    @Test func `a call that is wanted is begun as the parser reads it`() throws {
        for (source, parser) in Self.sources.prefix(2) {
            let (_, learned) = try Self.learned(source, parser)
            let begun = try #require(learned.format.calls?.beginning(with: "find").string)
            var reader = AnswerParser(learned.format, tools: [ToolDefinition(name: "find")])
            var read = ReadAnswer()
            read.append(reader.append(begun))
            read.append(reader.append("{}"))
            read.append(reader.finish())
            #expect(read.calls.map(\.name) == ["find"] && read.text.isEmpty, "\(begun)")
        }
    }
}
