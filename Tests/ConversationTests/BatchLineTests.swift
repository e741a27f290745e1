import ChatTemplates
import QuireEngine
import QuireIdentifiers
import QuireJSON
import Testing

@testable import Conversation

/// Lines of a batch: what is read of them and what is written for them.
struct BatchLineTests {
    private func line(_ text: String, taken: Bool = false) throws -> BatchLine {
        try BatchLine(Array(text.utf8)) { _ in taken }
    }

    private static let rest = #""method": "POST", "url": "/v1/completions""#

    @Test func `a line has a name and a request`() throws {
        let read = try line(
            #"{"custom_id": "x", \#(Self.rest), "body": {"prompt": "a", "n": 1.0}, "more": null}"#)
        #expect(read.customID == "x")
        guard case .completion(let request) = read.request else {
            Issue.record("no request for a completion")
            return
        }
        #expect(request.prompts == [.text("a")])
    }

    private static let chat = #""method": "POST", "url": "/v1/chat/completions""#

    @Test func `a line may ask for an answer to a conversation`() throws {
        let body = #"{"messages": [{"role": "user", "content": "a"}], "max_tokens": 3}"#
        let read = try line(#"{"custom_id": "x", \#(Self.chat), "body": \#(body)}"#)
        guard case .chat(let request) = read.request else {
            Issue.record("no request for a conversation")
            return
        }
        #expect(request.messages.map(\.text) == ["a"])
        #expect(request.parameters.maxTokens == 3)
        for more in [#""stream": true"#, #""unheard_of": 1"#] {
            let body = #"{"messages": [{"role": "user", "content": "a"}], \#(more)}"#
            #expect(throws: BatchLine.Failure.self) {
                try line(#"{"custom_id": "x", \#(Self.chat), "body": \#(body)}"#)
            }
        }
    }

    @Test(
        arguments: [
            ("{", "invalid_json_line", nil), ("[1]", "invalid_json_line", nil),
            ("{}", "missing_custom_id", nil), (#"{"custom_id": null}"#, "missing_custom_id", nil),
            (#"{"custom_id": ""}"#, "invalid_custom_id", nil),
            (#"{"custom_id": "x", "method": "GET"}"#, "invalid_method", nil),
            (#"{"custom_id": "x", "method": "POST"}"#, "not_found", 404),
            (#"{"custom_id": "x", "method": "POST", "url": "/v1/embeddings"}"#, "not_found", 404),
            (
                #"{"custom_id": "x", "method": "POST", "url": "/v1/chat/completions"}"#,
                "invalid_request", 400
            ),
            (#"{"custom_id": "x", \#(chat), "body": {"prompt": "a"}}"#, "invalid_request", 400),
            (
                #"{"custom_id": "x", \#(chat), "body": {"messages": [], "more": 1}}"#,
                "invalid_request", 400
            ),
            (#"{"custom_id": "x", \#(rest)}"#, "invalid_request", 400),
            (#"{"custom_id": "x", \#(rest), "body": null}"#, "invalid_request", 400),
            (#"{"custom_id": "x", \#(rest), "body": {"prompt": 1}}"#, "invalid_request", 400),
            (
                #"{"custom_id": "x", \#(rest), "body": {"prompt": "a", "stream": true}}"#,
                "invalid_request", 400
            ),
        ] as [(String, String, Int?)])
    func `what is wrong with a line is a word, and a status where there is one`(
        text: String, word: String, status: Int?
    ) throws {
        let failure = try #require(throws: BatchLine.Failure.self) { try line(text) }
        #expect(failure.code == word)
        #expect(failure.error?.code.status.http == status)
        let id = BatchID(line: 3, fingerprint: 7, model: "m")
        let result = try JSONValue(parsing: BatchResult.line(id, failure))
        #expect(result["id"]?.string == id.text)
        #expect(result["error"]?["code"]?.string == word)
        #expect(result["response"]?["status_code"]?.integer == status)
        #expect(result["response"]?["body"]?["error"]?["code"]?.integer == status)
    }

    @Test func `a name that is taken is an error under that name`() throws {
        let failure = #expect(throws: BatchLine.Failure.self) {
            try line(#"{"custom_id": "x"}"#, taken: true)
        }
        #expect(failure?.code == "duplicate_custom_id")
        #expect(failure?.customID == "x")
    }

    @Test func `an answer is a line with its body and no error`() throws {
        let id = BatchID(line: 1, fingerprint: 0, model: "m")
        let setting = ExchangeSetting(
            bounds: ModelBounds(tokenizer: try Vocabulary.tokenizer(), maxModelLength: 64),
            model: ModelNames("m", isAny: true), suffix: id.suffix, created: 5,
            capsAnswer: false)
        let exchange = try line(
            #"{"custom_id": "x", "method": "POST", "url": "/v1/completions", "#
                + #""body": {"prompt": "a", "model": "any"}}"#
        ).exchange(setting)
        let bytes = BatchResult.line(
            id, customID: "x", exchange, [[.made(prompt: [0], tokens: [1, 2], text: "bc")]])
        #expect(bytes.last == 0x0A && BatchID.begins(bytes))
        let result = try JSONValue(parsing: bytes)
        #expect(result["custom_id"]?.string == "x")
        #expect(result["error"] == JSONValue.null)
        #expect(result["response"]?["status_code"]?.integer == 200)
        #expect(result["response"]?["body"]?["choices"]?.array?.count == 1)
    }

    @Test func `an id says its line and reads back`() throws {
        for text in ["batch_req_12_00c0ffee00c0ffee", "batch_req_1_ffffffffffffffff"] {
            #expect(BatchID(text)?.text == text)
        }
        for text in ["batch_req_0_00c0ffee00c0ffee", "batch_req_1_c0ffee", "req_1_2", ""] {
            #expect(BatchID(text) == nil)
        }
        let one = BatchID(line: 1, fingerprint: 5, model: "a")
        #expect(one != BatchID(line: 1, fingerprint: 5, model: "b"))
        #expect(one.suffix.count == 16)
    }
}
