import QuireJSON

/// A model as a folder of the hub: `config.json`, weights in safetensors, and what the tokenizer
/// and the templates are read from.
///
///     let model = try ModelFolder.open("Qwen2.5-0.5B")
///
/// The weights keep the order that they were trained in. Where GGUF's files have the rows of Q and
/// K in another one, the parameter `tensor_data_layout` says `reference`.
package final class ModelFolder: Sendable {
    /// The path of the folder.
    package let path: String
    /// The files of the weights.
    package let weights: SafetensorsFile
    /// What is in `tokenizer.json`; nil where there is none.
    package let tokenizerJSON: [UInt8]?
    /// What is in `tokenizer.model`; nil where there is none, or a `tokenizer.json`.
    package let sentencePiece: [UInt8]?
    /// What the other files say of tokens.
    package let tokens: HubTokens
    /// The chat templates by name; the one without a name is `default`.
    let templates: [String: String]
    /// What was passed over because Quire runs the part of a model that reads and writes text.
    package let warnings: [String]

    let configuration: HubConfiguration
    let tensors: HubTensors
    private let configurationBytes: [UInt8]
    private let values: [String: GGUFValue]

    /// Opens a folder.
    ///
    /// - Throws: `ModelFileError` that names the file and the key or tensor.
    /// - Complexity: one pass over the small files and the headers; no weights are read.
    package static func open(_ path: String) throws(ModelFileError) -> ModelFolder {
        try ModelFolder(folder: path)
    }

    private init(folder path: String) throws(ModelFileError) {
        self.path = path
        let entries = try FolderEntries.names(path)
        let file = { (name: String) in "\(path)/\(name)" }
        guard entries.contains("config.json") else {
            throw ModelFileError(
                .unreadable, path: path, "has no config.json; fetch the model again")
        }
        configurationBytes = try JSONFile.bytes(file("config.json"))
        let name = path.split(separator: "/").last.map(String.init) ?? path
        configuration = try HubConfiguration(
            JSONFile.parse(configurationBytes, path: file("config.json")),
            path: file("config.json"), name: name)
        weights = try SafetensorsFile.open(path)
        tensors = try HubTensors(weights, configuration)
        warnings = tensors.warnings

        var settings: HubReader?
        var tokens = HubTokens()
        if entries.contains("tokenizer_config.json") {
            let path = file("tokenizer_config.json")
            var reader = try HubReader(try JSONFile.read(path), path: path)
            try tokens.read(&reader)
            settings = reader
        }
        tokens.endTokens = configuration.endTokens
        if entries.contains("generation_config.json") {
            let path = file("generation_config.json")
            var reader = try HubReader(try JSONFile.read(path), path: path)
            let ids = try HubTokens.ids(&reader, "eos_token_id")
            if !ids.isEmpty { tokens.endTokens = ids }
        }
        self.tokens = tokens
        templates = try HubTemplates.read(path, entries, tokenizer: &settings)
        tokenizerJSON =
            entries.contains("tokenizer.json")
            ? try JSONFile.bytes(
                file("tokenizer.json"), limit: ModelFileLimits.tokenizerBytes) : nil
        sentencePiece =
            tokenizerJSON == nil && entries.contains("tokenizer.model")
            ? try JSONFile.bytes(
                file("tokenizer.model"), limit: ModelFileLimits.tokenizerBytes) : nil
        values = Dictionary(
            configuration.parameters.map { ($0.key, $0.value) }, uniquingKeysWith: { $1 })
    }
}

extension ModelFolder: ParameterSource {
    /// The names of all hyper-parameters, as GGUF has them.
    package var parameterKeys: [String] { configuration.parameters.map(\.key) }

    /// The value of a hyper-parameter.
    package func parameter(_ key: String) -> GGUFValue? { values[key] }
}

extension ModelFolder: WeightSource {
    /// The names of all tensors, as GGUF has them.
    package var tensorNames: [String] { tensors.names }

    package func readsHereAndThere(_ isSo: Bool) {
        for part in weights.parts { part.readsHereAndThere(isSo) }
    }

    /// Bytes of the files of weights.
    package var byteCount: Int { weights.byteCount }

    /// What the header says of a tensor.
    package func description(ofTensor name: String) -> TensorDescription? {
        tensors.description(of: name)
    }

    /// A checksum of configuration, headers and samples of the weights.
    package func identity() throws(ModelFileError) -> UInt64 {
        let part = FilePart(path: path, storage: .memory(configurationBytes))
        return try part.checksum(0..<configurationBytes.count, seed: weights.identity())
    }

    /// As `identity`, and the files' sizes and times of change.
    package func revision() throws(ModelFileError) -> UInt64 {
        let part = FilePart(path: path, storage: .memory(configurationBytes))
        return try part.checksum(0..<configurationBytes.count, seed: weights.revision())
    }
}
