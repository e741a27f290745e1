import HTTPTypes
import QuireJSON
import Testing

@testable import Serving

@Suite struct `Who is answered` {
    @Test func `without a right key only the server's health is told`() async throws {
        try await RunningServer.with(TestModel()) {
            $0.keys = APIKeys(["secret", "other"])
        } _: { server in
            for fields in [
                [], ["Authorization: Bearer wrong"], ["Authorization: secret"],
                ["Authorization: Basic secret"], ["Authorization: Bearer"], ["x-api-key: secre"],
                ["Authorization: Bearer \(String(repeating: "k", count: 8_000))"],
            ] {
                let answer = try await server.ask("GET", "/v1/models", fields)
                #expect(answer.status == 401, "\(fields)")
                #expect(answer.json?["error"]?["type"] == "AuthenticationError")
                #expect(answer.fields["www-authenticate"] == "Bearer")
                let path = "/v1/models?api_key=secret"
                #expect(try await server.ask("GET", path, fields).status == 401)
                // What there is is not told either.
                #expect(try await server.ask("GET", "/nothing", fields).status == 401)
            }
            for fields in [
                "Authorization: Bearer secret", "authorization: bearer other", "x-api-key: secret",
            ] {
                #expect(try await server.ask("GET", "/v1/models", [fields]).status == 200)
            }
            for path in ["/health", "/ready", "/version"] {
                #expect(try await server.ask("GET", path).status == 200)
            }
        }
    }

    @Test func `keys are compared as sums, and empty ones are none`() {
        #expect(APIKeys(["", ""]).isEmpty)
        #expect(!APIKeys(["a"]).admit(HTTPFields()))
        #expect(APIKeys([]).admit(HTTPFields()))
    }

    @Test func `a foreign host name is refused on loopback`() async throws {
        try await RunningServer.with(TestModel()) {
            $0.hosts = ["my.box"]
        } _: { server in
            for (host, status) in [
                ("evil.example", 403), ("localhost.evil.example", 403), ("127.0.0.1.nip.io", 403),
                ("localhost", 200), ("LOCALHOST:99", 200), ("127.0.0.1:8000", 200),
                ("[::1]:80", 200), ("a.localhost", 200), ("my.box", 200), ("My.Box:1", 200),
            ] {
                let answer = try await server.ask("GET", "/v1/models", ["Host: \(host)"])
                #expect(answer.status == status, "\(host)")
            }
        }
    }

    @Test func `a page of another origin is refused, unless it is named`() async throws {
        try await RunningServer.with(TestModel()) {
            $0.origins = ["https://good.example"]
        } _: { server in
            for origin in ["https://bad.example", "null", "http://good.example"] {
                let answer = try await server.ask("GET", "/v1/models", ["Origin: \(origin)"])
                #expect(answer.status == 403, "\(origin)")
                #expect(answer.fields["access-control-allow-origin"] == nil)
                let asked = try await server.ask(
                    "OPTIONS", "/v1/completions",
                    ["Origin: \(origin)", "Access-Control-Request-Method: POST"])
                #expect(asked.status == 403)
            }
            let good = "https://good.example"
            let answer = try await server.ask("GET", "/v1/models", ["Origin: \(good)"])
            #expect(answer.status == 200)
            #expect(answer.fields["access-control-allow-origin"] == good)
            let asked = try await server.ask(
                "OPTIONS", "/v1/completions",
                ["Origin: \(good)", "Access-Control-Request-Method: POST"])
            #expect(asked.status == 204)
            #expect(asked.fields["access-control-allow-methods"] == "GET, POST, DELETE")
            let own = try await server.ask("GET", "/v1/models", ["Origin: http://localhost"])
            #expect(own.status == 200)
        }
    }

    @Test(arguments: [
        ("127.0.0.1", true), ("127.255.0.3", true), ("localhost", true), ("::1", true),
        ("0.0.0.0", false), ("::", false), ("127.0.0.1.example", false), ("10.0.0.1", false),
        ("127.1", false), ("127.0.0.999", false),
    ])
    func `loopback is known`(host: String, isLoopback: Bool) {
        #expect(HostCheck.isLoopback(host) == isLoopback)
    }
}
