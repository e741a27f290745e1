import Conversation
import Foundation
import TestSupport
import Testing

@testable import quire

/// The file of a batch's results.
struct BatchOutputTests {
    @Test func `every cut leaves the complete lines and nothing else`() throws {
        let folder = try TemporaryFolder()
        defer { withExtendedLifetime(folder) {} }
        let path = folder.path("results.jsonl")
        var whole = Data()
        for line in 1...4 {
            let id = try #require(BatchID("batch_req_\(line)_00c0ffee00c0ffe\(line)"))
            let failure = BatchLine.Failure("invalid_method", "é", customID: "r\(line)")
            whole += Data(BatchResult.line(id, failure))
        }
        for cut in 0...whole.count {
            let part = whole.prefix(cut)
            try part.write(to: URL(fileURLWithPath: path))
            let lines = part.count { $0 == 0x0A }
            let output = try BatchOutput(path: path)
            #expect(output.finished.count == lines)
            let kept = part.lastIndex(of: 0x0A).map { $0 + 1 } ?? 0
            #expect(try Data(contentsOf: URL(fileURLWithPath: path)) == whole.prefix(kept))
        }
    }
}
