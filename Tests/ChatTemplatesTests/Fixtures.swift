import ChatTemplates
import Foundation
import QuireJSON
import Testing

enum Fixtures {
    /// A Friday, which the fixtures were made on as well.
    static let now = TemplateDate("2024-07-26T13:05:09")

    static func json(_ name: String) throws -> JSONValue {
        let url = try #require(
            Bundle.module.url(forResource: name, withExtension: nil, subdirectory: "Fixtures"))
        return try JSONValue(parsing: [UInt8](try Data(contentsOf: url)), path: name)
    }

    /// What a template makes of values.
    static func render(
        _ source: String, _ values: [String: TemplateValue] = [:]
    ) throws -> MarkedText {
        let template = try ChatTemplate(parsing: source)
        return try template.render(TemplateContext(values), now: try #require(now))
    }

    /// The error of a template.
    static func error(
        _ source: String, _ values: [String: TemplateValue] = [:],
        _ location: SourceLocation = #_sourceLocation
    ) -> TemplateError? {
        #expect(throws: TemplateError.self, "\(source.prefix(80))", sourceLocation: location) {
            try render(source, values)
        }
    }
}
