/// All that a model's files say: hyper-parameters, weights, and what its tokenizer and its chat
/// templates are read from. A GGUF file and a folder of the hub are descriptions alike.
package protocol ModelDescription: ParameterSource, WeightSource {
    /// The path of the model's file or folder; of a split model, of the first part.
    var path: String { get }

    /// The files that hold the weights.
    var paths: [String] { get }

    /// What the tokenizer is read from.
    var tokenizer: TokenizerDescription { get }

    /// The sources of the chat templates, by name; the one without a name is `default`.
    func chatTemplates() throws(ModelFileError) -> [String: String]

    /// What of the model is not looked at, in sentences for people.
    var warnings: [String] { get }
}

/// What a tokenizer is read from.
package enum TokenizerDescription: Sendable {
    /// `tokenizer.ggml.*` of a GGUF file.
    case metadata(GGUFMetadata)
    /// A `tokenizer.json`, nil where there is none, and what the files beside it say.
    case json([UInt8]?, HubTokens)
    /// A `tokenizer.model` of SentencePiece, where there is no `tokenizer.json`.
    case sentencePiece([UInt8], HubTokens)
}

extension GGUFFile: ModelDescription {
    /// The metadata.
    package var tokenizer: TokenizerDescription { .metadata(metadata) }

    /// The templates in the metadata.
    package func chatTemplates() throws(ModelFileError) -> [String: String] {
        let key = "tokenizer.chat_template"
        var found: [String: String] = [:]
        for name in metadata.keys where name == key || name.hasPrefix(key + ".") {
            let label = name == key ? "default" : String(name.dropFirst(key.count + 1))
            found[label] = try metadata.string(ifPresent: name)
        }
        return found
    }

    /// None: whatever is not read is refused.
    package var warnings: [String] { [] }
}

extension ModelFolder: ModelDescription {
    /// The files of the weights.
    package var paths: [String] { weights.paths }

    /// `tokenizer.json` or `tokenizer.model`, and the tokens of the files beside it.
    package var tokenizer: TokenizerDescription {
        if let sentencePiece { return .sentencePiece(sentencePiece, tokens) }
        return .json(tokenizerJSON, tokens)
    }

    /// The templates in the folder.
    package func chatTemplates() throws(ModelFileError) -> [String: String] { templates }
}

/// Opens a model of whatever form.
package enum ModelFile {
    /// Opens a GGUF file, a folder, or the folder of a safetensors file.
    ///
    /// - Throws: as `GGUFFile.open` and `ModelFolder.open`.
    /// - Complexity: one pass over the headers; no weights are read.
    package static func open(_ path: String) throws(ModelFileError) -> any ModelDescription {
        if FolderEntries.isFolder(path) { return try ModelFolder.open(path) }
        guard path.hasSuffix(".safetensors") || path.hasSuffix(".safetensors.index.json") else {
            try PickleFiles.refuse(path)
            return try GGUFFile.open(path)
        }
        let folder = path.split(separator: "/", omittingEmptySubsequences: false).dropLast()
        return try ModelFolder.open(folder.isEmpty ? "." : folder.joined(separator: "/"))
    }
}
