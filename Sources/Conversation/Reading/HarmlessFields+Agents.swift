extension HarmlessFields {
    /// Of the Messages dialect, beside those of any body: where and at what speed a service
    /// computes, and marks for a cache that needs none.
    package static let messages: [String: Kind] = [
        "cache_control": .object, "inference_geo": .text, "speed": .text,
        "user_profile_id": .text, "workspace_id": .text, "diagnostics": .object,
    ]

    /// Of the Responses dialect, beside those of any body: how often a service may call tools of
    /// its own, which this server has not.
    package static let responses: [String: Kind] = [
        "max_tool_calls": .number, "stream_options": .object, "access_programs": .object,
    ]
}
