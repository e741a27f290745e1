import ChatTemplates
import ModelFiles
import TestSupport
import Testing

@testable import quire

/// What `quire inspect` tells of the chat template in a model's file.
struct ChatTemplateReportTests {
    private func report(_ template: String?) throws -> ChatTemplateReport? {
        var writer = GGUFWriter()
        if let template { writer.add("tokenizer.chat_template", text: template) }
        let folder = try TemporaryFolder()
        let path = try folder.write("m.gguf", writer.bytes())
        return try ChatTemplateReport(of: GGUFFile.open(path))
    }

    @Test func `a template that knows calls has them, and one that does not says why`() throws {
        let source = try #require(BuiltInTemplates.source("chatml"))
        let rows = try #require(try report(source)).rows
        #expect(rows.map(\.title) == ["chat template", "reasoning", "calls of tools"])
        #expect(rows[0].text.hasPrefix("yes: ") && rows[0].text.contains("system"))
        #expect(rows[2].text.hasPrefix("not understood ("), "\(rows[2].text)")
    }

    @Test func `a file without a template has no report, and a wrong one says what is wrong`()
        throws
    {
        #expect(try report(nil) == nil)
        #expect(throws: TemplateFault.self) { try report("{% for %}") }
    }
}
