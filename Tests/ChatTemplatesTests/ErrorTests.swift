import ChatTemplates
import Testing

/// An error says what is wrong and where.
struct ErrorTests {
    @Test(arguments: [
        ("a\n{% nope %}", TemplateError.Code.unknown, 2, 4, "unknown statement 'nope'"),
        ("{{ x|nope }}", .unknown, 1, 6, "unknown filter 'nope'"),
        ("{{ x\n  is nope }}", .unknown, 2, 6, "unknown test 'nope'"),
        ("{{ 'a'.nope() }}", .undefined, 1, 14 - 2, "'str object' has no attribute 'nope'"),
        ("\n\n{{ missing.x }}", .undefined, 3, 12, "'missing' is undefined"),
        (
            "{{ [].append(1) }}", .undefined, 1, 13,
            "access to attribute 'append' of 'list' object is unsafe."
        ),
        ("{{ 1 + 'a' }}", .type, 1, 8, "unsupported operand type(s) for +: 'int' and 'str'"),
        ("{{ 1 / 0 }}", .value, 1, 8, "division by zero"),
        (
            "{% if x %}", .syntax, 1, 11,
            "expected 'elif' or 'else' or 'endif', found the end of the template"
        ),
        ("{{ 'a }}", .syntax, 1, 4, "the string has no end"),
        ("x {# y", .syntax, 1, 3, "the comment has no end"),
        ("{% for x in %}", .syntax, 1, 13, "expected an expression, found '%}'"),
        ("{{ (1] }}", .syntax, 1, 6, "unexpected ']', expected ')'"),
        ("{% if true %}\n {{ raise_exception('no!') }}{% endif %}", .raised, 2, 20, "no!"),
        ("{% set x.y = 1 %}", .type, 1, 8, "cannot assign attribute 'y': 'x' is no namespace"),
        (
            "{% for a, b in [[1, 2, 3]] %}{% endfor %}", .value, 1, 8,
            "3 values to unpack, expected 2"
        ),
        (
            "{% macro m() %}{% endmacro %}{{ m(1) }}", .type, 1, 34,
            "macro 'm' takes not more than 0 argument(s)"
        ),
    ])
    func `an error names the fault, its line and its column`(
        source: String, code: TemplateError.Code, line: Int, column: Int, message: String
    ) {
        let error = Fixtures.error(source)
        #expect(error?.code == code)
        #expect(
            error?.line == line && error?.column == column, "\(source): \(error?.description ?? "")"
        )
        #expect(error?.message == message)
    }

    @Test func `a description begins with the place and says who refused`() {
        let error = Fixtures.error("\n{{ raise_exception('roles must alternate') }}")
        #expect(
            error?.description
                == "line 2, column 19: the template refuses this conversation: roles must alternate"
        )
    }

    @Test(arguments: ["__class__", "__init__", "__globals__", "__subclasses__"])
    func `nothing of the interpreter's own is an attribute`(name: String) throws {
        for base in ["''", "[]", "{}", "1", "range", "namespace()", "range(3)", "none"] {
            #expect(try Fixtures.render("{{ (\(base)).\(name) is defined }}").string == "False")
            #expect(try Fixtures.render("{{ (\(base))['\(name)'] }}").string == "")
            #expect(Fixtures.error("{{ (\(base)).\(name).x }}")?.code == .undefined)
        }
    }

    @Test func `dates that there are not are refused`() {
        for text in [
            "", "2024", "2024-13-01", "2023-02-29", "2024-07-26T", "2024-07-26T24:00:00", "x-y-z",
            "2024-7-+6",
        ] {
            #expect(TemplateDate(text) == nil, "\(text)")
        }
        #expect(TemplateDate("2024-02-29") != nil)
    }
}
