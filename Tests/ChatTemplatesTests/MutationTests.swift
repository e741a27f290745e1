import ChatTemplates
import Foundation
import QuireJSON
import TestSupport
import Testing

/// Damaged templates end in text or in an error, never in a trap.
struct MutationTests {
    static let source = """
        {%- macro render(value, depth=0) -%}
          {%- if value is mapping %}{{ '{' }}{% for k, v in value|dictsort %}{{ k|tojson }}: \
        {{ render(v, depth + 1) }}{{ ', ' if not loop.last }}{% endfor %}{{ '}' }}
          {%- else %}{{ value|string|trim|indent(2) }}{% endif %}
        {%- endmacro -%}
        {# a comment #}{% set ns = namespace(n=0, words=[]) %}
        {%- for m in messages if m.role != 'tool' recursive %}
          {%- set ns.n = ns.n + m.content|length * 2 // 3 - 1 %}
          {{- '<|' ~ m['role'] ~ '|>\\n' + m.content.split(' ')[-1][::-1].upper() }}
          {%- if loop.index0 % 2 == 1 and ns.n >= 0 or m.x is defined %}{% continue %}{% endif %}
          {%- set text %}{{ '%5.2f|%s' % (ns.n / 7, m.role) }}{% endset %}
          {{- '{:>8}|{}'.format(text, render(table)) }}
        {%- endfor %}
        {%- macro wrap(a, b) %}{{ caller(a * b) }}{% endmacro %}{% call(x) wrap('a', b=1) %}{{ x }}\
        {% endcall %}{% raw %}{{ }}{% endraw %}
        {{ messages|map(attribute='content')|select('string')|join('-') }}{{ [1, 2.5, none, (1,)] }}
        """

    static let values: [String: TemplateValue] = [
        "messages": .list(
            ["user", "assistant", "tool"].map {
                .dictionary([
                    .init("role", .own($0)), .init("content", .foreign("some words <|end|> abcde")),
                ])
            }),
        "table": .dictionary([.init("b", .integer(1)), .init("a", .dictionary([]))]),
    ]

    @Test func `the template is sound before it is damaged`() throws {
        #expect(try Fixtures.render(Self.source, Self.values).string.contains("EDCBA"))
    }

    @Test(arguments: 0..<10)
    func `a thousand damaged templates neither trap nor run away`(block: UInt64) throws {
        var rendered = 0
        for seed in block * 1_000..<(block + 1) * 1_000 {
            let damaged = Self.damaged(seed)
            do {
                _ = try Fixtures.render(damaged, Self.values)
                rendered += 1
            } catch let error as TemplateError {
                #expect(error.line > 0 && error.column > 0, "\(seed): \(error)")
            }
        }
        // Enough of them are still templates, so that the interpreter is tried too.
        #expect(rendered > 50)
    }

    /// With bytes damaged, or with pieces removed, repeated or moved.
    private static func damaged(_ seed: UInt64) -> String {
        if seed % 3 == 0 {
            var mutator = Mutator(seed: seed)
            return String(decoding: mutator.bytes(Array(source.utf8)), as: UTF8.self)
        }
        var random = SeededGenerator(seed: seed)
        var text = Array(source)
        for _ in 0..<Int.random(in: 1...2, using: &random) {
            let start = Int.random(in: 0..<text.count, using: &random)
            let end = min(start + Int.random(in: 1...8, using: &random), text.count)
            let piece = text[start..<end]
            if Bool.random(using: &random) { text.removeSubrange(start..<end) }
            if Bool.random(using: &random) {
                text.insert(contentsOf: piece, at: Int.random(in: 0...text.count, using: &random))
            }
        }
        return String(text)
    }
}
