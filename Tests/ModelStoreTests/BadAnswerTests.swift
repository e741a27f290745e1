import NIOHTTP1
import Testing

@testable import ModelStore

/// After any sequence of bad answers, what is installed is what was served, or nothing is.
@Suite(.timeLimit(.minutes(20)))
struct BadAnswerTests {
    @Test func `a resumed download through a compressing proxy is the file, not what it sent`()
        async throws
    {
        let file = ServedFile.model()
        let test = try PullTest()
        let respond: @Sendable (WebServer.Request, Int) -> WebServer.Response = { request, number in
            var response = file.response(to: request)
            #expect(request.headers["Accept-Encoding"] == ["identity"])
            // The connection breaks; the rest comes by way of a proxy that compresses ranges.
            if number == 1 { response.fault = .closeAfter(5000) }
            if number >= 2, request.range != nil {
                response.headers.add(name: "Content-Encoding", value: "gzip")
                response.body = response.body.prefix(1000).map { $0 ^ 0x5a }
            }
            return response
        }
        try await WebServer.serving(respond) { server in
            _ = try await test.puller().pull("\(server.origin)/tiny.gguf")
        }
        #expect(test.contents("tiny.gguf") == file.bytes)
    }

    @Test(arguments: ["gzip", "br", "deflate, gzip", "x-unknown"])
    func `a file that comes only compressed is refused with the reason`(coding: String)
        async throws
    {
        let file = ServedFile.model(kibibytes: 4)
        let test = try PullTest()
        let respond: @Sendable (WebServer.Request, Int) -> WebServer.Response = { request, _ in
            var response = file.response(to: request)
            response.headers.add(name: "Content-Encoding", value: coding)
            return response
        }
        try await WebServer.serving(respond) { server in
            let error = await #expect(throws: ModelStoreError.self) {
                try await test.puller().pull("\(server.origin)/tiny.gguf")
            }
            #expect(error?.message.contains("comes compressed ('\(coding)')") == true)
        }
        #expect(try test.files.isEmpty)
    }

    @Test func `an encoding that changes nothing is accepted`() async throws {
        let file = ServedFile.model(kibibytes: 4)
        let test = try PullTest()
        let respond: @Sendable (WebServer.Request, Int) -> WebServer.Response = { request, _ in
            var response = file.response(to: request)
            response.headers.add(name: "Content-Encoding", value: "Identity")
            return response
        }
        try await WebServer.serving(respond) { server in
            _ = try await test.puller().pull("\(server.origin)/tiny.gguf")
        }
        #expect(test.contents("tiny.gguf") == file.bytes)
    }

    @Test func `bytes of an answer that breaks its word are not taken up again`() async throws {
        let file = ServedFile.model()
        let test = try PullTest()
        let broken: @Sendable (WebServer.Request, Int) -> WebServer.Response = { request, number in
            var response = file.response(to: request)
            if number > 0 {
                response.announcesLength = number % 2 == 0
                response.body = response.body.map { $0 ^ 1 } + [9, 9, 9]
            }
            return response
        }
        try await WebServer.serving(broken) { server in
            _ = await #expect(throws: ModelStoreError.self) {
                try await test.puller().pull("\(server.origin)/tiny.gguf")
            }
        }
        try await WebServer.serving({ request, _ in file.response(to: request) }) { server in
            _ = try await test.puller().pull("\(server.origin)/tiny.gguf")
        }
        #expect(test.contents("tiny.gguf") == file.bytes)
    }

    @Test(arguments: [
        "bytes 0-0/10", "bytes 3-9/10", "bytes 0-9/*",
    ])
    func `a range is read`(value: String) {
        #expect(ContentRange(["Content-Range": value]) != nil)
    }

    @Test(arguments: [
        "bytes -5-9/10", "bytes +0-9/10", "bytes 0-9/10 ", "bytes 0-9", "bytes 9-3/10",
        "bytes 0-10/10", "bytes 0-9/x", "bytes 0-9/99999999999999999999", "bytes */10", "",
        "bytes 0-9/10, bytes 0-9/10", "Bytes=0-9/10",
    ])
    func `a range that is none is not read`(value: String) {
        #expect(ContentRange(["Content-Range": value]) == nil)
    }

    @Test(arguments: AnswerScript.Validator.allCases, 0..<24 as Range<UInt64>)
    func `after any sequence of bad answers the file is what was served, or is not there`(
        validator: AnswerScript.Validator, seed: UInt64
    ) async throws {
        let test = try PullTest()
        let script = AnswerScript(seed: seed, validator: validator, badAnswers: 24)
        let versions = script.versions.map(\.bytes)
        try await WebServer.serving({ request, _ in script.response(to: request) }) { server in
            // Every bad answer ends at most one pull; the last pull meets none.
            for _ in 0...24 {
                let puller = test.puller(segmentBytes: 1500, connections: seed % 2 == 0 ? 1 : 3)
                do {
                    _ = try await puller.pull("\(server.origin)/tiny.gguf")
                } catch let error as ModelStoreError {
                    #expect(test.contents("tiny.gguf") == nil)
                    #expect(!error.message.contains { $0.isASCII && $0 < " " && $0 != "\n" })
                    continue
                }
                let bytes = try #require(test.contents("tiny.gguf"))
                #expect(versions.contains(bytes))
                return
            }
            Issue.record("a server that answers well again was given up")
        }
    }
}
