import Foundation
import Testing

/// The commands that look after models and machine: `inspect`, `list`, `doctor`.
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

    @Test func `doctor reports the machine as one JSON object`() throws {
        let json = try QuireProcess.run(["doctor", "--format", "json"])
        #expect(json.succeeded, "\(json.stderr)")
        let object = try JSONSerialization.jsonObject(with: Data(json.stdout.utf8))
        let report = try #require(object as? [String: Any])
        #expect(report.count >= 4)
        #expect((report["default_threads"] as? Int ?? 0) >= 1)
        #expect(report["advice"] is [String] && report["memory_nodes"] is [[String: Any]])

        let text = try QuireProcess.run(["doctor"], environment: ["QUIRE_ISA": "scalar"])
        #expect(text.succeeded, "\(text.stderr)")
        #expect(text.stdout.contains("scalar"))
    }
}
