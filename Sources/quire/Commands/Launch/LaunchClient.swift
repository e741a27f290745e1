import ArgumentParser
import QuireJSON

/// The programs that `quire launch` starts.
///
/// All of them can be told by variables and options alone which server and model to use, for this
/// one run: none of their files is written, so that there is nothing to restore.
enum LaunchClient: String, CaseIterable, ExpressibleByArgument {
    case claude
    case codex
    case opencode
    case aider

    /// What it is called.
    var title: String {
        switch self {
        case .claude: "Claude Code"
        case .codex: "Codex"
        case .opencode: "opencode"
        case .aider: "aider"
        }
    }

    /// How it is installed, as its makers have it.
    var installation: String {
        switch self {
        case .claude: "npm install -g @anthropic-ai/claude-code"
        case .codex: "npm install -g @openai/codex"
        case .opencode: "npm install -g opencode-ai"
        case .aider: "python3 -m pip install aider-chat"
        }
    }

    /// What it is to be told.
    func plan(_ server: LaunchServer) -> LaunchPlan {
        switch self {
        case .claude: claude(server)
        case .codex: codex(server)
        case .opencode: opencode(server)
        case .aider: aider(server)
        }
    }

    private func claude(_ server: LaunchServer) -> LaunchPlan {
        var open: [(String, String)] = [
            ("ANTHROPIC_BASE_URL", server.url), ("ANTHROPIC_MODEL", server.model),
            ("ANTHROPIC_DEFAULT_OPUS_MODEL", server.model),
            ("ANTHROPIC_DEFAULT_SONNET_MODEL", server.model),
            ("ANTHROPIC_DEFAULT_HAIKU_MODEL", server.model),
            ("CLAUDE_CODE_SUBAGENT_MODEL", server.model),
            // A line that changes with every request; the server takes it out too.
            ("CLAUDE_CODE_ATTRIBUTION_HEADER", "0"),
            // Nothing of a conversation on this machine goes elsewhere.
            ("CLAUDE_CODE_DISABLE_NONESSENTIAL_TRAFFIC", "1"),
            // An hour: a long prompt takes its time on a processor.
            ("API_TIMEOUT_MS", "3600000"),
        ]
        if let length = server.contextLength, length >= LaunchLimits.claudeWindow {
            // It takes models that it does not know for ones with 200,000 tokens.
            open.append(("CLAUDE_CODE_AUTO_COMPACT_WINDOW", "\(length)"))
        }
        // Its settings files come before the environment, and this option before them.
        let settings: JSONValue = [
            "env": .object(open.map { .init($0.0, .string($0.1)) })
        ]
        return LaunchPlan(
            program: rawValue, arguments: ["--settings", Self.text(settings)],
            variables: open + [("ANTHROPIC_AUTH_TOKEN", server.key ?? LaunchServer.noKey)],
            unset: [
                "ANTHROPIC_API_KEY", "CLAUDE_CODE_USE_BEDROCK", "CLAUDE_CODE_USE_VERTEX",
                "CLAUDE_CODE_USE_FOUNDRY",
            ])
    }

    private func codex(_ server: LaunchServer) -> LaunchPlan {
        // Values are TOML, whose strings are written as JSON's are.
        func string(_ text: String) -> String { Self.text(.string(text)) }
        var choices = [
            "model=\(string(server.model))", "model_provider=\"quire\"",
            "model_providers.quire.name=\"Quire\"",
            "model_providers.quire.base_url=\(string(server.url + "/v1"))",
            "model_providers.quire.wire_api=\"responses\"",
        ]
        if server.key != nil {
            choices.append("model_providers.quire.env_key=\"\(LaunchServer.keyVariable)\"")
        }
        if let length = server.contextLength { choices.append("model_context_window=\(length)") }
        return LaunchPlan(
            program: rawValue, arguments: choices.flatMap { ["-c", $0] },
            variables: server.key.map { [(LaunchServer.keyVariable, $0)] } ?? [], unset: [])
    }

    private func opencode(_ server: LaunchServer) -> LaunchPlan {
        var options: [JSONValue.Member] = [.init("baseURL", .string(server.url + "/v1"))]
        if server.key != nil {
            options.append(.init("apiKey", .string("{env:\(LaunchServer.keyVariable)}")))
        }
        var model: [JSONValue.Member] = [.init("name", .string(server.model))]
        if let length = server.contextLength {
            // What an answer may take is what the context has left: a quarter is planned for.
            model.append(
                .init("limit", ["context": .integer(length), "output": .integer(length / 4)]))
        }
        let name = JSONValue.string("quire/" + server.model)
        let configuration: JSONValue = [
            "provider": [
                "quire": [
                    "npm": "@ai-sdk/openai-compatible", "name": "Quire",
                    "options": .object(options),
                    "models": .object([.init(server.model, .object(model))]),
                ]
            ],
            "model": name, "small_model": name,
        ]
        return LaunchPlan(
            program: rawValue, arguments: [],
            variables: [("OPENCODE_CONFIG_CONTENT", Self.text(configuration))]
                + (server.key.map { [(LaunchServer.keyVariable, $0)] } ?? []),
            unset: [])
    }

    private func aider(_ server: LaunchServer) -> LaunchPlan {
        LaunchPlan(
            program: rawValue,
            arguments: ["--model", "openai/" + server.model, "--no-show-model-warnings"],
            // Its own variables come before a project's `.env`.
            variables: [
                ("AIDER_OPENAI_API_BASE", server.url + "/v1"),
                ("AIDER_OPENAI_API_KEY", server.key ?? LaunchServer.noKey),
            ],
            unset: [])
    }

    private static func text(_ value: JSONValue) -> String {
        var out = JSONWriter()
        out.value(value)
        return out.text
    }
}

/// The server that a client is to use.
struct LaunchServer: Hashable {
    /// Where it is, without a path.
    let url: String
    let model: String
    /// nil: it is not known yet.
    let contextLength: Int?
    /// The key that it asks for; nil: none.
    let key: String?

    /// What clients are given that insist on a key.
    static let noKey = "none"
    /// The variable that the key is in.
    static let keyVariable = "QUIRE_API_KEY"
}
