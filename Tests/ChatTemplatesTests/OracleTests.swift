import ChatTemplates
import QuireJSON
import Testing

/// Some 1,600 small templates with what Jinja2 3.1.6 makes of them (`scripts/goldens/jinja.py`).
struct OracleTests {
    @Test func `every template renders as Jinja2 has it or fails where Jinja2 fails`() throws {
        let fixture = try Fixtures.json("jinja.json")
        let context = TemplateContext(try #require(fixture["context"]))
        let cases = try #require(fixture["cases"]?.array)
        let now = try #require(Fixtures.now)
        #expect(cases.count > 1_500)
        for pair in cases {
            let source = try #require(pair.array?.first?.string)
            let output = Result {
                try ChatTemplate(parsing: source).render(context, now: now).string
            }
            if let expected = pair.array?.last?.string {
                let rendered = try? output.get()
                #expect(rendered.map { Array($0.utf8) } == Array(expected.utf8), "\(source)")
            } else {
                let error = #expect(throws: TemplateError.self, "\(source)") { try output.get() }
                #expect(error.map { $0.line > 0 && $0.column > 0 } ?? false, "\(source)")
                #expect(error?.code != .limit || source.contains("00000"), "\(source)")
            }
        }
    }
}
