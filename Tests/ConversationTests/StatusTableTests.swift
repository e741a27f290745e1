import QuireEngine
import QuireJSON
import Testing

@testable import Conversation

/// B.3: reasons survive on their way from the scheduler to whoever asked.
@Suite struct `The table of errors` {
    @Test func `every kind of error has a status, a type and a word of its own`() {
        for code in RequestError.Code.all {
            let status = code.status
            #expect((400...599).contains(status.http))
            #expect(status.type.hasSuffix("Error"))
            #expect(status.word.allSatisfy { $0.isLowercase || $0 == "_" })
            // Who may ask again is told when, and nobody else is.
            #expect((status.retryAfter != nil) == (status.http == 503))
        }
        #expect(Set(RequestError.Code.all.map(\.status.word)).count == RequestError.Code.all.count)
    }

    @Test(arguments: [
        (EngineError.Code.invalidParameters, 400), (.invalidPrompt, 400), (.promptTooLong, 400),
        (.notCached, 404), (.queueFull, 503), (.stopped, 503), (.insufficientCache, 507),
        (.pinLimit, 507), (.invalidLogits, 500), (.executorFailed, 500),
        (.invalidConfiguration, 500),
    ])
    func `the engine's reasons become the statuses of HTTP`(code: EngineError.Code, http: Int) {
        #expect(RequestError.Code(code).status.http == http)
    }

    @Test func `none of the engine's reasons is forgotten`() {
        let used = Set(EngineError.Code.all.map { RequestError.Code($0) })
        // What only a server can say.
        let others: Set<RequestError.Code> = [
            .notSupported, .unauthorized, .forbidden, .methodNotAllowed, .bodyTooLarge,
            .unsupportedBody, .loading, .timedOut, .cancelled, .conflict,
        ]
        #expect(used == Set(RequestError.Code.all).subtracting(others))
        #expect(RequestError.Code(.queueFull).status.retryAfter == 1)
    }

    @Test func `the body of an error has the interface's four members`() throws {
        var out = JSONWriter()
        RequestError("no \"room\"", param: "n", code: .insufficientCache).write(to: &out)
        let error = try JSONValue(parsing: out.bytes)["error"]
        #expect(
            error == [
                "message": "no \"room\"", "type": "InsufficientStorageError", "param": "n",
                "code": 507,
            ])
        out = JSONWriter()
        RequestError("bad").write(to: &out)
        #expect(try JSONValue(parsing: out.bytes)["error"]?["param"] == JSONValue.null)
    }

    @Test func `names in messages are cut, and command no terminal`() {
        #expect("a\u{1B}[31m\u{202E}b\u{9B}".inMessage == "a\\u{1b}[31m\\u{202e}b\\u{9b}")
        #expect(String(repeating: "x", count: 200).inMessage.count == 103)
        let many = (0..<20).map { "n\($0)" }
        #expect(many.inMessage.hasSuffix("n15 and 4 more"))
    }
}
