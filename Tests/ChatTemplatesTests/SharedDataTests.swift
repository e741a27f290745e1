import ChatTemplates
import Foundation
import QuireJSON
import Testing

/// Chat templates of real models with what Jinja2 makes of them, where a developer has them:
/// `QUIRE_SHARED_DATA` names a folder with `templates/jinja`, `contexts.json` and `goldens.jsonl`.
enum SharedData {
    static let folder = ProcessInfo.processInfo.environment["QUIRE_SHARED_DATA"]
        .map { $0 + "/templates" }

    static func read(_ path: String) throws -> [UInt8] {
        let folder = try #require(folder)
        return [UInt8](try Data(contentsOf: URL(filePath: "\(folder)/\(path)")))
    }

    static func source(_ name: String) throws -> String {
        String(decoding: try read("jinja/" + name), as: UTF8.self)
    }
}

@Suite(.enabled(if: SharedData.folder != nil))
struct SharedDataTests {
    @Test func `every golden renders byte for byte or fails where Jinja2 fails`() throws {
        let now = try #require(TemplateDate("2024-07-26"))
        let contexts = try JSONValue(parsing: try SharedData.read("contexts.json"))
        let lines = try SharedData.read("goldens.jsonl").split(separator: UInt8(ascii: "\n"))
        #expect(lines.count == 280)
        var templates: [String: ChatTemplate] = [:]
        for line in lines {
            let golden = try JSONValue(parsing: Array(line))
            let name = try #require(golden["template"]?.string)
            let context = try #require(golden["context"]?.string)
            let template = try templates[name] ?? ChatTemplate(parsing: try SharedData.source(name))
            templates[name] = template
            let values = TemplateContext(try #require(contexts[context]))
            let output = Result { try template.render(values, now: now).string }
            if let expected = golden["output"]?.string {
                #expect(try output.get().utf8.elementsEqual(expected.utf8), "\(name), \(context)")
            } else {
                #expect(throws: TemplateError.self, "\(name), \(context)") { try output.get() }
            }
        }
    }

    @Test func `what a template raises is what Jinja2 raises`() throws {
        let now = try #require(TemplateDate("2024-07-26"))
        let contexts = try JSONValue(parsing: try SharedData.read("contexts.json"))
        for line in try SharedData.read("goldens.jsonl").split(separator: UInt8(ascii: "\n")) {
            let golden = try JSONValue(parsing: Array(line))
            guard let message = golden["error"]?.string,
                let raised = message.wholeMatch(of: /TemplateError: (.*)/)?.output.1
            else { continue }
            let template = try ChatTemplate(
                parsing: try SharedData.source(golden["template"]?.string ?? ""))
            let values = TemplateContext(try #require(contexts[golden["context"]?.string ?? ""]))
            let error = #expect(throws: TemplateError.self) {
                try template.render(values, now: now)
            }
            #expect(error?.code == .raised && error?.line ?? 0 > 0)
            // The goldens cut long messages.
            #expect(error?.message.hasPrefix(raised) ?? false)
        }
    }
}
