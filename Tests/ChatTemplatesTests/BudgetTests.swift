import ChatTemplates
import Foundation
import TestSupport
import Testing

/// Templates come from strangers: whatever one asks for, the answer is an error in bounded time
/// and memory.
struct BudgetTests {
    @Test(arguments: [
        "{{ 'a' * 10**9 }}", "{{ 'a' * 10**18 }}", "{{ [0] * 10**9 }}", "{{ (0, 1) * 10**18 }}",
        "{{ range(10**9) }}", "{{ range(-(10**18), 10**18) }}", "{{ '%1000000000d' % 1 }}",
        "{{ '%.1000000000f' % 1.0 }}", "{{ '{:>1000000000}'.format(1) }}",
        "{{ '{:.999999999f}'.format(0.1) }}",
        "{{ 'a'.center(10**9) }}", "{{ 'a'.zfill(10**10) }}", "{{ 'a'.ljust(10**18) }}",
        "{{ 'a'|center(10**12) }}",
        "{{ 'a\nb'|indent(10**9) }}", "{{ [1]|tojson(indent=10**9) }}",
        "{{ '\t'.expandtabs(10**9) }}",
        "{{ [1]|batch(10**9, 0)|list }}", "{{ []|slice(10**9)|list }}", "{{ 10**100 }}",
        "{{ 1e300|int }}",
        "{% for a in range(99999) %}{% for b in range(99999) %}{% endfor %}{% endfor %}",
        "{% for a in range(99999) %}{% for b in range(99999) %}{{ a }}{% endfor %}{% endfor %}",
        "{% set ns = namespace(x='ab') %}{% for i in range(99999) %}"
            + "{% set ns.x = ns.x ~ ns.x %}{% endfor %}",
        "{% set ns = namespace(x=[1]) %}{% for i in range(99999) %}"
            + "{% set ns.x = ns.x + ns.x %}{% endfor %}",
        "{% set ns = namespace(x=[1]) %}{% for i in range(99999) %}"
            + "{% set ns.x = [ns.x, ns.x] %}{% endfor %}",
        "{% set ns = namespace(x=1) %}{% for i in range(99999) %}"
            + "{% set ns.x = {'a': ns.x} %}{% endfor %}",
        "{% set ns = namespace(x='x'*99) %}{% for i in range(99999) %}"
            + "{% set ns.x = ns.x|replace('x', 'xx') %}{% endfor %}",
        "{% set x = 'x' * 8000000 %}{% set y = [] %}{% for i in range(99) %}{{ x }}{% endfor %}",
        "{% set x = 'ab' * 4000000 %}{% for i in range(99) %}{{ (x ~ i)|length }}{% endfor %}",
        "{% set x = 'a' * 4000000 %}{{ x.find('a' * 2000000 ~ 'b') }}",
        "{% set x = 'a' * 4000000 %}{{ x.count('a' * 200000 ~ 'b') }}",
        "{% set x = 'a' * 4000000 %}{{ x.strip('b' * 1000000 ~ 'a') }}",
        "{% set x = 'a b ' * 2000000 %}{{ x.split()|length }}",
        "{{ ('a' * 4000000)|list|length }}", "{% for c in 'a' * 8000000 %}{% endfor %}",
        "{{ ('a,' * 900000).replace(',', ', more and more words')|length }}",
        "{% macro f() %}{{ f() }}{% endmacro %}{{ f() }}",
        "{% macro f() %}{{ g() }}{% endmacro %}{% macro g() %}{{ f() }}{% endmacro %}{{ f() }}",
        "{% macro f() %}{{ caller() }}{% endmacro %}{% macro g() %}{% call f() %}{{ g() }}"
            + "{% endcall %}{% endmacro %}{{ g() }}",
        "{% macro f(x=f()) %}{% endmacro %}{{ f() }}",
        "{% for x in [1] recursive %}{{ loop([1]) }}{% endfor %}",
        "{% set ns = namespace() %}{% set ns.x = ns %}{{ ns }}",
    ])
    func `a template that asks for too much is refused`(source: String) {
        let error = Fixtures.error(source)
        #expect(error?.code == .limit, "\(error?.description ?? "")")
        #expect(error.map { $0.line > 0 } ?? false)
    }

    @Test(arguments: ["(", "[", "{1:", "-", "not ", "x[", "f(", "x if ", "'a'|d(", "1 + (", "~("])
    func `an expression nested too deep is refused`(open: String) {
        let error = Fixtures.error("{{ " + String(repeating: open, count: 50_000) + " }}")
        #expect(error?.code == .limit || error?.code == .syntax)
    }

    @Test(arguments: [".a", "[0]", "()", "|string", " is defined", "[0:1]"])
    func `a long row of postfixes is refused or harmless`(postfix: String) {
        _ = try? Fixtures.render("{{ x" + String(repeating: postfix, count: 50_000) + " }}")
    }

    @Test(arguments: [" + 1", " ~ 1", " * 1", " and 1", " or 0", " == 1", " ** 1"])
    func `a long row of operators is no depth`(more: String) throws {
        _ = try Fixtures.render("{{ 1" + String(repeating: more, count: 20_000) + " }}")
    }

    @Test(arguments: [
        "{% if 1 %}", "{% for a in [1] %}", "{% macro m() %}", "{% set x %}", "{% filter upper %}",
    ])
    func `statements nested too deep are refused`(open: String) {
        #expect(Fixtures.error(String(repeating: open, count: 20_000))?.code == .limit)
    }

    @Test func `a source too large is refused`() {
        let source = String(repeating: "x", count: TemplateLimits.sourceCharacters + 1)
        #expect(Fixtures.error(source)?.code == .limit)
    }

    /// Some systems give a thread half a megabyte; without optimisation frames are many times
    /// as large.
    #if DEBUG
        static let stack = 4 << 20
    #else
        static let stack = 512 << 10
    #endif

    @Test func `the deepest template fits a small stack`() throws {
        let deep = TemplateLimits.syntaxDepth - 20
        let sources = [
            "{% macro f(n) %}{% if 1 %}{% for a in [1] %}{{ ((f(n + 1))|trim) ~ '' }}"
                + "{% endfor %}{% endif %}{% endmacro %}{{ f(0) }}",
            "{{ " + String(repeating: "(1 + ", count: deep) + "1"
                + String(repeating: ")", count: deep) + " }}",
            "{{ " + String(repeating: "[", count: deep) + String(repeating: "]", count: deep)
                + "|tojson }}",
            String(repeating: "{% if 1 %}", count: deep) + "{{ 1 }}"
                + String(repeating: "{% endif %}", count: deep),
            "{% set ns = namespace(x=[]) %}{% for i in range(198) %}"
                + "{% set ns.x = [ns.x] %}"
                + "{% endfor %}{{ ns.x }}{{ ns.x|tojson }}{{ ns.x == [ns.x] }}",
        ]
        let done = DispatchSemaphore(value: 0)
        let thread = Thread {
            for source in sources { _ = try? Fixtures.render(source) }
            done.signal()
        }
        thread.stackSize = Self.stack
        thread.start()
        done.wait()
    }

    @Test func `ordinary templates have room to spare`() throws {
        let message = TemplateValue.foreign(String(repeating: "word ", count: 200_000))
        let turns = Array(
            repeating: TemplateValue.dictionary([.init("content", message)]), count: 4)
        let text = try Fixtures.render(
            "{% for m in messages %}{{ '<|im_start|>' + m.content|trim + '<|im_end|>' }}"
                + "{% endfor %}",
            ["messages": .list(turns)])
        #expect(text.count == 4 * (999_999 + 22))
    }
}
