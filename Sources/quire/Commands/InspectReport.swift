import ModelFiles
import ModelStore

/// What `quire inspect --format json` writes.
struct InspectReport: Encodable {
    private struct Format: Encodable {
        let format: String
        let supported: Bool
        let tensors: Int
        let parameters: Int
        let bytes: Int
    }

    private struct Tensor: Encodable {
        let name: String
        let dimensions: [Int]
        let format: String
        let bytes: Int
        let offset: Int?
        let file: Int?
    }

    private let files: [String]
    private let ggufVersion: UInt32?
    private let name: String?
    private let architecture: String?
    private let parameters: Int
    private let bytes: Int
    private let quantization: String
    private let layers: Int?
    private let embeddingLength: Int?
    private let heads: Int?
    private let kvHeads: Int?
    private let contextLength: Int?
    private let slidingWindow: Int?
    private let kvBytesPerToken: Int?
    private let tokenizer: String?
    private let vocabularySize: Int?
    private let chatTemplate: Bool
    private let chatTemplateCheck: ChatTemplateReport?
    private let formats: [Format]
    private let tensors: [Tensor]?
    private let metadata: [String: MetadataValue]

    private enum CodingKeys: String, CodingKey {
        case files, name, architecture, parameters, bytes, quantization, layers, heads
        case tokenizer, formats, tensors, metadata
        case ggufVersion = "gguf_version"
        case embeddingLength = "embedding_length"
        case kvHeads = "kv_heads"
        case contextLength = "context_length"
        case slidingWindow = "sliding_window"
        case kvBytesPerToken = "kv_bytes_per_token"
        case vocabularySize = "vocabulary_size"
        case chatTemplate = "chat_template"
        case chatTemplateCheck = "chat_template_check"
    }

    init(
        _ file: any ModelDescription, _ summary: ModelSummary, template: ChatTemplateReport?,
        tensors: Bool
    ) {
        chatTemplateCheck = template
        files = file.paths
        ggufVersion = (file as? GGUFFile)?.version
        name = summary.title
        architecture = summary.architecture
        parameters = summary.parameterCount
        bytes = summary.byteCount
        quantization = summary.quantization
        layers = summary.layerCount
        embeddingLength = summary.embeddingLength
        heads = summary.heads?.query
        kvHeads = summary.heads?.keyValue
        contextLength = summary.contextLength
        slidingWindow = summary.slidingWindow
        kvBytesPerToken = summary.keyValueBytesPerToken
        tokenizer = summary.tokenizer
        vocabularySize = summary.vocabularySize
        chatTemplate = summary.hasChatTemplate
        formats = summary.formats.map {
            Format(
                format: $0.format, supported: $0.isSupported, tensors: $0.tensorCount,
                parameters: $0.parameterCount, bytes: $0.byteCount)
        }
        self.tensors =
            tensors
            ? file.listing.map {
                let place = (file as? GGUFFile)?.tensor(named: $0.name)
                return Tensor(
                    name: $0.name, dimensions: $0.tensor.dimensions,
                    format: $0.tensor.formatName, bytes: $0.tensor.byteCount,
                    offset: place?.offset, file: place?.fileIndex)
            } : nil
        var metadata: [String: MetadataValue] = [:]
        for key in file.parameterKeys {
            metadata[key] = file.parameter(key).map(MetadataValue.init)
        }
        self.metadata = metadata
    }
}

extension WeightSource {
    /// All tensors with their names.
    var listing: [(name: String, tensor: TensorDescription)] {
        tensorNames.compactMap { name in description(ofTensor: name).map { (name, $0) } }
    }
}
