/// What a chat template can do, as rendering instrumented conversations with it shows.
///
/// `FoldedConversation` brings any conversation into a form that a template accepts. The values of
/// `init()` are those of a template that accepts everything.
package struct TemplateCapabilities: Hashable, Sendable {
    /// Whether a system message before all others is rendered.
    package var rendersSystem = true

    /// Whether a system message after others is rendered where it stands.
    package var rendersLaterSystem = true

    /// Whether several system messages before all others are rendered.
    package var rendersSeveralSystems = true

    /// Whether messages of the role `developer` are rendered.
    package var rendersDeveloper = true

    /// Whether definitions of tools are rendered.
    package var rendersTools = true

    /// Whether calls in messages of the assistant are rendered.
    package var rendersCalls = true

    /// Whether all the calls of a message are rendered, rather than one.
    package var rendersParallelCalls = true

    /// Whether messages of the role `tool` are rendered.
    package var rendersToolResults = true

    /// Whether content may be a list of parts.
    package var acceptsTypedContent = true

    /// Whether content may be a string.
    package var acceptsStringContent = true

    /// Whether thoughts of earlier answers are rendered, at least those of the last one.
    package var keepsReasoning = true

    /// Whether the template knows a switch for thinking (`enable_thinking`).
    package var knowsThinkingSwitch = true

    /// Whether user and assistant must take turns, the user first.
    package var requiresAlternation = false

    /// A template that accepts everything.
    package init() {}

    /// All of them, by the names that reports have for them.
    package var named: [(name: String, holds: Bool)] {
        [
            ("system", rendersSystem), ("later_system", rendersLaterSystem),
            ("several_systems", rendersSeveralSystems), ("developer", rendersDeveloper),
            ("tools", rendersTools), ("calls", rendersCalls),
            ("parallel_calls", rendersParallelCalls), ("tool_results", rendersToolResults),
            ("typed_content", acceptsTypedContent), ("string_content", acceptsStringContent),
            ("reasoning", keepsReasoning), ("enable_thinking", knowsThinkingSwitch),
            ("requires_alternation", requiresAlternation),
        ]
    }
}
