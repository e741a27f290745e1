/// The shape of what Claude Code sends, shortened.
enum ClaudeCode {
    static let body = #"""
        {"model": "qwen", "max_tokens": 32000, "stream": true,
         "system": [
           {"type": "text", "text": "x-anthropic-billing-header: cc_version=2; cc_entrypoint=c;"},
           {"type": "text", "text": "You are an agent.", "cache_control": {"type": "ephemeral"}},
           {"type": "text", "text": "\nBe brief."}],
         "messages": [
           {"role": "user", "content": [
             {"type": "text", "text": "<system-reminder>\nx\n</system-reminder>\n"},
             {"type": "text", "text": "say hello"}]},
           {"role": "system", "content": [
             {"type": "text", "text": "# Environment", "cache_control": {"type": "ephemeral"}}]}],
         "tools": [
           {"name": "Bash", "description": "Runs.", "input_schema": {
             "$schema": "https://json-schema.org/draft/2020-12/schema", "type": "object",
             "properties": {"command": {"type": "string"}}, "required": ["command"]}},
           {"name": "DeferredToolPlaceholder", "description": "Never call this.",
            "input_schema": {"type": "object", "properties": {}}, "defer_loading": true}],
         "metadata": {"user_id": "u"},
         "thinking": {"type": "adaptive", "display": "omitted"},
         "context_management": {"edits": [{"type": "clear_thinking_20251015", "keep": "all"}]},
         "output_config": {"effort": "high"}}
        """#

    /// A later turn, with calls and their results.
    static let history = #"""
        {"model": "qwen", "max_tokens": 9, "system": "You are an agent.",
         "messages": [
           {"role": "user", "content": "edit"},
           {"role": "assistant", "content": [
             {"type": "thinking", "thinking": "", "signature": "quire:hm"},
             {"type": "text", "text": "I read."},
             {"type": "tool_use", "id": "t1", "name": "Bash", "input": {"command": "ls"}}]},
           {"role": "user", "content": [
             {"type": "tool_result", "tool_use_id": "t1", "is_error": false, "content": [
               {"type": "text", "text": "a.txt"},
               {"type": "tool_reference", "tool_name": "Bash"}]},
             {"type": "text", "text": "go on"}]},
           {"role": "assistant", "content": "I"}],
         "tools": [{"type": "bash_20250124", "name": "bash"}],
         "tool_choice": {"type": "auto", "disable_parallel_tool_use": true},
         "thinking": {"type": "enabled", "budget_tokens": 2048}, "stop_sequences": ["x"]}
        """#
}

/// The shape of what Codex sends in its second turn, shortened.
enum Codex {
    static let body = #"""
        {"model": "qwen", "stream": true, "store": false, "parallel_tool_calls": true,
         "tool_choice": "auto", "include": ["reasoning.encrypted_content"],
         "reasoning": {"effort": "high", "summary": "auto"}, "text": {"verbosity": "low"},
         "prompt_cache_key": "k", "client_metadata": {"turn_id": "t"},
         "input": [
           {"type": "message", "id": "m1", "role": "developer", "content": [
             {"type": "input_text", "text": "You are Codex."}]},
           {"type": "message", "id": "m2", "role": "user", "content": [
             {"type": "input_text", "text": "edit"}]},
           {"type": "reasoning", "id": "r1", "summary": [], "encrypted_content": "quire:hm"},
           {"type": "custom_tool_call", "id": "c1", "status": "completed", "call_id": "call_1",
            "name": "apply_patch", "input": "*** Begin Patch\n\"é\"\n"},
           {"type": "function_call", "id": "c2", "call_id": "call_2", "name": "close_agent",
            "namespace": "multi_agent_v1", "arguments": "{\"target\": \"a\"}"},
           {"type": "custom_tool_call_output", "call_id": "call_1", "output": "done"},
           {"type": "function_call_output", "call_id": "call_2", "output": [
             {"type": "input_text", "text": "closed"},
             {"type": "input_image", "image_url": "data:image/png;base64,AA=="}]}],
         "tools": [
           {"type": "function", "name": "exec_command", "description": "Runs.", "strict": false,
            "parameters": {"type": "object", "properties": {"cmd": {"type": "string"}}}},
           {"type": "custom", "name": "apply_patch", "description": "Edits.", "format": {
             "type": "grammar", "syntax": "lark", "definition": "start: hunk+"}},
           {"type": "namespace", "name": "multi_agent_v1", "description": "Agents.", "tools": [
             {"type": "function", "name": "close_agent", "description": "Closes.", "strict": false,
              "parameters": {"type": "object", "properties": {}}},
             {"type": "function", "name": "send_input", "strict": false}]},
           {"type": "tool_search", "execution": "client", "description": "Finds tools.",
            "parameters": {"type": "object", "properties": {"query": {"type": "string"}}}},
           {"type": "web_search", "external_web_access": false}]}
        """#
}
