import ChatTemplates
import QuireJSON

/// What a request tells the template, and what it may not have.
extension ChatRequest {
    /// The template's own names: a request cannot put anything else in their place.
    private static let reserved: Set<String> = [
        "messages", "tools", "add_generation_prompt", "continue_final_message", "bos_token",
        "eos_token", "chat_template", "tokenize",
    ]

    /// Reads `chat_template_kwargs` and `documents`.
    mutating func readTemplateArguments(_ reader: inout MemberReader) throws(RequestError) {
        if let documents = reader.value("documents") {
            guard MemberReader.all(documents, { $0.members }) != nil else {
                throw reader.wrong("documents", "must be a list of objects")
            }
            templateArguments.append(JSONValue.Member("documents", documents))
        }
        guard let value = reader.value("chat_template_kwargs") else { return }
        var arguments = try MemberReader(value, at: "chat_template_kwargs")
        // Also where a template asks for it by another name, which stays an argument.
        if let enabled = try arguments.bool("enable_thinking") { reasoning.isEnabled = enabled }
        for name in arguments.unasked {
            guard !Self.reserved.contains(name) else {
                throw arguments.wrong(name, "belongs to the server and cannot be set")
            }
            guard let value = arguments.value(name) else { continue }
            templateArguments.append(JSONValue.Member(name, value))
        }
    }

    /// Reads where the answer begins.
    mutating func readBeginning(_ reader: inout MemberReader) throws(RequestError) {
        let begins = try reader.bool("add_generation_prompt")
        continuesLastMessage = try reader.bool("continue_final_message") ?? false
        guard !continuesLastMessage || begins != true else {
            throw reader.wrong(
                "continue_final_message",
                "is true, and so is `add_generation_prompt`: an answer "
                    + "either goes on with the last message or begins one")
        }
        beginsAnswer = begins ?? !continuesLastMessage
        guard !continuesLastMessage || messages.last?.role == .assistant else {
            throw reader.wrong(
                "continue_final_message", "is true; the last message must be the assistant's")
        }
        echoesLastMessage = try reader.bool("echo") ?? false
    }

    /// What is not there; values that change nothing pass.
    static func refuseUnsupported(_ reader: inout MemberReader) throws(RequestError) {
        try reader.refuse("response_format", unless: "{\"type\": \"text\"}") {
            $0["type"]?.string == "text"
        }
        try reader.refuse("modalities", unless: "[\"text\"]") { $0 == ["text"] }
        try reader.refuse("verbosity", unless: "medium") { $0 == "medium" }
        try reader.refuse("best_of", unless: "1") { $0.integer == 1 }
        // Calls and thoughts are found in the text.
        try reader.refuse("detokenize", unless: "true") { $0 == true }
        for name in unsupportedFlags {
            try reader.refuse(name, unless: "false") { $0 == false }
        }
        try reader.refuse(unsupported)
    }

    /// Flags that are there for false.
    static let unsupportedFlags = ["use_beam_search", "add_special_tokens"]

    /// Known members that are not there.
    static let unsupported = [
        "structured_outputs", "guided_json", "guided_regex", "guided_choice", "guided_grammar",
        "grammar", "json_schema", "audio", "prediction", "web_search_options", "moderation",
        "logits_processors", "logit_processors", "chat_template", "kv_transfer_params",
        "vllm_xargs", "prompt_embeds", "suffix",
    ]
}
