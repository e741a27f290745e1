import Foundation
import NIOHTTP1
import Synchronization
import Testing

@testable import ModelStore

/// What an earlier pull left, and how the next one goes on from it.
@Suite(.timeLimit(.minutes(20)))
struct PullResumeTests {
    private typealias Respond = @Sendable (WebServer.Request, Int) -> WebServer.Response

    /// A pull of a 64 KiB file that is cancelled after 40,000 bytes.
    private func cancelled(_ test: PullTest, _ respond: @escaping Respond) async throws {
        let stalling: Respond = { request, number in
            var response = respond(request, number)
            if let range = request.range, range.contains(40_000) {
                response.fault = .stallAfter(40_000 - range.lowerBound)
            }
            return response
        }
        try await WebServer.serving(stalling) { server in
            let (arrived, signal) = AsyncStream.makeStream(of: Void.self)
            let puller = test.puller { event in
                if case .progress(40_000, _) = event { signal.finish() }
            }
            let task = Task { try await puller.pull("\(server.origin)/tiny.gguf") }
            for await _ in arrived {}
            task.cancel()
            let error = await #expect(throws: ModelStoreError.self) { try await task.value }
            #expect(error?.code == .cancelled)
        }
    }

    @Test func `a pull that is cancelled goes on from there`() async throws {
        let file = ServedFile.model()
        let test = try PullTest()
        try await cancelled(test) { request, _ in file.response(to: request) }
        #expect(try test.files == ["tiny.gguf.part", "tiny.gguf.part.json"])
        try await WebServer.serving({ request, _ in file.response(to: request) }) { server in
            _ = try await test.puller().pull("\(server.origin)/tiny.gguf")
            let ranges = server.requests.compactMap(\.range).dropFirst()
            #expect(ranges.first?.lowerBound == 40_000)
            #expect(ranges.reduce(0) { $0 + $1.count } == file.bytes.count - 40_000)
        }
        #expect(test.contents("tiny.gguf") == file.bytes)
        #expect(try test.files == ["tiny.gguf"])
    }

    @Test func `what was left of another state of the file is not used`() async throws {
        let old = ServedFile.model(seed: 1)
        var new = ServedFile.model(seed: 2)
        new.tag = "\"second\""
        let test = try PullTest()
        try await cancelled(test) { request, _ in old.response(to: request) }
        try await WebServer.serving({ [new] request, _ in new.response(to: request) }) { server in
            _ = try await test.puller().pull("\(server.origin)/tiny.gguf")
        }
        #expect(test.contents("tiny.gguf") == new.bytes)
    }

    @Test(arguments: [
        "", "{", "[]",
        #"{"identity":"first","byteCount":66000,"segments":[]}"#,
        #"{"identity":"first","byteCount":SIZE,"segments":[{"start":0,"end":SIZE,"next":SIZE}]}"#,
        #"{"identity":"first","byteCount":SIZE,"segments":[{"start":0,"end":SIZE,"next":-5}]}"#,
        #"{"identity":"first","byteCount":SIZE,"segments":[{"start":5,"end":SIZE,"next":5}]}"#,
    ])
    func `a record that cannot be is not believed`(record: String) async throws {
        let file = ServedFile.model()
        let test = try PullTest()
        let text = record.replacing("SIZE", with: "\(file.bytes.count)")
        try test.write(Array(text.utf8), to: "tiny.gguf.part.json")
        try test.write([1, 2, 3], to: "tiny.gguf.part")
        try await WebServer.serving({ request, _ in file.response(to: request) }) { server in
            _ = try await test.puller().pull("\(server.origin)/tiny.gguf")
        }
        #expect(test.contents("tiny.gguf") == file.bytes)
    }

    @Test func `bytes that were damaged on the disk are found by the sum`() async throws {
        let file = ServedFile.model()
        let test = try PullTest()
        try await cancelled(test) { request, _ in file.response(to: request) }
        var part = try #require(test.contents("tiny.gguf.part"))
        part[1000] ^= 1
        try test.write(part, to: "tiny.gguf.part")
        try await WebServer.serving({ request, _ in file.response(to: request) }) { server in
            let source = "\(server.origin)/tiny.gguf#sha256=\(file.sum)"
            let error = await #expect(throws: ModelStoreError.self) {
                try await test.puller().pull(source)
            }
            #expect(error?.code == .checksumMismatch)
            _ = try await test.puller().pull(source)
        }
        #expect(test.contents("tiny.gguf") == file.bytes)
    }

    @Test func `a disk that fills up keeps what has arrived`() async throws {
        let file = ServedFile.model()
        let test = try PullTest()
        try await WebServer.serving({ request, _ in file.response(to: request) }) { server in
            var puller = test.puller()
            puller.disk = FullDisk(room: 30_000)
            let error = await #expect(throws: ModelStoreError.self) {
                try await puller.pull("\(server.origin)/tiny.gguf")
            }
            #expect(error?.code == .diskFull)
            #expect(error?.message.contains("kept") == true)
            #expect(try test.files == ["tiny.gguf.part", "tiny.gguf.part.json"])
            let before = server.requests.count
            _ = try await test.puller().pull("\(server.origin)/tiny.gguf")
            let ranges = server.requests.dropFirst(before + 1).compactMap(\.range)
            let first = try #require(ranges.first?.lowerBound)
            #expect(first >= 16_384 && first <= 30_000)
        }
        #expect(test.contents("tiny.gguf") == file.bytes)
    }

    @Test func `a disk without room is noticed before the first byte`() async throws {
        let file = ServedFile.model()
        let test = try PullTest()
        try await WebServer.serving({ request, _ in file.response(to: request) }) { server in
            var puller = test.puller()
            puller.disk = FullDisk(room: 0, announced: 1000)
            let error = await #expect(throws: ModelStoreError.self) {
                try await puller.pull("\(server.origin)/tiny.gguf")
            }
            #expect(error?.code == .diskFull)
            #expect(error?.message.contains("QUIRE_HOME") == true)
            #expect(server.requests.count == 1)
        }
    }

    @Test func `the machine's own full disk is told apart from other failures`() throws {
        guard FileManager.default.fileExists(atPath: "/dev/full") else { return }
        let file = try LocalDisk().open("/dev/full")
        defer { file.close() }
        let error = #expect(throws: ModelStoreError.self) { try file.write([1], at: 0) }
        #expect(error?.code == .diskFull)
    }
}
