import KVCache
import Scheduling
import Tensors

/// The KV cache as one step sees it: where its tokens are kept, and what its rows see.
///
/// Made once; every step fills it again and keeps its memory.
final class CacheStep {
    private let arena: KVArena
    private let workspace: AttentionWorkspace
    private let layers: [CachedLayer]
    private var rows: [AttentionRow] = []
    /// The tokens of all rows, one row after another.
    private var tokens: [KVToken] = []
    /// The tokens of each row whose logits are wanted: the queries of the last layer that keeps
    /// keys and values and of those after it, one row after another (`ForwardPass.keepOutputs`).
    private var outputRows: [AttentionRow] = []
    /// For each cache group, the blocks of all rows, one row after another.
    private var tables: [[UInt32]] = []

    /// A layer's place in the cache and what its attention computes.
    struct CachedLayer {
        /// Whether keys and values are this layer's own, or those of one before it.
        let isOwn: Bool
        let group: Int
        let placement: KVPlacement
        let parameters: AttentionParameters
        let terms: HeadTerms
        /// What int8 keys are kept without.
        let keyShift: [Float]?
        /// Shared by all layers whose queries see the same.
        let plan: AttentionPlan
        /// Whether this is the first layer of its plan.
        let isFirst: Bool
        /// Whether its queries are those of the wanted tokens alone, which have plans of their own.
        let isNarrow: Bool
    }

    /// The cache of a model whose layers are `layers`, as no step sees it yet.
    init(_ layers: [CachedLayer], _ arena: KVArena, _ workspace: AttentionWorkspace) {
        self.arena = arena
        self.workspace = workspace
        self.layers = layers
    }

    /// Takes in a step. O(rows + entries of their tables); allocates when they are more than ever.
    func update(_ plan: borrowing StepPlan) {
        while tables.count < plan.blockTables.count { tables.append([]) }
        for group in plan.blockTables.indices {
            tables[group].removeAll(keepingCapacity: true)
            for block in plan.blockTables[group] { tables[group].append(block.rawValue) }
        }
        rows.removeAll(keepingCapacity: true)
        tokens.removeAll(keepingCapacity: true)
        outputRows.removeAll(keepingCapacity: true)
        for row in plan.rows {
            let queries = AttentionRow(
                queryStart: row.queryStart, queryLength: row.queryLength,
                contextLength: row.contextLength, tableStart: row.tableStart)
            rows.append(queries)
            precondition(row.queryStart == tokens.count, "a step's rows follow one another")
            queries.appendTokens(to: &tokens)
            guard row.outputLength > 0 else { continue }
            outputRows.append(
                AttentionRow(
                    queryStart: row.outputStart, queryLength: row.outputLength,
                    contextLength: row.contextLength, tableStart: row.tableStart))
        }
        for layer in layers where layer.isFirst {
            layer.plan.make(
                layer.isNarrow ? outputRows : rows, parameters: layer.parameters,
                kvHeads: layer.placement.kvHeads,
                headDim: layer.placement.headDim, threads: workspace.threads)
        }
    }

    /// Where the keys and values of the step's tokens are kept in a layer; nil: it has none.
    func write(_ layer: Int) -> KVWrite? {
        let place = layers[layer]
        guard place.isOwn else { return nil }
        return KVWrite(
            tokens: tokens, blockTable: tables[place.group], placement: place.placement,
            arena: arena, keyShift: place.keyShift)
    }

    /// Lets every query attend to what its row sees of one layer: [T, H·d], and [O, H·d] of the
    /// O wanted outputs alone from the last layer on that keeps any.
    func attend(
        _ layer: Int, queries: FloatMatrix, into output: FloatMatrix, _ compute: Compute
    ) {
        let place = layers[layer]
        compute.attention(
            queries, rows: place.isNarrow ? outputRows : rows, blockTable: tables[place.group],
            parameters: place.parameters, terms: place.terms,
            placement: place.placement, arena: arena, workspace: workspace, plan: place.plan,
            into: output)
    }
}

extension CacheStep.CachedLayer {
    /// Layers of one shape split their work alike.
    private struct AttentionShape: Hashable {
        let parameters: AttentionParameters
        let kvHeads: Int
        let headDim: Int
    }

    /// Finds every layer of a model in a cache made for it. Throws `outOfMemory`.
    static func layers(_ model: CPUModel, _ arena: ArenaLayout) throws(TensorError) -> [Self] {
        let c = model.configuration
        var plans: [AttentionShape: AttentionPlan] = [:]
        var layers: [Self] = []
        let places = c.cacheLayers
        for layer in 0..<c.layerCount {
            let computed = c.layers[layer]
            var window: Int?
            if case .slidingWindow(let length) = computed.span { window = length }
            let parameters = AttentionParameters(
                heads: computed.headCount, scale: computed.attentionScale, window: window,
                isChunked: computed.isChunked, softCap: computed.scoreCap)
            let placement = arena.placement(ofLayer: places[layer])
            let shape = AttentionShape(
                parameters: parameters, kvHeads: placement.kvHeads, headDim: placement.headDim)
            if layer == c.lastOwnLayer { plans = [:] }
            let isFirst = plans[shape] == nil
            if isFirst { plans[shape] = try AttentionPlan() }
            guard let own = plans[shape] else { preconditionFailure("just made") }
            layers.append(
                Self(
                    isOwn: computed.keyValueLayer == nil,
                    group: arena.cache.locations[places[layer]].group,
                    placement: placement,
                    parameters: parameters,
                    terms: HeadTerms(
                        sinks: model.layers[layer].sinks,
                        slopes: computed.slopeExponent.map {
                            HeadTerms.alibi(heads: computed.headCount, maxBias: $0)
                        } ?? []),
                    keyShift: arena.cache.dtype == .int8
                        ? keyShift(model.layers[layer], c, context: arena.cache.maxModelLength)
                        : nil,
                    plan: own, isFirst: isFirst, isNarrow: layer >= c.lastOwnLayer))
        }
        return layers
    }

    /// The biases of a layer's keys, in the elements that positions hardly turn: nil without any.
    ///
    /// In Qwen2 the biases of the slowest pairs are a hundred times larger than the differences
    /// between keys, so int8 keys are kept without them. A fast pair rotates its bias by another
    /// angle at every position: it is no constant that could be left out, and its entry here is 0.
    private static func keyShift(
        _ layer: LayerWeights, _ c: ModelConfiguration, context: Int
    ) -> [Float]? {
        let shape = layer.shape
        // A norm or a bound of the keys comes after the bias: the keys then have no constant part.
        // A cap of the scores bends what the constant adds to them, and a sink's score does not
        // have it.
        guard !layer.queryKeyValueBias.isEmpty, layer.keyNorm.isEmpty, shape.scoreCap == nil,
            !shape.hasSinks, shape.queryKeyValueBound == nil, shape.keyValueLayer == nil
        else { return nil }
        let keys = shape.queryWidth..<shape.queryWidth + shape.keyValueWidth
        var shift = Array(layer.queryKeyValueBias[keys])
        guard let rope = shape.rope.map({ c.ropes[$0] }) else { return shift }
        let frequencies = rope.frequencies(context: context)
        for index in shift.indices {
            let element = index % shape.headDimension
            guard element < rope.dimension else { continue }
            let pairs = rope.dimension / 2
            let pair = rope.pairing == .neox ? element % pairs : element / 2
            if frequencies[pair] > ModelLimits.slowestTurn { shift[index] = 0 }
        }
        return shift
    }
}
