import Foundation
import Testing

/// The commands that look after models: `inspect`, `list`.
struct HouseholdTests {
    @Test func `inspect shows what is in a model file`() throws {
        let text = try QuireProcess.run(["inspect", QuireProcess.demoModel.path])
        #expect(text.succeeded, "\(text.stderr)")
        #expect(text.stdout.contains("llama"))
        #expect(text.stdout.contains("quire-demo"))

        let json = try QuireProcess.run(
            ["inspect", QuireProcess.demoModel.path, "--format", "json"])
        #expect(json.succeeded, "\(json.stderr)")
        let object = try JSONSerialization.jsonObject(with: Data(json.stdout.utf8))
        #expect(object is [String: Any])
    }

    @Test func `list of an empty home is empty and no error`() throws {
        let text = try QuireProcess.run(["list"])
        #expect(text.succeeded, "\(text.stderr)")
        let json = try QuireProcess.run(["list", "--format", "json"])
        #expect(json.succeeded, "\(json.stderr)")
        if !json.stdout.isEmpty {
            _ = try JSONSerialization.jsonObject(with: Data(json.stdout.utf8))
        }
    }
}
