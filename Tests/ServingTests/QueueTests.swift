import FakeExecutor
import QuireJSON
import Testing

@testable import Serving

@Suite struct `A queue that is full` {
    @Test func `more requests than may wait are refused for now`() async throws {
        let model = try await TestModel(isGated: true, running: 1, waiting: 2)
        try await RunningServer.with(model) { server in
            let body = #"{"prompt": "abc", "max_tokens": 4, "ignore_eos": true}"#
            var clients: [Client] = []
            // One runs, two wait.
            for count in 1...3 {
                let client = try await server.connect()
                try await client.send("POST", "/v1/completions", body: body)
                try await eventually("request \(count)") { server.server.live.count == count }
                if count == 1 { await model.gate.awaitArrival(1) }
                clients.append(client)
            }
            let refused = try await server.ask("POST", "/v1/completions", body: body)
            #expect(refused.status == 503)
            #expect(refused.fields["retry-after"] == "1")
            #expect(refused.json?["error"]?["type"] == "ServiceUnavailableError")
            #expect(refused.json?["error"]?["message"]?.string?.contains("waiting") == true)
        }
    }

    @Test func `more tokens than may wait are refused for now, one request never`() async throws {
        let model = try await TestModel(isGated: true, running: 1, waitingTokens: 10)
        try await RunningServer.with(model) { server in
            let body = #"{"prompt": "abcdefghijklmnop", "max_tokens": 2, "ignore_eos": true}"#
            let first = try await server.connect()
            try await first.send("POST", "/v1/completions", body: body)
            await model.gate.awaitArrival(1)
            let second = try await server.connect()
            try await second.send("POST", "/v1/completions", body: body)
            let third = try await server.connect()
            try await third.send("POST", "/v1/completions", body: body)
            let texts = Task { [await second.received("}"), await third.received("}")] }
            model.gate.open()
            await first.received("usage")
            let statuses = await texts.value.compactMap { Answer($0)?.status }
            #expect(statuses.allSatisfy { $0 == 200 || $0 == 503 })
            #expect(statuses.contains(200))
        }
    }
}
