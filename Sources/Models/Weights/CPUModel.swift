public import ModelFiles
import Tensors

/// A model whose weights lie, as they are, in its mapped file.
///
/// Loading checks every tensor's name, shape and format and copies the norms and biases; the
/// matrices are paged in by their first use. A model is immutable: executors may share it.
public final class CPUModel: Sendable {
    /// The checked hyper-parameters.
    public let configuration: ModelConfiguration
    /// Bytes of the model's files, all mapped.
    public let weightBytes: Int

    let architecture: any Architecture.Type
    /// [V, D]
    let embedding: WeightMatrix
    /// [V, D]; the embedding itself where the file has no separate output matrix.
    let output: WeightMatrix
    /// [D]
    let outputNorm: [Float]
    let layers: [LayerWeights]
    private let file: GGUFFile

    /// Loads a model.
    ///
    /// - Parameter file: An open GGUF file; it stays mapped for the life of the model.
    /// - Throws: `ModelError` that names the hyper-parameter or tensor, and the remedy.
    public init(_ file: GGUFFile) throws(ModelError) {
        let configuration = try ModelConfiguration(file)
        let reader = TensorReader(file: file)
        let vocabulary = configuration.vocabularySize
        let width = configuration.embeddingLength
        architecture = try Architectures.named(configuration.architecture)
        embedding = try reader.matrix("token_embd.weight", outputs: vocabulary, inputs: width)
        output =
            reader.has("output.weight")
            ? try reader.matrix("output.weight", outputs: vocabulary, inputs: width) : embedding
        outputNorm = try reader.vector("output_norm.weight", count: width)
        var layers: [LayerWeights] = []
        layers.reserveCapacity(configuration.layerCount)
        for index in 0..<configuration.layerCount {
            layers.append(try Self.layer(index, configuration, reader))
        }
        self.layers = layers
        self.configuration = configuration
        weightBytes = file.byteCount
        self.file = file
    }

    /// A number that stands for these weights in this format.
    ///
    /// - Throws: `ModelError.invalidTensor` if the file has become shorter.
    /// - Complexity: O(tensors + bytes of the header); samples are read from the file.
    public func identity() throws(ModelError) -> UInt64 {
        do {
            return try file.identity()
        } catch {
            throw ModelError(.invalidTensor, error.message)
        }
    }

    /// Bytes of weights that every decoded token reads: all matrices but the embedding, of which
    /// a token reads one row, unless it is the output matrix as well.
    public var bytesPerToken: Int {
        let matrices = layers.flatMap {
            [$0.query, $0.key, $0.value, $0.attentionOutput, $0.gate, $0.up, $0.down]
        }
        return matrices.reduce(output.byteCount) { $0 + $1.byteCount }
    }

    private static func layer(
        _ index: Int, _ c: ModelConfiguration, _ reader: TensorReader
    ) throws(ModelError) -> LayerWeights {
        func name(_ part: String) -> String { "blk.\(index).\(part)" }
        let width = c.embeddingLength
        let hidden = c.feedForwardLength
        let has = c.layerTensors
        let bias = has.queryKeyValueBias
        let head = c.headDimension
        return LayerWeights(
            index: index,
            attentionNorm: try reader.vector(name("attn_norm.weight"), count: width),
            query: try reader.matrix(name("attn_q.weight"), outputs: c.queryWidth, inputs: width),
            key: try reader.matrix(name("attn_k.weight"), outputs: c.keyValueWidth, inputs: width),
            value: try reader.matrix(
                name("attn_v.weight"), outputs: c.keyValueWidth, inputs: width),
            queryKeyValueBias:
                try reader.vector(name("attn_q.bias"), count: c.queryWidth, if: bias)
                + reader.vector(name("attn_k.bias"), count: c.keyValueWidth, if: bias)
                + reader.vector(name("attn_v.bias"), count: c.keyValueWidth, if: bias),
            queryNorm: try reader.vector(
                name("attn_q_norm.weight"), count: head, if: has.queryKeyNorm),
            keyNorm: try reader.vector(
                name("attn_k_norm.weight"), count: head, if: has.queryKeyNorm),
            attentionOutput: try reader.matrix(
                name("attn_output.weight"), outputs: width, inputs: c.queryWidth),
            postAttentionNorm: try reader.vector(
                name("post_attention_norm.weight"), count: width, if: has.outputNorms),
            feedForwardNorm: try reader.vector(name("ffn_norm.weight"), count: width),
            gate: try reader.matrix(name("ffn_gate.weight"), outputs: hidden, inputs: width),
            up: try reader.matrix(name("ffn_up.weight"), outputs: hidden, inputs: width),
            down: try reader.matrix(name("ffn_down.weight"), outputs: width, inputs: hidden),
            postFeedForwardNorm: try reader.vector(
                name("post_ffw_norm.weight"), count: width, if: has.outputNorms))
    }
}
