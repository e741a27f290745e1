public import ModelFiles
import Tensors

/// A model whose weights lie in its mapped file, or packed as the machine's products want them.
///
/// Loading checks every tensor's name, shape and format and copies the norms and biases. A model is
/// immutable: executors may share it.
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
    /// Bytes of the weights that were packed, beside those of the files.
    public let packedBytes: Int
    private let file: GGUFFile

    /// In what form a model's matrices are kept.
    public enum WeightForm: Hashable, Sendable {
        /// As the file has them, mapped: nothing is copied, and products with bytes are possible
        /// only at the levels that walk rows of the file.
        case file
        /// As the products with bytes of the machine's level want them.
        case packed
    }

    /// Loads a model.
    ///
    /// - Parameters:
    ///   - file: An open GGUF file; it stays mapped for the life of the model.
    ///   - form: `packed` reads every matrix once, and writes about as many bytes.
    ///   - threads: Threads that pack; nil: as many as this process may run at once.
    /// - Throws: `ModelError` that names the hyper-parameter or tensor, and the remedy;
    ///   `outOfMemory` if the system refuses the memory for packed matrices.
    public convenience init(
        _ file: GGUFFile, form: WeightForm = .packed, threads: Int? = nil
    ) throws(ModelError) {
        let model = try CPUModel(mapped: file)
        switch form {
        case .file: self.init(model, output: model.output, layers: model.layers, packedBytes: 0)
        case .packed: try self.init(packing: model, threads: threads)
        }
    }

    private init(mapped file: GGUFFile) throws(ModelError) {
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
        packedBytes = 0
        self.file = file
    }

    /// A copy of `model` with other forms of the same weights.
    private init(
        _ model: CPUModel, output: WeightMatrix, layers: [LayerWeights], packedBytes: Int
    ) {
        architecture = model.architecture
        configuration = model.configuration
        embedding = model.embedding
        self.output = output
        outputNorm = model.outputNorm
        self.layers = layers
        weightBytes = model.weightBytes
        self.packedBytes = packedBytes
        file = model.file
    }

    /// Packs the matrices of `model` for products with bytes, if the machine's level packs.
    ///
    /// The file's pages are given back as they are read, so the memory in use is never that of
    /// both. The embedding stays in the file: a token reads one row of it.
    private convenience init(packing model: CPUModel, threads: Int?) throws(ModelError) {
        let bytes = model.matrices.reduce(0) { $0 + ($1.packedByteCount() ?? 0) }
        let memory: PanelMemory
        do {
            memory = try PanelMemory(count: bytes)
        } catch {
            throw ModelError(.outOfMemory, error.message)
        }
        let compute = Compute(pool: WorkerPool(threads: threads ?? WorkerPool.defaultThreads))
        var offset = 0
        func pack(_ matrix: inout WeightMatrix) {
            matrix = matrix.packed(into: memory, at: offset, by: compute)
            offset += matrix.packedByteCount() ?? 0
        }
        var layers = model.layers
        for index in layers.indices { layers[index].forEachMatrix(pack) }
        var output = model.output
        pack(&output)
        self.init(model, output: output, layers: layers, packedBytes: bytes)
    }

    /// The matrices in the order in which a step reads them.
    private var matrices: [WeightMatrix] { layers.flatMap(\.matrices) + [output] }

    /// Bytes of weights that steps keep in memory: what was packed, and the file's bytes otherwise.
    public var residentBytes: Int {
        guard packedBytes > 0 else { return weightBytes }
        let rest = ([embedding] + matrices).filter { ($0.packedByteCount() ?? 0) == 0 }
        return rest.reduce(packedBytes) { $0 + $1.byteCount }
    }

    /// Whether products with bytes are possible: where the level has panels, matrices are packed.
    var hasProductsWithBytes: Bool {
        packedBytes > 0 || matrices.allSatisfy { ($0.packedByteCount() ?? 0) == 0 }
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
        matrices.reduce(0) { $0 + ((packedBytes > 0 ? $1.packedByteCount() : nil) ?? $1.byteCount) }
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
