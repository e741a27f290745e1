import Foundation
import NIOHTTP1
import Synchronization
import Testing

@testable import ModelStore

/// Pulls over HTTP from servers that work.
@Suite(.timeLimit(.minutes(20)))
struct PullTests {
    @Test(arguments: [1, 4])
    func `a file arrives whole, in ranges, over several connections`(connections: Int) async throws
    {
        let file = ServedFile.model()
        let test = try PullTest()
        try await WebServer.serving({ request, _ in file.response(to: request) }) { server in
            let outcome = try await test.puller(connections: connections)
                .pull("\(server.origin)/tiny.gguf")
            #expect(outcome.model.name == "tiny")
            #expect(outcome.model.byteCount == file.bytes.count)
            #expect(outcome.sums == [file.sum])
            // One request finds out about the file; then one a segment of 16 KiB.
            let ranges = server.requests.compactMap(\.range)
            #expect(ranges.first == 0..<1)
            #expect(ranges.dropFirst().count == 5)
            #expect(ranges.dropFirst().reduce(0) { $0 + $1.count } == file.bytes.count)
        }
        #expect(test.contents("tiny.gguf") == file.bytes)
        #expect(try test.files == ["tiny.gguf"])
        #expect(test.waits.isEmpty)
        #expect(test.events.contains(.verifying))
        #expect(
            test.events.contains(
                .progress(received: file.bytes.count, total: file.bytes.count)))
    }

    @Test func `a server without ranges serves too`() async throws {
        var file = ServedFile.model()
        file.servesRanges = false
        let test = try PullTest()
        try await WebServer.serving({ [file] request, _ in file.response(to: request) }) { server in
            _ = try await test.puller(connections: 4).pull("\(server.origin)/tiny.gguf")
            #expect(server.requests.count == 2)
        }
        #expect(test.contents("tiny.gguf") == file.bytes)
    }

    @Test func `a model that is there is not brought again unless that is asked for`() async throws
    {
        let file = ServedFile.model(kibibytes: 4)
        let test = try PullTest()
        try test.write([9], to: "tiny.gguf")
        try await WebServer.serving({ request, _ in file.response(to: request) }) { server in
            let puller = test.puller()
            let there = try await puller.pull("\(server.origin)/tiny.gguf")
            #expect(there.source == nil)
            #expect(there.sums == [ServedFile.sum(of: [9])])
            #expect(test.events.last == .progress(received: 1, total: 1))
            #expect(server.requests.isEmpty)
            _ = try await puller.pull("\(server.origin)/tiny.gguf", replacing: true)
            #expect(test.contents("tiny.gguf") == file.bytes)
            let name = try ModelName("other")
            #expect(
                try await puller.pull("\(server.origin)/tiny.gguf", as: name).model.name == "other")
        }
    }

    @Test func `a wrong sum leaves nothing behind`() async throws {
        let file = ServedFile.model(kibibytes: 4)
        let test = try PullTest()
        let sum = String(repeating: "0", count: 64)
        try await WebServer.serving({ request, _ in file.response(to: request) }) { server in
            let error = await #expect(throws: ModelStoreError.self) {
                try await test.puller().pull("\(server.origin)/tiny.gguf#sha256=\(sum)")
            }
            #expect(error?.code == .checksumMismatch)
            #expect(error?.message.contains(file.sum.description) == true)
            #expect(try test.files.isEmpty)
            _ = try await test.puller().pull("\(server.origin)/tiny.gguf#sha256=\(file.sum)")
        }
        #expect(test.contents("tiny.gguf") == file.bytes)
    }

    @Test(arguments: [
        Array("<html>Please log in</html>".utf8), Array("GGUF".utf8),
        Array("GGUF\u{3}\u{0}\u{0}\u{0}".utf8) + [UInt8](repeating: 0xff, count: 100),
    ])
    func `what is no model is refused and removed`(bytes: [UInt8]) async throws {
        let file = ServedFile(bytes: bytes)
        let test = try PullTest()
        try await WebServer.serving({ request, _ in file.response(to: request) }) { server in
            let error = await #expect(throws: ModelStoreError.self) {
                try await test.puller().pull("\(server.origin)/page.gguf")
            }
            #expect(error?.code == .notAModel)
        }
        #expect(try test.files.isEmpty)
    }

    @Test(arguments: [
        (HTTPResponseStatus.unauthorized, ModelStoreError.Code.unauthorized, "HF_TOKEN"),
        (.forbidden, .unauthorized, "HF_TOKEN"),
        (.notFound, .missingRemotely, "spelling"),
        (.internalServerError, .refused, "500"),
        (.imATeapot, .refused, "418"),
        (.noContent, .refused, "204"),
    ])
    func `a status of failure says what to do`(
        status: HTTPResponseStatus, code: ModelStoreError.Code, hint: String
    ) async throws {
        let test = try PullTest()
        try await WebServer.serving({ _, _ in WebServer.Response(status: status) }) { server in
            let error = await #expect(throws: ModelStoreError.self) {
                try await test.puller().pull("\(server.origin)/x.gguf")
            }
            #expect(error?.code == code)
            #expect(error?.message.contains(hint) == true)
            let isTransient = status == .internalServerError
            #expect(server.requests.count == (isTransient ? ModelStoreLimits.attempts : 1))
        }
        #expect(try test.files.isEmpty)
    }

    @Test func `a server that is not there is given up soon`() async throws {
        let port = try await WebServer.serving({ _, _ in .init() }) { $0.port }
        let test = try PullTest()
        let error = await #expect(throws: ModelStoreError.self) {
            try await test.puller().pull("http://127.0.0.1:\(port)/x.gguf")
        }
        #expect(error?.code == .unreachable)
        #expect(test.waits.count == ModelStoreLimits.connectAttempts - 1)
    }

    @Test func `redirects without end are given up`() async throws {
        let test = try PullTest()
        let respond: @Sendable (WebServer.Request, Int) -> WebServer.Response = { _, number in
            var response = WebServer.Response(status: .found)
            response.headers.add(name: "Location", value: "/\(number)")
            return response
        }
        try await WebServer.serving(respond) { server in
            let error = await #expect(throws: ModelStoreError.self) {
                try await test.puller().pull("\(server.origin)/x.gguf")
            }
            #expect(error?.code == .refused)
            #expect(server.requests.count == ModelStoreLimits.redirects + 1)
        }
    }

    @Test func `an unknown name is refused with near ones`() async throws {
        let test = try PullTest()
        let error = await #expect(throws: ModelStoreError.self) {
            try await test.puller().pull("gemma-3-270n")
        }
        #expect(error?.message.contains("Did you mean gemma-3-270m?") == true)
        let repository = await #expect(throws: ModelStoreError.self) {
            try await test.puller().pull("owner/repository")
        }
        #expect(repository?.message.contains("write hf:owner/repository.") == true)
    }

    @Test func `a model that is there with another sum than the one asked for is no success`()
        async throws
    {
        let test = try PullTest()
        try test.write([9], to: "tiny.gguf")
        let source = "http://127.0.0.1:9/tiny.gguf#sha256="
        let sum = ServedFile.sum(of: [9])
        #expect(try await test.puller().pull("\(source)\(sum)").sums == [sum])
        let error = await #expect(throws: ModelStoreError.self) {
            try await test.puller().pull("\(source)\(ServedFile.sum(of: [8]))")
        }
        #expect(error?.code == .checksumMismatch)
        #expect(error?.message.contains("--force") == true)
        #expect(test.contents("tiny.gguf") == [9])
    }

    @Test func `two processes do not pull the same model`() async throws {
        let test = try PullTest()
        let name = try ModelName("tiny")
        let lock = try PullLock(path: test.store.folder + "/.tiny.lock", name: name)
        let error = await #expect(throws: ModelStoreError.self) {
            try await test.puller().pull("http://127.0.0.1:9/tiny.gguf")
        }
        #expect(error?.code == .busy)
        lock.release()
        let again = try PullLock(path: test.store.folder + "/.tiny.lock", name: name)
        again.release()
    }

    @Test func `no lock is left behind`() async throws {
        let file = ServedFile.model(kibibytes: 4)
        let test = try PullTest()
        // What a process that was killed has left is taken over.
        try test.write(Array("old".utf8), to: ".tiny.lock")
        let respond: @Sendable (WebServer.Request, Int) -> WebServer.Response = { request, _ in
            request.uri == "/tiny.gguf" ? file.response(to: request) : .init(status: .notFound)
        }
        try await WebServer.serving(respond) { server in
            _ = try await test.puller().pull("\(server.origin)/tiny.gguf")
            await #expect(throws: ModelStoreError.self) {
                try await test.puller().pull("\(server.origin)/other.gguf")
            }
        }
        let all = try FileManager.default.contentsOfDirectory(atPath: test.store.folder)
        #expect(all == ["tiny.gguf"])
    }

    @Test func `one at a time holds a lock whose file comes and goes`() async throws {
        let test = try PullTest()
        let name = try ModelName("tiny")
        let path = test.store.folder + "/.tiny.lock"
        let holders = Holders()
        await withTaskGroup { group in
            for _ in 0..<4 {
                group.addTask {
                    for _ in 0..<200 {
                        guard let lock = try? PullLock(path: path, name: name) else {
                            await Task.yield()
                            continue
                        }
                        holders.count.withLock {
                            #expect($0.now == 0)
                            $0 = ($0.now + 1, $0.total + 1)
                        }
                        await Task.yield()
                        holders.count.withLock { $0.now -= 1 }
                        lock.release()
                    }
                }
            }
        }
        #expect(holders.count.withLock { $0.total } > 0)
        #expect(!FileManager.default.fileExists(atPath: path))
    }
}

/// How many hold a lock, and how many have held it.
private final class Holders: Sendable {
    let count = Mutex((now: 0, total: 0))
}
