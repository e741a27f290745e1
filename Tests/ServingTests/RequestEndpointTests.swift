import FakeExecutor
import QuireEngine
import QuireJSON
import Scheduling
import Testing

@testable import Serving

@Suite struct `Requests that have not ended` {
    private static let body = #"{"prompt": "abcd", "max_tokens": 40, "ignore_eos": true}"#

    /// Asks while steps wait at the gate; the answer comes between two of them.
    private static func ask(
        _ server: RunningServer, _ model: TestModel, _ method: String, _ path: String
    ) async throws -> Answer {
        async let answer = server.ask(method, path)
        let steps = Task {
            while !Task.isCancelled {
                model.gate.allow(1)
                try await Task.sleep(for: .milliseconds(50))
            }
        }
        defer { steps.cancel() }
        return try await answer
    }

    @Test func `are listed with where they are and why they wait`() async throws {
        let model = try await TestModel(isGated: true, length: 4_096, running: 1)
        try await RunningServer.with(model) { server in
            let body = #"{"prompt": "abcd", "max_tokens": 4000, "ignore_eos": true}"#
            let first = try await server.connect()
            try await first.send("POST", "/v1/completions", ["X-Request-Id: one"], body: body)
            await model.gate.awaitArrival(1)
            let second = try await server.connect()
            try await second.send("POST", "/v1/completions", ["X-Request-Id: two"], body: body)
            try await eventually("both") { server.server.live.count == 2 }
            model.gate.allow(3)
            await model.gate.awaitArrival(4)
            let list = try await Self.ask(server, model, "GET", "/v1/requests")
            #expect(list.json?["total"] == 2)
            let data = try #require(list.json?["data"]?.array)
            #expect(data.map { $0["request_id"] } == ["one", "two"])
            #expect(data.map { $0["state"] } == ["running", "queued"])
            #expect(data.map { $0["route"] } == ["/v1/completions", "/v1/completions"])
            #expect(data[0]["prompt_tokens"] == 4)
            #expect(data[0]["generated_tokens"]?.integer ?? 0 >= 3)
            #expect(data[0]["prompts"]?.array?.first?["wait_reason"] == JSONValue.null)
            #expect(data[1]["generated_tokens"] == 0)
            let waiting = try #require(data[1]["prompts"]?.array?.first)
            #expect(waiting["wait_reason"] == "slots")
            #expect(waiting["seconds"]?["prefill"] == .number(0))

            let id = try #require(data[0]["id"]?.string)
            let one = try await Self.ask(server, model, "GET", "/v1/requests/\(id)")
            #expect(one.json?["request_id"] == "one")
            #expect(try await Self.ask(server, model, "GET", "/v1/requests/two").status == 200)
            #expect(try await server.ask("GET", "/v1/requests/three").status == 404)
        }
    }

    @Test(arguments: [false, true])
    func `are cancelled, and their clients told`(isStreamed: Bool) async throws {
        let model = try await TestModel(isGated: true, length: 4_096)
        try await RunningServer.with(model) { server in
            let client = try await server.connect()
            try await client.send(
                "POST", "/v1/completions", ["X-Request-Id: one"],
                body: """
                    {"prompt": "abcd", "max_tokens": 4000, "ignore_eos": true, \
                    "stream": \(isStreamed)}
                    """)
            await model.gate.awaitArrival(1)
            model.gate.allow(5)
            await model.gate.awaitArrival(6)
            let answer = try await server.ask("DELETE", "/v1/requests/one")
            #expect(answer.status == 200)
            #expect(answer.json?["cancelled"] == true)
            let text = await client.received("cancelled through")
            #expect(text.hasPrefix("HTTP/1.1 \(isStreamed ? 200 : 499)"))
            model.gate.open()
            try await eventually("its end") { server.server.live.count == 0 }
            try await eventually("a cancellation") {
                model.engine.statistics.finished[.cancelled] == 1
            }
            #expect(await model.rest().used == 0)
            #expect(try await server.ask("DELETE", "/v1/requests/one").status == 404)
        }
    }

    @Test func `of two with the same name of their clients' none is meant`() async throws {
        let model = try await TestModel(isGated: true)
        try await RunningServer.with(model) { server in
            for count in 1...2 {
                let client = try await server.connect()
                try await client.send(
                    "POST", "/v1/completions", ["X-Request-Id: same"], body: Self.body)
                try await eventually("request \(count)") { server.server.live.count == count }
            }
            #expect(try await server.ask("DELETE", "/v1/requests/same").status == 404)
            #expect(server.server.live.count == 2)
        }
    }

    @Test func `are told to nobody without the key`() async throws {
        try await RunningServer.with(TestModel()) {
            $0.keys = APIKeys(["secret"])
        } _: { server in
            for (method, path) in [
                ("GET", "/v1/requests"), ("GET", "/v1/requests/a"), ("DELETE", "/v1/requests/a"),
                ("GET", "/v1/cache"), ("POST", "/v1/cache/reset"),
            ] {
                let answer = try await server.ask(method, path)
                #expect(answer.status == 401, "\(method) \(path)")
            }
        }
    }
}

@Suite struct `The cache over HTTP` {
    @Test func `is told and emptied`() async throws {
        let model = try await TestModel()
        try await RunningServer.with(model) { server in
            let fresh = try await server.ask("GET", "/v1/cache").json
            let total = try #require(fresh?["blocks"]?["total"]?.integer)
            #expect(total > 0)
            #expect(fresh?["blocks"]?["free"]?.integer == total)
            #expect(fresh?["block_size"] == 4)
            let body = #"{"prompt": "abcdefghijkl", "max_tokens": 4, "ignore_eos": true}"#
            for _ in 0..<2 { _ = try await server.ask("POST", "/v1/completions", body: body) }
            _ = await model.rest()
            let warm = try await server.ask("GET", "/v1/cache").json
            #expect(warm?["blocks"]?["cached"]?.integer ?? 0 > 0)
            #expect(warm?["blocks"]?["used"] == 0)
            #expect(warm?["hit_tokens"]?.integer ?? 0 > 0)

            let reset = try await server.ask("POST", "/v1/cache/reset")
            #expect(reset.status == 200)
            #expect(reset.json == ["reset": true])
            let cold = try await server.ask("GET", "/v1/cache").json
            #expect(cold?["blocks"]?["cached"] == 0)
            #expect(cold?["blocks"]?["free"]?.integer == total)
        }
    }

    @Test func `is not emptied under those who use it, unless they may be computed again`()
        async throws
    {
        let model = try await TestModel(isGated: true, length: 4_096)
        try await RunningServer.with(model) { server in
            let client = try await server.connect()
            try await client.send(
                "POST", "/v1/completions",
                body: #"{"prompt": "abcd", "max_tokens": 3000, "ignore_eos": true}"#)
            await model.gate.awaitArrival(1)
            let steps = Task {
                while !Task.isCancelled {
                    model.gate.allow(1)
                    try await Task.sleep(for: .milliseconds(20))
                }
            }
            defer { steps.cancel() }
            let refused = try await server.ask("POST", "/v1/cache/reset")
            #expect(refused.status == 409)
            #expect(refused.json?["error"]?["message"]?.string?.contains("preempt_running") == true)
            let bad = try await server.ask("POST", "/v1/cache/reset?preempt_running=maybe")
            #expect(bad.status == 400)
            let forced = try await server.ask("POST", "/v1/cache/reset?preempt_running=true")
            #expect(forced.status == 200)
            try await client.leave()
        }
    }
}
