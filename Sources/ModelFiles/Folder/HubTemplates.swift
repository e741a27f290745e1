import QuireJSON

/// The chat templates of a model's folder, by name; the one without a name is `default`.
enum HubTemplates {
    /// Reads them: of the three places where they may be, the newest that has any.
    ///
    /// - Parameters:
    ///   - folder: the folder, and the names of what is in it.
    ///   - tokenizer: `tokenizer_config.json`, where the oldest are.
    static func read(
        _ folder: String, _ entries: Set<String>, tokenizer: inout HubReader?
    ) throws(ModelFileError) -> [String: String] {
        let inline = tokenizer?.value("chat_template")
        let (file, tree) = ("chat_template.jinja", "chat_template.json")
        if entries.contains(file) {
            let bytes = try JSONFile.bytes(
                "\(folder)/\(file)", limit: ModelFileLimits.stringBytes)
            return ["default": String(decoding: bytes, as: UTF8.self)]
        }
        if entries.contains(tree) {
            var reader = try HubReader(
                try JSONFile.read("\(folder)/\(tree)"), path: "\(folder)/\(tree)")
            return try reader.text("chat_template").map { ["default": $0] } ?? [:]
        }
        switch inline {
        case nil: return [:]
        case .string(let text): return ["default": text]
        case .array(let list):
            var found: [String: String] = [:]
            for entry in list {
                guard let name = entry["name"]?.string, let text = entry["template"]?.string else {
                    break
                }
                found[name] = text
            }
            if found.count == list.count { return found }
        default: break
        }
        throw ModelFileError(
            .wrongType, path: "\(folder)/tokenizer_config.json", at: .key("chat_template"),
            "must be a template, or a list of templates with names, each once")
    }
}
