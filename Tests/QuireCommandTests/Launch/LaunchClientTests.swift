import Foundation
import QuireJSON
import Testing

@testable import quire

/// What coding agents are told.
struct LaunchClientTests {
    private func plan(
        _ client: LaunchClient, key: String? = nil, length: Int? = 4_096
    ) -> LaunchPlan {
        client.plan(
            LaunchServer(
                url: "http://127.0.0.1:8000", model: "a:b", contextLength: length, key: key))
    }

    private func value(_ plan: LaunchPlan, _ name: String) -> String? {
        plan.variables.first { $0.name == name }?.value
    }

    private func json(_ text: String?) throws -> JSONValue {
        try JSONValue(parsing: Array(try #require(text).utf8))
    }

    @Test func `Claude Code is sent to the server for every model that it knows`() throws {
        let plan = plan(.claude, length: 131_072)
        #expect(value(plan, "ANTHROPIC_BASE_URL") == "http://127.0.0.1:8000")
        #expect(value(plan, "ANTHROPIC_DEFAULT_HAIKU_MODEL") == "a:b")
        #expect(value(plan, "CLAUDE_CODE_AUTO_COMPACT_WINDOW") == "131072")
        #expect(plan.unset.contains("ANTHROPIC_API_KEY"))
        let settings = try json(plan.arguments.last)
        #expect(settings["env"]?["ANTHROPIC_MODEL"] == "a:b")
        let keyed = self.plan(.claude, key: "sesame", length: 32_768)
        #expect(value(keyed, "ANTHROPIC_AUTH_TOKEN") == "sesame")
        #expect(value(keyed, "CLAUDE_CODE_AUTO_COMPACT_WINDOW") == nil)
    }

    @Test func `Codex has a provider of its own`() {
        let plan = plan(.codex)
        for choice in [
            #"model="a:b""#, #"model_provider="quire""#, "model_context_window=4096",
            #"model_providers.quire.base_url="http://127.0.0.1:8000/v1""#,
            #"model_providers.quire.wire_api="responses""#,
        ] {
            #expect(plan.arguments.contains(choice), "\(choice)")
        }
        #expect(plan.variables.isEmpty)
        let keyed = self.plan(.codex, key: "sesame")
        #expect(keyed.arguments.contains(#"model_providers.quire.env_key="QUIRE_API_KEY""#))
        #expect(value(keyed, "QUIRE_API_KEY") == "sesame")
    }

    @Test func `opencode has a provider in its variable`() throws {
        let plan = plan(.opencode, key: "sesame")
        let configuration = try json(value(plan, "OPENCODE_CONFIG_CONTENT"))
        let provider = configuration["provider"]?["quire"]
        #expect(configuration["model"] == "quire/a:b")
        #expect(provider?["options"]?["apiKey"] == "{env:QUIRE_API_KEY}")
        #expect(provider?["models"]?["a:b"]?["limit"]?["context"] == 4_096)
    }

    @Test func `aider's own variables are set`() {
        let plan = plan(.aider)
        #expect(plan.arguments.starts(with: ["--model", "openai/a:b"]))
        #expect(value(plan, "AIDER_OPENAI_API_BASE") == "http://127.0.0.1:8000/v1")
        #expect(value(plan, "AIDER_OPENAI_API_KEY") == LaunchServer.noKey)
    }

    @Test(arguments: LaunchClient.allCases)
    func `a key is in no argument, and not in what is printed`(client: LaunchClient) {
        let plan = plan(client, key: "sesame")
        #expect(!plan.arguments.contains { $0.contains("sesame") })
        let text = plan.shell(hiding: "sesame", extra: ["it's", "a b", ""])
        #expect(!text.contains("sesame"), "\(text)")
        #expect(text.contains("\"$QUIRE_API_KEY\""))
        #expect(text.hasSuffix(#"'it'\''s' 'a b' ''"#), "\(text)")
    }
}
