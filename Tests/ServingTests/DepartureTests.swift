import FakeExecutor
import QuireEngine
import QuireJSON
import Scheduling
import Testing

@testable import Serving

@Suite struct `Clients that leave` {
    /// Where a request is when its client leaves.
    enum Place: CaseIterable, Sendable {
        case queue, prefill, decode
    }

    static let cases = Place.allCases.flatMap { place in
        [false, true].flatMap { stream in [false, true].map { (place, stream, $0) } }
    }

    @Test(arguments: cases)
    func `their blocks are free by the next step`(
        place: Place, isStreamed: Bool, endsSendingOnly: Bool
    ) async throws {
        let model = try await TestModel(isGated: true, running: place == .queue ? 1 : 4)
        try await RunningServer.with(model) { server in
            if place == .queue {
                // Another has the only place.
                let other = try await server.connect()
                try await other.send(
                    "POST", "/v1/completions",
                    body: #"{"prompt": "zzzz", "max_tokens": 40, "ignore_eos": true}"#)
                await model.gate.awaitArrival(1)
            }
            let client = try await server.connect()
            let prompt = String(repeating: "abcd", count: 10)
            try await client.send(
                "POST", "/v1/completions",
                body: """
                    {"prompt": "\(prompt)", "max_tokens": 60, "ignore_eos": true, \
                    "stream": \(isStreamed)}
                    """)
            let others = place == .queue ? 1 : 0
            try await eventually("a request") { server.server.live.count == others + 1 }
            switch place {
            case .queue:
                // The next turn takes it in.
                model.gate.allow(1)
                await model.gate.awaitArrival(2)
            case .prefill: await model.gate.awaitArrival(1)
            case .decode:
                model.gate.allow(6)
                await model.gate.awaitArrival(7)
            }
            if endsSendingOnly {
                try await client.endSending()
            } else {
                try await client.leave()
            }
            try await eventually("a departure") { server.server.live.count == others }
            // The step under way ends, and the next one has nothing of it.
            let before = model.gate.arrived
            model.gate.allow(1)
            try await eventually("a cancellation") {
                model.engine.statistics.finished[.cancelled] != nil
            }
            #expect(model.gate.arrived - before <= 1)
            let rest = await model.rest()
            #expect(rest.used == 0)
            if place == .decode { #expect(rest.cached >= 10) }
        }
    }

    @Test func `others get the same answers`() async throws {
        let model = try await TestModel()
        try await RunningServer.with(model) { server in
            let body = #"{"prompt": "hello", "max_tokens": 60, "seed": 3, "ignore_eos": true}"#
            let alone = try await server.ask("POST", "/v1/completions", body: body)
            async let together = server.ask("POST", "/v1/completions", body: body)
            for index in 0..<10 {
                let client = try await server.connect()
                try await client.send(
                    "POST", "/v1/completions",
                    body: "{\"prompt\": \"a\", \"max_tokens\": 90, \"stream\": \(index % 2 == 0)}")
                if index % 2 == 0 { await client.received("data:") }
                try await client.leave()
            }
            let text = try await together.json?["choices"]?.array?.first?["text"]
            #expect(text == alone.json?["choices"]?.array?.first?["text"])
            #expect(await model.rest().used == 0)
        }
    }

    @Test func `one that leaves in the middle of its body is no request`() async throws {
        let model = try await TestModel()
        try await RunningServer.with(model) { server in
            let client = try await server.connect()
            try await client.send(
                """
                POST /v1/completions HTTP/1.1\r\nHost: localhost\r\nContent-Length: 100\r\n\r\n\
                {"pro
                """
            )
            try await client.leave()
            #expect(try await server.ask("GET", "/health").status == 200)
            #expect(model.engine.statistics.finished.isEmpty)
        }
    }

    @Test func `one that never reads is cut off, and slows nobody`() async throws {
        let model = try await TestModel(length: 4_096, sequences: 4)
        try await RunningServer.with(model) {
            $0.limits.writeTime = .milliseconds(100)
        } _: { server in
            let idle = try await server.connect(reads: false)
            // Log probabilities make much of little.
            try await idle.send(
                "POST", "/v1/completions",
                body: """
                    {"prompt": "a", "max_tokens": 4000, "n": 3, "stream": true, \
                    "ignore_eos": true, "logprobs": 20}
                    """)
            let other = try await server.ask(
                "POST", "/v1/completions",
                body: #"{"prompt": "b", "max_tokens": 50, "ignore_eos": true}"#)
            #expect(other.status == 200)
            // It waits for nobody who does not come.
            try await eventually("its end") { server.server.live.count == 0 }
            #expect(await model.rest().used == 0)
        }
    }
}
