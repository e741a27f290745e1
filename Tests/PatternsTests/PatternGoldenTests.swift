import Foundation
import QuireJSON
import Testing

@testable import Patterns

/// The matches that other engines find; see `Fixtures/README.md`.
struct PatternGoldenTests {
    private static func cases(_ name: String) throws -> [JSONValue] {
        let url = try #require(
            Bundle.module.url(forResource: name, withExtension: "json", subdirectory: "Fixtures"))
        let json = try JSONValue(parsing: Array(try Data(contentsOf: url)), path: name)
        return try #require(json.array)
    }

    @Test(arguments: [("oniguruma", PatternDialect.oniguruma), ("ecma", .ecma)])
    func `matches are those of the dialect's engine`(
        name: String, dialect: PatternDialect
    ) throws {
        var compared = 0
        for golden in try Self.cases(name) {
            let text = try #require(golden["pattern"]?.string)
            let pattern = try Pattern(text, dialect: dialect)
            let samples = try #require(golden["texts"]?.array).compactMap(\.string)
            let expected = try #require(golden["matches"]?.array)
            for (sample, matches) in zip(samples, expected) {
                let found = try #require(pattern.matches(in: sample)).filter { !$0.isEmpty }
                let ranges = found.map { [$0.lowerBound, $0.upperBound] }
                let wanted = try #require(matches.array).map { pair in
                    try #require(pair.array).compactMap(\.integer)
                }
                #expect(ranges == wanted, "\(text.debugDescription) in \(sample.debugDescription)")
                compared += 1
            }
        }
        #expect(compared > 300)
    }
}
