import FakeExecutor
import HTTPTypes
import QuireEngine
import QuireJSON
import Testing

@testable import Serving

/// The samples of a text in Prometheus' format.
private struct Samples {
    let values: [String: Double]
    let types: [String: String]

    /// Nil where a line is none of the format's.
    init?(_ text: String) {
        var values: [String: Double] = [:]
        var types: [String: String] = [:]
        for line in text.split(separator: "\n") {
            let words = line.split(separator: " ")
            if line.hasPrefix("# TYPE ") {
                guard words.count == 4 else { return nil }
                types[String(words[2])] = String(words[3])
            } else if !line.hasPrefix("# HELP ") {
                guard let last = words.last, let value = Double(last) else { return nil }
                values[String(line.dropLast(last.count + 1))] = value
            }
        }
        self.values = values
        self.types = types
    }

    /// A sample of the model's.
    func vllm(_ name: String, _ more: String = "") -> Double? {
        values["vllm:\(name){model_name=\"tiny\",engine=\"0\"\(more)}"]
    }
}

extension RunningServer {
    fileprivate func metrics() async throws -> Samples {
        let answer = try await ask("GET", "/metrics")
        #expect(answer.status == 200)
        #expect(answer.fields["content-type"] == "text/plain; version=0.0.4; charset=utf-8")
        return try #require(Samples(answer.body))
    }
}

@Suite struct `Metrics` {
    @Test func `ten answers of ten tokens are counted as vLLM counts them`() async throws {
        let model = try await TestModel()
        try await RunningServer.with(model) { server in
            for _ in 0..<10 {
                let answer = try await server.ask(
                    "POST", "/v1/completions",
                    body: #"{"prompt": "abcde", "max_tokens": 10, "ignore_eos": true}"#)
                #expect(answer.status == 200)
            }
            let samples = try await server.metrics()
            #expect(samples.vllm("time_to_first_token_seconds_count") == 10)
            #expect(samples.vllm("inter_token_latency_seconds_count") == 90)
            for name in ["e2e_request_latency", "request_queue_time", "request_prefill_time"] {
                #expect(samples.vllm("\(name)_seconds_count") == 10, "\(name)")
            }
            #expect(samples.vllm("request_decode_time_seconds_count") == 10)
            #expect(samples.vllm("request_prompt_tokens_sum") == 50)
            #expect(samples.vllm("request_generation_tokens_sum") == 100)
            #expect(samples.vllm("iteration_tokens_total_sum") == 150)
            #expect(samples.vllm("iteration_tokens_total_count") == 100)
            #expect(samples.vllm("prompt_tokens_total") == 50)
            #expect(samples.vllm("generation_tokens_total") == 100)
            #expect(samples.vllm("request_success_total", ",finished_reason=\"length\"") == 10)
            #expect(samples.vllm("request_success_total", ",finished_reason=\"stop\"") == 0)
            #expect(samples.vllm("prefix_cache_queries_total") ?? 0 > 0)
            #expect(samples.vllm("prefix_cache_hits_total") ?? 0 > 0)
            #expect(samples.types["vllm:iteration_tokens_total"] == "histogram")
            #expect(samples.types["vllm:kv_cache_usage_perc"] == "gauge")
        }
    }

    @Test func `after a cancellation nothing runs, waits or is held`() async throws {
        let model = try await TestModel(isGated: true)
        try await RunningServer.with(model) { server in
            let client = try await server.connect()
            try await client.send(
                "POST", "/v1/completions",
                body: #"{"prompt": "abcd", "max_tokens": 60, "ignore_eos": true}"#)
            await model.gate.awaitArrival(1)
            model.gate.allow(3)
            await model.gate.awaitArrival(4)
            let during = try await server.metrics()
            #expect(during.vllm("num_requests_running") == 1)
            #expect(during.vllm("kv_cache_usage_perc") ?? 0 > 0)
            #expect(during.values["quire:live_exchanges"] == 1)
            try await client.leave()
            try await eventually("a departure") { server.server.live.count == 0 }
            model.gate.open()
            try await eventually("a cancellation") {
                try await server.metrics().vllm(
                    "request_success_total", ",finished_reason=\"abort\"") == 1
            }
            _ = await model.rest()
            let after = try await server.metrics()
            #expect(after.vllm("num_requests_running") == 0)
            #expect(after.vllm("num_requests_waiting") == 0)
            #expect(after.vllm("kv_cache_usage_perc") == 0)
            // Its times say nothing of how the engine does.
            #expect(after.vllm("e2e_request_latency_seconds_count") == 0)
        }
    }

    @Test func `answers are counted by route, and what clients make up is no label`() async throws {
        try await RunningServer.with(TestModel()) { server in
            for name in ["tiny", "a", "b/c"] {
                _ = try await server.ask("GET", "/v1/models/\(name)")
            }
            for path in ["/x", "/y\"z", "/v1/requests/1/2"] {
                _ = try await server.ask("GET", path)
            }
            _ = try await server.ask("PROPFIND", "/x")
            _ = try await server.ask("GET", "/v1/completions")
            _ = try await server.ask("POST", "/v1/completions", body: "{")
            let values = try await server.metrics().values.filter { name, _ in
                name.hasPrefix("http_requests_total") && !name.contains("/ready")
            }
            func name(_ method: String, _ route: String, _ status: Int) -> String {
                "http_requests_total"
                    + "{method=\"\(method)\",route=\"\(route)\",status=\"\(status)\"}"
            }
            #expect(
                values == [
                    name("GET", "/v1/models/{model...}", 200): 1,
                    name("GET", "/v1/models/{model...}", 404): 2, name("GET", "unmatched", 404): 3,
                    name("other", "unmatched", 404): 1, name("GET", "/v1/completions", 405): 1,
                    name("POST", "/v1/completions", 400): 1,
                ])
        }
    }

    @Test func `they need no key and no model`() async throws {
        let (loads, load) = AsyncStream.makeStream(of: Void.self)
        let model = try await TestModel()
        let server = try await RunningServer.start {
            $0.keys = APIKeys(["secret"])
        } load: {
            _ = await loads.first { _ in true }
            return model.served
        }
        let early = try await server.metrics()
        #expect(early.vllm("num_requests_running") == nil)
        #expect(early.values["quire:live_exchanges"] == 0)
        load.yield()
        try await server.isReady()
        let samples = try await server.metrics()
        #expect(samples.vllm("num_requests_running") == 0)
        #if os(Linux)
            #expect(samples.values["process_resident_memory_bytes"] ?? 0 > 1e6)
            #expect(samples.values["process_start_time_seconds"] ?? 0 > 1_600_000_000)
        #endif
        try await server.stop()
    }

    @Test func `values of labels are escaped, and numbers written as Prometheus reads them`() {
        var out = PrometheusText()
        out.metric("m", .gauge, "a\\b\n\"c\"", [("l", "q\"s\\n\n")], 0.25)
        out.sample("m", [], .infinity)
        out.sample("m", [], 1e17)
        #expect(
            out.text
                == "# HELP m a\\\\b\\n\"c\"\n# TYPE m gauge\nm{l=\"q\\\"s\\\\n\\n\"} 0.25\n"
                + "m +Inf\nm 1e+17\n")
    }

    @Test func `the buckets of a histogram add up`() {
        let histogram = Histogram([1, 2.5])
        var out = PrometheusText()
        out.histogram("h", "help", [("l", "v")], histogram)
        #expect(
            out.text == """
                # HELP h help
                # TYPE h histogram
                h_bucket{l="v",le="1"} 0
                h_bucket{l="v",le="2.5"} 0
                h_bucket{l="v",le="+Inf"} 0
                h_sum{l="v"} 0
                h_count{l="v"} 0

                """)
    }
}
