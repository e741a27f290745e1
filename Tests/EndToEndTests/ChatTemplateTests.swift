import Foundation
import TestSupport
import Testing

/// `quire chat-template`: the rendering and nothing else, or a message.
struct ChatTemplateTests {
    private static let template = """
        {{ bos_token }}{% for m in messages %}<|{{ m.role }}|>{{ m.content }}{% endfor %}\
        {% if messages|length > 1 %}{{ raise_exception('one at a time') }}{% endif %}\
        {{ strftime_now('%d %b %Y') }}

        """

    private func render(
        _ context: String, template: String = Self.template, _ more: String...
    ) throws -> QuireProcess.Outcome {
        let folder = try TemporaryFolder()
        let template = try folder.write("t.jinja", Array(template.utf8))
        let context = try folder.write("c.json", Array(context.utf8))
        return try QuireProcess.run(
            ["chat-template", "--template", template, "--context", context] + more)
    }

    @Test func `the rendering is written as it is`() throws {
        let run = try render(
            #"{"messages": [{"role": "user", "content": "Grüß \u4f60\n"}], "bos_token": "<s>"}"#,
            "--now", "2024-07-26")
        #expect(run.succeeded, "\(run.stderr)")
        #expect(run.stdout == "<s><|user|>Grüß 你\n26 Jul 2024")
        #expect(run.stderr.isEmpty)
    }

    @Test func `what the template refuses is a message with its place`() throws {
        let run = try render(#"{"messages": [{}, {}]}"#)
        #expect(run.status == 1 && run.stdout.isEmpty)
        #expect(run.stderr.contains("t.jinja: line 1, column 128"), "\(run.stderr)")
        #expect(run.stderr.contains("one at a time"), "\(run.stderr)")
    }

    @Test func `a template that is none is a message with its place`() throws {
        let run = try render("{}", template: "a\n{% fro x %}")
        #expect(run.status == 1 && run.stdout.isEmpty)
        #expect(run.stderr.contains("line 2, column 4: unknown statement 'fro'"), "\(run.stderr)")
    }

    @Test(arguments: ["[]", "{", "nothing"])
    func `a context that is no object is refused`(context: String) throws {
        let run = try render(context)
        #expect(!run.succeeded && run.stdout.isEmpty)
        #expect(run.stderr.contains("c.json"), "\(run.stderr)")
    }

    @Test func `a date that there is not is refused`() throws {
        let run = try render("{}", "--now", "2024-02-30")
        #expect(run.status == 64 && run.stderr.contains("2024-02-30"), "\(run.stderr)")
    }

    @Test func `what a template can do is told as JSON`() throws {
        let folder = try TemporaryFolder()
        let source = """
            {%- for m in messages %}{{ '<|im_start|>' + m.role + '\n' + (m.content or '') }}\
            {%- for c in m.tool_calls %}<call>{{ c.function.name }} \
            {{- c.function.arguments | tojson }}</call>{% endfor %}{{ '<|im_end|>\n' }}{% endfor %}\
            {%- if add_generation_prompt %}{{ '<|im_start|>assistant\n' }}{% endif %}
            """
        let template = try folder.write("t.jinja", Array(source.utf8))
        let run = try QuireProcess.run(["chat-template", "--check", "--template", template])
        #expect(run.succeeded, "\(run.stderr)")
        let report = try #require(
            try JSONSerialization.jsonObject(with: Data(run.stdout.utf8)) as? [String: Any])
        let calls = try #require(report["calls"] as? [String: Any])
        #expect(calls["understood"] as? Bool == true, "\(run.stdout)")
        #expect(calls["begin"] as? String == "<call>")
        let trip = try #require(report["round_trip"] as? [String: Any])
        #expect(trip["written"] as? Int == 200 && trip["equal"] as? Int == 200)
        for more in [["--context", template], ["--now", "2024-07-26"]] {
            let refused = try QuireProcess.run(
                ["chat-template", "--check", "--template", template] + more)
            #expect(refused.status == 64)
        }
    }
}
