import ChatTemplates
import Foundation
import QuireJSON
import Testing

/// Learning from templates how their models write.
struct FormatLearnerTests {
    /// Templates in the manner of the field's, each with another way to write calls.
    static let templates: [(name: String, source: String)] = [
        (
            "an object in a tag",
            head
                + "{%- for t in m.tool_calls %}\n<tool_call>\n"
                + "{\"name\": \"{{ t.function.name }}\", "
                + "\"arguments\": {{ t.function.arguments | tojson }}}\n</tool_call>{% endfor %}"
                + tail
        ),
        (
            "objects in a list",
            head + "{%- if m.tool_calls %}[TOOL_CALLS][{% for t in m.tool_calls %}"
                + "{\"name\": \"{{ t.function.name }}\", \"arguments\": "
                + "{{ t.function.arguments | tojson }}, \"id\": \"{{ t.id }}\"}"
                + "{% if not loop.last %}, {% endif %}{% endfor %}]{% endif %}" + tail
        ),
        (
            "an object behind a name",
            head + "{%- for t in m.tool_calls %}<function={{ t.function.name }}>"
                + "{{ t.function.arguments | tojson }}</function>{% endfor %}" + tail
        ),
        (
            "arguments in tags",
            head + "{%- for t in m.tool_calls %}\n<call>\n<function={{ t.function.name }}>\n"
                + "{% for k, v in t.function.arguments.items() %}<parameter={{ k }}>\n"
                + "{{ v if v is string else v | tojson }}\n</parameter>\n{% endfor %}"
                + "</function>\n</call>{% endfor %}" + tail
        ),
        (
            "a program",
            head + "{%- if m.tool_calls %}<|calls|>[{% for t in m.tool_calls %}"
                + "{{ t.function.name }}({% for k, v in t.function.arguments.items() %}{{ k }}="
                + "{% if v is string %}'{{ v }}'{% else %}{{ v | tojson }}{% endif %}"
                + "{% if not loop.last %}, {% endif %}{% endfor %})"
                + "{% if not loop.last %}, {% endif %}{% endfor %}]<|/calls|>{% endif %}" + tail
        ),
        (
            "names in ids",
            head + "{%- if m.tool_calls %}<|section|>{% for t in m.tool_calls %}<|call|>{{ t.id }}"
                + "<|arguments|>{{ t.function.arguments | tojson }}<|/call|>"
                + "{% endfor %}<|/section|>"
                + "{% endif %}" + tail
        ),
    ]

    private static let head = """
        {%- for m in messages %}{{ '<|im_start|>' + m.role + '\n' }}\
        {%- if m.reasoning_content %}\
        {{- '<think>\n' + m.reasoning_content + '\n</think>\n\n' }}{% endif %}\
        {{- m.content or '' }}
        """
    private static let tail = """
        {{- '<|im_end|>\n' }}{% endfor %}\
        {%- if add_generation_prompt %}{{ '<|im_start|>assistant\n' }}{% endif %}
        """

    @Test(arguments: templates.map(\.name))
    func `calls are learned and read back as they were written`(name: String) throws {
        let source = try #require(Self.templates.first { $0.name == name }?.source)
        let template = try ChatTemplate(parsing: source)
        let learned = FormatLearner.learn(template)
        #expect(learned.callsFailure == nil, "\(learned.check?.difference ?? "")")
        #expect(learned.format.calls?.allowsSeveral == true)
        #expect(learned.format.reasoning?.open == Marker("<think>\n"))
        #expect(learned.form.reasoningKey == "reasoning_content")
        #expect(learned.form.idsNameTools == (name == "names in ids"))
        var trip = RoundTrip(template, learned, seed: 9)
        let report = trip.check(conversations: 200)
        #expect(report.written == 200 && report.withCalls > 100)
        #expect(report.equal == report.written, "\(report.difference ?? "")")
    }

    @Test func `calls that cannot be read back are not understood`() throws {
        // Upper case cannot be undone, and a name that is left out cannot be found.
        for call in [
            "<call>{{ t.function.name | upper }} {{ t.function.arguments | tojson }}</call>",
            "<call>{{ t.function.arguments | tojson }}</call>",
            "<call>{{ t.function.name }}</call>",
            "{{ t.function.name }} {{ t.function.arguments | tojson | upper }}",
        ] {
            let source =
                Self.head + "{%- for t in m.tool_calls %}" + call + "{% endfor %}" + Self.tail
            let learned = FormatLearner.learn(try ChatTemplate(parsing: source))
            #expect(learned.format.calls == nil && learned.callsFailure != nil, "\(call)")
        }
    }

    @Test func `a prompt that begins thoughts tells their markers`() throws {
        let source = """
            {%- for m in messages %}{{ '<|' + m.role + '|>' + m.content }}{% endfor %}\
            {%- if add_generation_prompt %}{{ '<|assistant|><think>\n' }}{% endif %}
            """
        let learned = FormatLearner.learn(try ChatTemplate(parsing: source))
        #expect(learned.format.reasoning?.close == Marker("</think>"))
        #expect(learned.form.reasoningKey == nil && learned.format.header == "<|assistant|>")
    }

    @Test func `a template that always fails teaches nothing`() throws {
        let learned = FormatLearner.learn(
            try ChatTemplate(parsing: "{{ raise_exception('never') }}"))
        #expect(learned.format == AnswerFormat())
        #expect(learned.callsFailure != nil)
    }
}

/// The same for the templates of real models.
@Suite(.enabled(if: SharedData.folder != nil))
struct FormatSharedDataTests {
    /// Templates whose calls are not understood, and why.
    static let exceptions = [
        // Prompts end in a system message that the history of a conversation does not have.
        "CohereForAI-c4ai-command-r-plus-tool_use.jinja",
        // Refused by the sandbox: a list is changed.
        "Kimi-K2-Instruct.jinja", "Kimi-K2-Thinking.jinja",
        // Wants names that no conversation has: `functions`, `datetime`.
        "fireworks-ai-llama-3-firefunction-v2.jinja",
    ]

    @Test func `nine of ten templates that write calls are understood, the others are known`()
        throws
    {
        let folder = try #require(SharedData.folder) + "/jinja"
        let names: [JSONValue.Member] = [
            .init("bos_token", .string("<s>")), .init("eos_token", .string("</s>")),
        ]
        var understood = 0
        var writing = 0
        for file in try FileManager.default.contentsOfDirectory(atPath: folder).sorted() {
            let source = try SharedData.source(file)
            guard source.contains("tool_calls") else { continue }
            writing += 1
            let template = try ChatTemplate(parsing: source)
            let learned = FormatLearner.learn(template, names: names)
            guard learned.format.calls != nil else {
                #expect(Self.exceptions.contains(file), "\(file): \(learned.callsFailure ?? "")")
                continue
            }
            understood += 1
            var trip = RoundTrip(template, learned, names: names, seed: 77)
            let report = trip.check(conversations: 200)
            #expect(report.withCalls > 100, "\(file)")
            #expect(report.equal == report.written, "\(file) \(report.difference ?? "")")
        }
        #expect(understood * 10 >= writing * 9, "\(understood) of \(writing)")
    }
}
