import QuireJSON
import Serving
import Testing

@Suite struct `The server's own description` {
    private func document(_ configure: (inout ServerOptions) -> Void = { _ in }) async throws
        -> JSONValue
    {
        try await RunningServer.with(TestModel(), configure) { server in
            let answer = try await server.ask("GET", "/openapi.json")
            #expect(answer.status == 200)
            return try #require(answer.json)
        }
    }

    /// The routes of `Documentation/server.md`.
    private static let routes = [
        "/api/chat": "post", "/api/generate": "post", "/api/ps": "get", "/api/show": "post",
        "/api/tags": "get", "/api/version": "get", "/apply-template": "post",
        "/detokenize": "post", "/health": "get", "/infill": "post", "/metrics": "get",
        "/openapi.json": "get", "/props": "get", "/ready": "get", "/tokenize": "post",
        "/v1/cache": "get", "/v1/cache/reset": "post", "/v1/chat/completions": "post",
        "/v1/completions": "post", "/v1/messages": "post", "/v1/messages/count_tokens": "post",
        "/v1/models": "get", "/v1/models/{model}": "get", "/v1/requests": "get",
        "/v1/requests/{id}": "get, delete", "/v1/responses": "post", "/version": "get",
    ]

    @Test func `all routes are in it, and nothing else`() async throws {
        let paths = try #require(try await document()["paths"]?.members)
        #expect(
            Dictionary(
                uniqueKeysWithValues: paths.map { path in
                    let methods = path.value.members?.map(\.key) ?? []
                    return (path.key, methods.joined(separator: ", "))
                }) == Self.routes)
    }

    @Test func `each path of it is answered`() async throws {
        try await RunningServer.with(TestModel()) { server in
            for (path, methods) in Self.routes {
                let path = path.replacing("{model}", with: "tiny")
                let answer = try await server.ask("PUT", path)
                #expect(answer.status == 405, "\(path)")
                #expect(answer.fields["allow"] == methods.uppercased(), "\(path)")
            }
        }
    }

    @Test func `routes ask for a key where the server does`() async throws {
        let paths = "paths"
        let open = try await document()
        #expect(open[paths]?["/v1/models"]?["get"]?["security"] == nil)
        let guarded = try await document { $0.keys = APIKeys(["secret"]) }
        #expect(guarded[paths]?["/v1/models"]?["get"]?["security"] != nil)
        #expect(guarded[paths]?["/health"]?["get"]?["security"] == nil)
    }

    @Test func `refusals have their dialect's shape and status`() async throws {
        let document = try await document()
        func refusal(_ path: String, _ status: String) -> JSONValue? {
            document["paths"]?[path]?["post"]?["responses"]?[status]?["content"]?[
                "application/json"]?["schema"]?["properties"]
        }
        #expect(refusal("/v1/completions", "400")?["error"]?["type"] == "object")
        #expect(refusal("/v1/messages", "503")?["type"] == ["const": "error"])
        #expect(refusal("/api/chat", "404")?["error"]?["type"] == "string")
        #expect(refusal("/tokenize", "507") == nil)
    }
}
