import NIOHTTP1
import Synchronization
import Testing

@testable import ModelStore

/// Pulls over HTTP while something goes wrong. No test waits: the waits are noted instead.
@Suite(.timeLimit(.minutes(20)))
struct PullFaultTests {
    @Test(arguments: 0...16)
    func `a connection that breaks at any piece is taken up there`(piece: Int) async throws {
        let file = ServedFile.model(kibibytes: 16)
        let test = try PullTest()
        // The second request is the first for data.
        let respond: @Sendable (WebServer.Request, Int) -> WebServer.Response = { request, number in
            var response = file.response(to: request)
            if number == 1 { response.fault = .closeAfter(1024 * piece) }
            return response
        }
        try await WebServer.serving(respond) { server in
            _ = try await test.puller(segmentBytes: 1 << 20).pull("\(server.origin)/tiny.gguf")
            let ranges = server.requests.compactMap(\.range)
            #expect(ranges.count == 3)
            #expect(ranges[2].lowerBound <= 1024 * piece)
            #expect(ranges[2].upperBound == file.bytes.count)
        }
        #expect(test.contents("tiny.gguf") == file.bytes)
        #expect(test.waits == [.milliseconds(500)])
    }

    @Test func `a server that cuts every answer short is outlasted while bytes arrive`()
        async throws
    {
        let file = ServedFile.model(kibibytes: 2048)
        let test = try PullTest()
        let respond: @Sendable (WebServer.Request, Int) -> WebServer.Response = { request, _ in
            var response = file.response(to: request)
            if response.body.count > 256 << 10 { response.fault = .closeAfter(256 << 10) }
            return response
        }
        try await WebServer.serving(respond) { server in
            _ = try await test.puller(segmentBytes: 4 << 20).pull("\(server.origin)/tiny.gguf")
        }
        #expect(test.contents("tiny.gguf") == file.bytes)
        #expect(test.waits.count > ModelStoreLimits.attempts)
        #expect(Set(test.waits) == [.milliseconds(500)])
    }

    @Test func `a server that never sends a byte is given up, later and later`() async throws {
        let file = ServedFile.model(kibibytes: 4)
        let test = try PullTest()
        let respond: @Sendable (WebServer.Request, Int) -> WebServer.Response = { request, number in
            var response = file.response(to: request)
            if number > 0 { response.fault = .closeAfter(0) }
            return response
        }
        try await WebServer.serving(respond) { server in
            let error = await #expect(throws: ModelStoreError.self) {
                try await test.puller().pull("\(server.origin)/tiny.gguf")
            }
            #expect([.truncated, .unreachable].contains(error?.code))
        }
        #expect(test.waits == [500, 1000, 2000, 4000, 8000].map { .milliseconds($0) })
        #expect(try test.store.installed().isEmpty)
    }

    @Test func `a busy server is asked again when it says`() async throws {
        let file = ServedFile.model(kibibytes: 4)
        let test = try PullTest()
        let respond: @Sendable (WebServer.Request, Int) -> WebServer.Response = { request, number in
            switch number {
            case 0:
                WebServer.Response(status: .tooManyRequests, headers: ["Retry-After": "7"])
            case 1: WebServer.Response(status: .internalServerError)
            case 3: WebServer.Response(status: .serviceUnavailable, headers: ["Retry-After": "9"])
            case 4: WebServer.Response(status: .badGateway)
            default: file.response(to: request)
            }
        }
        try await WebServer.serving(respond) { server in
            _ = try await test.puller().pull("\(server.origin)/tiny.gguf")
        }
        #expect(test.contents("tiny.gguf") == file.bytes)
        #expect(test.waits == [.seconds(7), .seconds(1), .seconds(9), .seconds(1)])
    }

    @Test func `a wait that is too long is refused with the reason`() async throws {
        let test = try PullTest()
        let busy = WebServer.Response(status: .tooManyRequests, headers: ["Retry-After": "86400"])
        try await WebServer.serving({ _, _ in busy }) { server in
            let error = await #expect(throws: ModelStoreError.self) {
                try await test.puller().pull("\(server.origin)/tiny.gguf")
            }
            #expect(error?.message.contains("86400 s") == true)
        }
        #expect(test.waits.isEmpty)
    }

    @Test func `a file that changes on the server is begun again`() async throws {
        let old = ServedFile.model(kibibytes: 64, seed: 1)
        var new = ServedFile.model(kibibytes: 64, seed: 2)
        new.tag = "\"second\""
        let test = try PullTest()
        let respond: @Sendable (WebServer.Request, Int) -> WebServer.Response = { [new] in
            ($1 < 3 ? old : new).response(to: $0)
        }
        try await WebServer.serving(respond) { server in
            _ = try await test.puller().pull("\(server.origin)/tiny.gguf")
        }
        #expect(test.contents("tiny.gguf") == new.bytes)
        #expect(
            test.events.contains {
                if case .restarting = $0 { true } else { false }
            })
    }

    @Test func `a file that changes without end is given up`() async throws {
        let test = try PullTest()
        let respond: @Sendable (WebServer.Request, Int) -> WebServer.Response = { request, number in
            var file = ServedFile.model(kibibytes: 4)
            file.tag = "\"\(number)\""
            return file.response(to: request)
        }
        try await WebServer.serving(respond) { server in
            let error = await #expect(throws: ModelStoreError.self) {
                try await test.puller().pull("\(server.origin)/tiny.gguf")
            }
            #expect(error?.code == .remoteChanged)
        }
    }

    @Test func `a server that stops serving ranges is asked for the whole`() async throws {
        let file = ServedFile.model()
        let test = try PullTest()
        let respond: @Sendable (WebServer.Request, Int) -> WebServer.Response = { request, number in
            var file = file
            file.servesRanges = number < 2
            return file.response(to: request)
        }
        try await WebServer.serving(respond) { server in
            _ = try await test.puller().pull("\(server.origin)/tiny.gguf")
        }
        #expect(test.contents("tiny.gguf") == file.bytes)
    }

    @Test func `a server without ranges that breaks off begins at the first byte`() async throws {
        var file = ServedFile.model()
        file.servesRanges = false
        let test = try PullTest()
        let respond: @Sendable (WebServer.Request, Int) -> WebServer.Response = {
            [file] request, number in
            var response = file.response(to: request)
            if number < 3 { response.fault = .closeAfter(10_000 * number) }
            return response
        }
        try await WebServer.serving(respond) { server in
            _ = try await test.puller().pull("\(server.origin)/tiny.gguf")
        }
        #expect(test.contents("tiny.gguf") == file.bytes)
        #expect(test.waits.count == 2)
    }

    @Test(arguments: [
        "bytes 5-20/999999", "bytes 0-99999/*", "bytes x", "items 0-1/2", "bytes 9-3/10",
    ])
    func `an answer that is another range is refused`(range: String) async throws {
        let file = ServedFile.model(kibibytes: 4)
        let test = try PullTest()
        let respond: @Sendable (WebServer.Request, Int) -> WebServer.Response = { request, number in
            var response = file.response(to: request)
            if number > 0 { response.headers.replaceOrAdd(name: "Content-Range", value: range) }
            return response
        }
        try await WebServer.serving(respond) { server in
            let error = await #expect(throws: ModelStoreError.self) {
                try await test.puller().pull("\(server.origin)/tiny.gguf")
            }
            #expect([.refused, .remoteChanged].contains(error?.code))
        }
        #expect(try test.store.installed().isEmpty)
    }

    @Test func `a slow server is left when nothing comes any more`() async throws {
        let file = ServedFile.model(kibibytes: 16)
        let test = try PullTest()
        let respond: @Sendable (WebServer.Request, Int) -> WebServer.Response = { request, number in
            var response = file.response(to: request)
            if number == 1 { response.fault = .stallAfter(5000) }
            return response
        }
        try await WebServer.serving(respond) { server in
            var puller = test.puller()
            puller.readTimeout = .seconds(1)
            _ = try await puller.pull("\(server.origin)/tiny.gguf")
        }
        #expect(test.contents("tiny.gguf") == file.bytes)
        #expect(!test.waits.isEmpty)
    }
}
