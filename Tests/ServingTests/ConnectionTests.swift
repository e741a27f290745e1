import QuireJSON
import Testing

@testable import Serving

@Suite struct `Connections` {
    @Test func `one answer after another on the same connection, streams too`() async throws {
        try await RunningServer.with(TestModel()) { server in
            let client = try await server.connect()
            for times in 1...3 {
                try await client.send(
                    "POST", "/v1/completions",
                    body: #"{"prompt": "a", "max_tokens": 2, "stream": true}"#)
                await client.received("[DONE]", times: times)
            }
            // Pipelined: the answers come in order.
            try await client.send(
                """
                GET /version HTTP/1.1\r\nHost: localhost\r\n\r\n\
                GET /health HTTP/1.1\r\nHost: localhost\r\n\r\n
                """)
            let text = await client.received("\"ok\"")
            #expect(text.contains("1.2.3"))
            #expect(!client.isClosed)
        }
    }

    @Test func `a body that is too large is refused, announced or not`() async throws {
        try await RunningServer.with(TestModel()) {
            $0.limits.bodyBytes = 1_000
        } _: { server in
            let large = "{\"prompt\": \"\(String(repeating: "a", count: 2_000))\"}"
            let announced = try await server.ask("POST", "/v1/completions", body: large)
            #expect(announced.status == 413)
            #expect(announced.json?["error"]?["message"]?.string?.contains("1000") == true)
            let client = try await server.connect()
            try await client.send(
                "POST", "/v1/completions",
                ["Transfer-Encoding: chunked", "Content-Type: application/json"])
            try await client.send("7d0\r\n\(String(repeating: "a", count: 2_000))\r\n0\r\n\r\n")
            #expect(Answer(await client.receivedAll())?.status == 413)
        }
    }

    @Test func `a body that never ends takes no more than its bound`() async throws {
        try await RunningServer.with(TestModel()) {
            $0.limits.bodyBytes = 1_000
            $0.limits.lingerTime = .milliseconds(50)
        } _: { server in
            let client = try await server.connect()
            try await client.send(
                "POST", "/v1/nothing", ["Transfer-Encoding: chunked"])
            let chunk = "4000\r\n\(String(repeating: "a", count: 16_384))\r\n"
            while !client.isClosed {
                do { try await client.send(chunk) } catch { break }
            }
        }
    }

    @Test func `compressed bodies and other types are refused`() async throws {
        try await RunningServer.with(TestModel()) { server in
            let packed = try await server.ask(
                "POST", "/v1/completions", ["Content-Encoding: gzip"], body: "{}")
            #expect(packed.status == 415)
            let client = try await server.connect()
            try await client.send(
                """
                POST /v1/completions HTTP/1.1\r\nHost: localhost\r\nContent-Type: text/plain\r\n\
                Content-Length: 2\r\n\r\n{}
                """)
            #expect(Answer(await client.receivedAll())?.status == 415)
        }
    }

    @Test func `a client may wait to be told to send its body`() async throws {
        try await RunningServer.with(TestModel()) { server in
            let client = try await server.connect()
            let body = #"{"prompt": "a", "max_tokens": 1}"#
            try await client.send(
                "POST", "/v1/completions",
                [
                    "Expect: 100-continue", "Content-Type: application/json",
                    "Content-Length: \(body.utf8.count)",
                ])
            await client.received("HTTP/1.1 100")
            try await client.send(body)
            #expect(await client.received("usage").contains("HTTP/1.1 200"))
        }
    }

    @Test(arguments: [
        "GET /health HTTP/1.1\r\nX: \(String(repeating: "a", count: 1 << 20))\r\n",
        "GET /health HTTP/1.1\r\n" + String(repeating: "X: a\r\n", count: 10_000) + "\r\n",
        "GET /\(String(repeating: "a", count: 1 << 20)) HTTP/1.1\r\nHost: localhost\r\n\r\n",
        "POST /v1/completions HTTP/1.1\r\nHost: localhost\r\nContent-Length: -1\r\n\r\n",
        "POST /v1/completions HTTP/1.1\r\nHost: localhost\r\nContent-Length: 2\r\n"
            + "Content-Length: 3\r\n\r\n{}",
        "POST /v1/completions HTTP/1.1\r\nHost: localhost\r\nContent-Length: 2\r\n"
            + "Transfer-Encoding: chunked\r\n\r\n0\r\n\r\n",
        "POST /v1/completions HTTP/1.1\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\n",
        "POST /v1/completions HTTP/1.1\r\nHost: localhost\r\nTransfer-Encoding: chunked\r\n\r\n"
            + "fffffffffffffffff\r\n",
        "no http at all\r\n\r\n",
    ])
    func `what is no HTTP ends its connection, and no other`(text: String) async throws {
        try await RunningServer.with(TestModel()) { server in
            let client = try await server.connect()
            // The server may have closed before all is sent.
            try? await client.send(text)
            let answer = await client.receivedAll()
            #expect(answer.isEmpty || answer.hasPrefix("HTTP/1.1 4"))
            #expect(!answer.contains("HTTP/1.1 200"))
            #expect(try await server.ask("GET", "/health").status == 200)
        }
    }

    @Test func `connections that bring nothing, or too slowly, are closed`() async throws {
        try await RunningServer.with(TestModel()) {
            $0.limits.headerTime = .milliseconds(100)
            $0.limits.bodyTime = .milliseconds(100)
        } _: { server in
            let silent = try await server.connect()
            _ = await silent.receivedAll()
            let drip = try await server.connect()
            try? await drip.send("GET /health HTTP/1.1\r\nX: ")
            while !drip.isClosed {
                try? await drip.send("a")
                try await Task.sleep(for: .milliseconds(1))
            }
            let body = try await server.connect()
            try? await body.send(
                "POST", "/v1/completions",
                ["Content-Type: application/json", "Content-Length: 100"])
            _ = await body.receivedAll()
        }
    }

    @Test func `connections that are idle are closed`() async throws {
        try await RunningServer.with(TestModel()) {
            $0.limits.idleTime = .milliseconds(50)
        } _: { server in
            let idle = try await server.connect()
            try await idle.send("GET", "/health")
            #expect(await idle.receivedAll().contains("HTTP/1.1 200"))
        }
    }

    @Test func `more connections than may be wait their turn`() async throws {
        try await RunningServer.with(TestModel()) {
            $0.limits.connections = 2
            $0.limits.headerTime = .milliseconds(100)
        } _: { server in
            var silent: [Client] = []
            for _ in 0..<6 { silent.append(try await server.connect()) }
            // Those before it are closed for their silence; on a busy machine so is this one.
            try await eventually("an answer") {
                (try? await server.ask("GET", "/health"))?.status == 200
            }
        }
    }
}

@Suite struct `The clock of a connection` {
    private let limits = ServingLimits()

    private func time(_ seconds: Int) -> Duration { .seconds(seconds) }

    @Test func `a header has its time, a body the time for its bytes, an answer all time`() {
        var clock = ConnectionClock(limits, now: time(100))
        #expect(clock.deadline == time(110))
        clock.head(now: time(105))
        #expect(clock.deadline == time(125))
        let isWithin = clock.body(10 * limits.bodyBytesPerSecond)
        #expect(isWithin)
        #expect(clock.deadline == time(135))
        clock.end(now: time(6))
        #expect(clock.deadline == nil)
        let closes = clock.answerEnd(now: time(500))
        #expect(!closes)
        #expect(clock.deadline == time(575))
    }

    @Test func `who takes nothing has its time too`() {
        var clock = ConnectionClock(limits, now: time(0))
        clock.head(now: time(1))
        clock.end(now: time(6))
        clock.writability(false, now: time(10))
        clock.writability(false, now: time(40))
        #expect(clock.deadline == time(70))
        clock.writability(true, now: time(50))
        #expect(clock.deadline == nil)
    }

    @Test func `a connection that is to be closed is read from for a little`() {
        var clock = ConnectionClock(limits, now: time(0))
        clock.head(now: time(1))
        clock.answerHead(closes: true)
        let closes = clock.answerEnd(now: time(2))
        #expect(closes)
        #expect(clock.deadline == time(4))
        #expect(clock.isLingering)
    }

    @Test func `a request behind another is not hurried`() {
        var clock = ConnectionClock(limits, now: time(0))
        clock.head(now: time(1))
        clock.end(now: time(6))
        clock.head(now: time(2))
        #expect(clock.deadline == nil)
        let closes = clock.answerEnd(now: time(900))
        #expect(!closes)
        // From now on it is.
        #expect(clock.deadline == time(920))
    }

    @Test func `a request that is answered before its end has no more time than others`() {
        var clock = ConnectionClock(limits, now: time(0))
        clock.head(now: time(1))
        _ = clock.answerEnd(now: time(2))
        #expect(clock.deadline == time(21))
        let isWithin = clock.body(limits.bodyBytes + limits.headerBytes + 1)
        #expect(!isWithin)
        clock.end(now: time(6))
        #expect(clock.deadline == time(81))
    }
}
