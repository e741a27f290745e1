package import ModelFiles
import Tensors

/// A model whose weights lie in their mapped files, or packed as the machine's products want them.
///
/// Loading checks every tensor's name, shape and format and copies the norms and biases. A model is
/// immutable: executors may share it.
package final class CPUModel: Sendable {
    /// The checked hyper-parameters.
    package let configuration: ModelConfiguration
    /// Bytes of the model's files, all mapped.
    package let weightBytes: Int

    /// [V, D]
    let embedding: WeightMatrix
    /// [V, D]; the embedding itself where the file has no separate output matrix.
    let output: WeightMatrix
    /// [V]; empty where there is none.
    let outputBias: [Float]
    /// [D]
    let outputNorm: Norm
    /// [D]; nil where embeddings are not normed.
    let embeddingNorm: Norm?
    /// What is added to the embedding of the token at each position, [positions, D]; nil: nothing.
    let positions: WeightMatrix?
    /// Of what the layers' own inputs are made; nil: they have none.
    let layerInputs: LayerInputWeights?
    let layers: [LayerWeights]
    /// Bytes of the weights that were packed, beside those of the files.
    package let packedBytes: Int
    /// What became of the file of packed weights; nil where none was asked for.
    package let repackCache: RepackCache?
    /// What of the file was passed over because the caller wanted it so, in sentences for people.
    package let warnings: [String]
    /// In what form the matrices are kept.
    package let form: WeightForm
    private let source: any ModelSource

    /// In what form a model's matrices are kept.
    package enum WeightForm: Hashable, Sendable {
        /// Not at all: nothing can be multiplied by them. Shapes and formats tell the sums.
        case outline
        /// As the file has them, mapped: nothing is copied but what is rounded to another format,
        /// and products with bytes are possible only at the levels that walk rows of the file.
        case file
        /// As the products with bytes of the machine's level want them.
        case packed
        /// The same, but for experts that tokens choose: theirs stay in the file, and a step packs
        /// what it needs of them on the way. For models that do not fit into memory.
        case expertsInFile

        /// Whether there are panels.
        var packs: Bool { self == .packed || self == .expertsInFile }
    }

    /// Loads a model.
    ///
    /// - Parameters:
    ///   - source: An open file; it stays mapped for the life of the model.
    ///   - form: `packed` reads every matrix once, and writes about as many bytes.
    ///   - threads: Threads that pack; nil: as many as this process may run at once.
    ///   - repackCache: The path of a file that keeps the packed weights: it is mapped if it is of
    ///     this model and machine and every byte of it is as it was written, and made or replaced
    ///     otherwise. `repackCache` says which; whatever happens to it, the model loads.
    ///   - ignoringUnread: Whether a file is loaded although it has tensors or hyper-parameters
    ///     that change what the model computes and that its architecture does not read: `warnings`
    ///     then names them, and otherwise the error does.
    /// - Throws: `ModelError` that names the hyper-parameter or tensor, and the remedy;
    ///   `outOfMemory` if the system refuses the memory for packed matrices.
    package init(
        _ source: any ModelSource, form: WeightForm = .packed, threads: Int? = nil,
        repackCache: String? = nil, ignoringUnread: Bool = false
    ) throws(ModelError) {
        // All of the file: what is read on beyond a norm may be experts.
        if form == .expertsInFile { source.readsHereAndThere(true) }
        let log = ReadLog()
        let configuration = try ModelConfiguration(HyperParameters(source, log: log))
        let reader = TensorReader(source: source, log: log)
        let vocabulary = configuration.vocabularySize
        let width = configuration.embeddingLength
        embedding = try reader.matrix("token_embd.weight", outputs: vocabulary, inputs: width)
        // The logits' factor costs nothing where their norm has it.
        let scale = configuration.logitScale
        outputBias = try reader.optionalVector("output.bias", count: vocabulary).map { $0 * scale }
        let rule = configuration.norm
        outputNorm = try reader.norm(
            "output_norm", count: width, rule,
            needsBias: configuration.tensors.biased.contains(.attentionNorm)
        ).scaled(by: scale)
        embeddingNorm =
            configuration.normsEmbedding
            ? try reader.norm("token_embd_norm", count: width, rule, needsBias: true) : nil
        positions = configuration.hasLearnedPositions ? try reader.positions(width: width) : nil
        var layers: [LayerWeights] = []
        layers.reserveCapacity(configuration.layerCount)
        for index in 0..<configuration.layerCount {
            let layer = LayerReader(
                index: index, shape: configuration.layers[index], width: width,
                tensors: configuration.tensors, rule: rule, reader: reader)
            layers.append(try layer.layer())
        }
        var matrices = Packed(
            layers: layers,
            output: reader.has("output.weight")
                ? try reader.matrix("output.weight", outputs: vocabulary, inputs: width)
                : embedding,
            layerInputs: try configuration.layers[0].ownInput.map { values throws(ModelError) in
                try reader.layerInputs(configuration, values: values)
            })
        let unread = UnreadParts(source, architecture: configuration.architecture, log: log)
        if !ignoringUnread, let error = unread.error { throw error }
        warnings = [unread.warning].compactMap(\.self)
        if form.packs {
            matrices.leavesExperts = form == .expertsInFile
            matrices = try Self.pack(
                matrices, cachedAt: repackCache,
                revision: { () throws(ModelError) in
                    try Self.reading { () throws(ModelFileError) in try source.revision() }
                },
                threads: threads ?? WorkerPool.defaultThreads)
        }
        if form != .outline { try matrices.makeRest(threads: threads) }
        self.layers = matrices.layers
        self.form = form
        output = matrices.output
        layerInputs = matrices.layerInputs
        packedBytes = matrices.byteCount
        self.repackCache = matrices.cache
        self.configuration = configuration
        weightBytes = source.byteCount
        self.source = source
    }

    /// The matrices in the order in which a step reads them.
    private var matrices: [WeightMatrix] {
        [layerInputs?.projection].compactMap(\.self) + layers.flatMap(\.matrices) + [output]
    }

    /// The bytes of the matrices of which a token reads one row, and that are no product's.
    private var lookedUpBytes: Int {
        let isOutput = !source.hasTensor("output.weight")
        return (layerInputs?.embedding.byteCount ?? 0) + (isOutput ? 0 : embedding.byteCount)
    }

    /// Bytes of weights that steps keep in memory: what was packed, and the file's bytes otherwise.
    package var residentBytes: Int { residentBytes(in: form) }

    /// Bytes of weights that steps keep in memory in a form that the model need not have yet.
    package func residentBytes(in form: WeightForm) -> Int {
        func packed(_ matrix: WeightMatrix) -> Int { matrix.packedByteCount ?? 0 }
        var all = Packed(layers: layers, output: output, layerInputs: layerInputs)
        all.leavesExperts = form == .expertsInFile
        let panels = all.matrices.reduce(0) { $0 + packed($1) }
        let biases = layers.flatMap(\.experts).reduce(0) { $0 + ($1.biases?.byteCount ?? 0) }
        let latent = layers.compactMap(\.latent).filter { $0.copiedBytes > 0 }
        guard form.packs, panels > 0 else {
            // Of the file only the tensors are mapped: the header was read.
            let mapped = source.tensorNames.reduce(0) {
                $0 + (source.description(ofTensor: $1)?.byteCount ?? 0)
            }
            let left = form == .expertsInFile ? expertBytes : 0
            let own = biases + mapped - lookedUpBytes - left
            return latent.reduce(own) { $0 + $1.copiedBytes }
        }
        let rest = ([embedding] + all.matrices).filter { packed($0) == 0 }
        // Copies of which there are panels are kept beside them; others are among the rest.
        let copies = latent.filter { packed($0.keys[0]) > 0 }.reduce(0) { $0 + $1.copiedBytes }
        return rest.reduce(biases + copies + panels) { $0 + $1.byteCount }
    }

    /// The matrices of the experts that tokens choose.
    var chosenExperts: [WeightMatrix] { layers.flatMap(\.chosenExperts) }

    /// Bytes of the experts that tokens choose, in the file: what `expertsInFile` leaves there.
    package var expertBytes: Int {
        chosenExperts.reduce(0) { $0 + $1.byteCount }
    }

    /// Bytes of the experts that one token chooses, in the file.
    package var expertBytesPerToken: Int {
        layers.flatMap(\.experts).filter(\.areChosen).reduce(0) { sum, list in
            sum + list.matrices.reduce(0) { $0 + $1.byteCount } * list.shape.router.chosen
                / list.shape.router.experts
        }
    }

    /// Whether products with bytes are possible: where the level has panels, matrices are packed.
    var hasProductsWithBytes: Bool {
        form.packs || matrices.allSatisfy { ($0.packedByteCount ?? 0) == 0 }
    }

    /// A number that stands for these weights in this format.
    ///
    /// - Throws: `ModelError.invalidTensor` if the file has become shorter.
    /// - Complexity: O(tensors + bytes of the header); samples are read from the file.
    package func identity() throws(ModelError) -> UInt64 {
        try Self.reading { () throws(ModelFileError) in try source.identity() }
    }

    private static func reading<Value>(
        _ body: () throws(ModelFileError) -> Value
    ) throws(ModelError) -> Value {
        do {
            return try body()
        } catch {
            throw ModelError(.invalidTensor, error.message)
        }
    }

    /// Bytes of weights that a decoded token reads: all matrices but those of experts that it does
    /// not choose, and the embedding, of which
    /// a token reads one row, unless it is the output matrix as well.
    package var bytesPerToken: Int {
        func bytes(_ matrix: WeightMatrix) -> Int {
            (packedBytes > 0 ? matrix.packedByteCount : nil) ?? matrix.byteCount
        }
        let first = bytes(output) + (layerInputs.map { bytes($0.projection) } ?? 0)
        return layers.reduce(first) { $0 + $1.bytesPerToken(bytes) }
    }
}
