import FakeExecutor
import Logging
import QuireEngine
import QuireJSON
import Scheduling
import Synchronization
import Testing

@testable import Serving

@Suite struct `A server that stops` {
    @Test func `answers what it has and takes no more`() async throws {
        let model = try await TestModel(isGated: true)
        let server = try await RunningServer.start { model.served }
        try await server.isReady()
        let client = try await server.connect()
        try await client.send(
            "POST", "/v1/completions",
            body: #"{"prompt": "abc", "max_tokens": 5, "ignore_eos": true}"#)
        await model.gate.awaitArrival(1)
        let idle = try await server.connect()
        server.server.stop()
        _ = await idle.receivedAll()
        await #expect(throws: (any Error).self) {
            while true { try await (server.connect()).leave() }
        }
        model.gate.open()
        let answer = try #require(Answer(await client.receivedAll()))
        #expect(answer.json?["usage"]?["completion_tokens"] == 5)
        try await server.ended()
        let scheduling = model.engine.statistics.scheduling
        #expect(scheduling.usedBlocks == 0)
    }

    @Test func `cuts what takes too long, and says so`() async throws {
        for stream in [false, true] {
            let model = try await TestModel(isGated: true)
            let server = try await RunningServer.start {
                $0.shutdownTime = .milliseconds(50)
            } load: {
                model.served
            }
            try await server.isReady()
            let client = try await server.connect()
            try await client.send(
                "POST", "/v1/completions",
                body: "{\"prompt\": \"abc\", \"max_tokens\": 50, \"stream\": \(stream)}")
            await model.gate.awaitArrival(1)
            server.server.stop()
            let text = await client.receivedAll()
            #expect(text.contains("shutting down"))
            #expect(Answer(text)?.status == (stream ? 200 : 503))
            model.gate.open()
            try await server.ended()
            #expect(model.engine.statistics.scheduling.usedBlocks == 0)
        }
    }

    @Test func `waits for no client that never reads`() async throws {
        let model = try await TestModel(length: 4_096)
        let server = try await RunningServer.start {
            $0.shutdownTime = .milliseconds(50)
            $0.limits.cutTime = .milliseconds(50)
        } load: {
            model.served
        }
        try await server.isReady()
        let idle = try await server.connect(reads: false)
        try await idle.send(
            "POST", "/v1/completions",
            body: """
                {"prompt": "a", "max_tokens": 4000, "n": 3, "stream": true, "ignore_eos": true, \
                "logprobs": 20}
                """)
        try await eventually("a request") { server.server.live.count == 1 }
        server.server.stop()
        try await server.ended()
        #expect(model.engine.statistics.scheduling.usedBlocks == 0)
    }

    @Test func `a port that is taken is an error`() async throws {
        try await RunningServer.with(TestModel()) { server in
            let model = try await TestModel()
            await #expect(throws: (any Error).self) {
                _ = try await RunningServer.start {
                    $0.address = .host("127.0.0.1", port: server.port)
                } load: {
                    model.served
                }
            }
        }
    }
}

@Suite struct `A server that starts` {
    /// Its callers take the port from what it says first.
    @Test func `says that it listens before it says that it is ready`() async throws {
        for _ in 0..<20 {
            let model = try await TestModel()
            var options = ServerOptions()
            options.address = .host("127.0.0.1", port: 0)
            let server = Server(options, logger: Logger(label: "test") { _ in SilentLogHandler() })
            let said = Mutex<[String]>([])
            try await server.run(
                load: { model.served },
                onListening: { _ in said.withLock { $0.append("listens") } },
                onReady: { _ in
                    said.withLock { $0.append("ready") }
                    server.stop()
                })
            #expect(said.withLock { $0 } == ["listens", "ready"])
        }
    }
}
