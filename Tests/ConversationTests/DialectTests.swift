import QuireEngine
import QuireIdentifiers
import QuireJSON
import Scheduling
import Testing
import Tokenization

@testable import Conversation

@Suite struct `A dialect` {
    private func setting() throws -> ExchangeSetting {
        ExchangeSetting(
            bounds: ModelBounds(tokenizer: try Vocabulary.tokenizer(), maxModelLength: 64),
            model: ModelNames("m", others: ["m.gguf"]), suffix: "1", created: 2)
    }

    private func exchange(_ text: String) throws -> any Exchange {
        try CompletionsDialect().exchange(
            for: JSONValue(parsing: Array(text.utf8)), try setting())
    }

    @Test func `events are framed as the wire has them`() {
        var events = EventWriter(.serverSentEvents)
        events.event { $0.string("a\nb") }
        events.event("ping") { $0.null() }
        events.done()
        let text = String(decoding: events.take(), as: UTF8.self)
        #expect(text == "data: \"a\\nb\"\n\nevent: ping\ndata: null\n\ndata: [DONE]\n\n")
        #expect(events.bytes.isEmpty)
        var lines = EventWriter(.lines)
        lines.event("unsaid") { $0.integer(1) }
        #expect(lines.bytes == Array("1\n".utf8))
    }

    @Test func `a server passes over what it does not know, in inner objects too`() throws {
        let found = try exchange(
            """
            {"prompt": "a", "zeta": null, "eta": 1, "stream": true, "store": true, "user": "u", \
            "stream_options": {"theta": 1, "include_usage": true}}
            """)
        #expect(found.ignored == ["stream_options.theta", "eta"])
        #expect(found.isStreamed)
        #expect(throws: RequestError.self) {
            try CompletionRequest.parse("\"eta\": 1")
        }
        #expect(throws: RequestError.self) {
            try CompletionRequest.parse(
                "\"stream\": true, \"stream_options\": {\"theta\": 1}")
        }
    }

    @Test func `names of members in the header are bounded`() throws {
        let many = (0..<1_000).map { "\"n\($0)\": 1" }.joined(separator: ", ")
        #expect(try exchange("{\"prompt\": \"a\", \(many)}").ignored.count == 16)
    }

    @Test func `another model is not found`() throws {
        for name in ["m", "m.gguf"] {
            _ = try exchange("{\"prompt\": \"a\", \"model\": \"\(name)\"}")
        }
        let error = #expect(throws: RequestError.self) {
            try exchange("{\"prompt\": \"a\", \"model\": \"n\"}")
        }
        #expect(error?.code == .notFound && error?.param == "model")
    }

    @Test(arguments: ["0", "-1", "86401", "\"1\"", "1e308"])
    func `a time that no answer can have is refused`(seconds: String) throws {
        var body = try JSONValue(parsing: Array("{\"a\": 1, \"timeout\": \(seconds)}".utf8))
        let error = #expect(throws: RequestError.self) { try RequestTime.take(from: &body) }
        #expect(error?.param == "timeout")
    }

    @Test func `the time that an answer may take is no dialect's`() throws {
        var body: JSONValue = ["a": 1, "timeout": 1.5, "b": 2]
        #expect(try RequestTime.take(from: &body) == .seconds(1.5))
        #expect(body == ["a": 1, "b": 2])
        #expect(try RequestTime.take(from: &body) == nil)
        #expect(throws: RequestError.self) { try CompletionRequest.parse("\"timeout\": 1") }
    }

    @Test func `what would change the answer is refused by name`() throws {
        for (member, name) in [
            ("\"response_format\": {\"type\": \"json_object\"}", "response_format"),
            ("\"suffix\": \"b\"", "suffix"),
        ] {
            let error = #expect(throws: RequestError.self) {
                try exchange("{\"prompt\": \"a\", \(member)}")
            }
            #expect(error?.param == name)
        }
    }
}
