import ModelFiles
import TestSupport

/// A model small enough to check by hand: random F32 weights in the shapes of an architecture.
struct TinyModel {
    struct Tensor {
        /// [outputs][inputs], or one row for a vector.
        var rows: Int
        var columns: Int
        var isVector: Bool
        var values: [Float]
        /// Matrices one after another, each of so many rows less.
        var stack = 1
        /// The bytes in the file's format, instead of `values`.
        var bytes: [UInt8]?
    }

    var architecture: String
    var layers = 3
    var width = 32
    var heads = 4
    var kvHeads = 2
    var headDimension = 8
    var hidden = 48
    var vocabulary = 50
    var context = 512
    var epsilon: Float = 1e-5
    var ropeBase: Float = 10_000
    var window: Int?
    var hasOutput = true
    /// The matrices that have a bias, by their names without `blk.N.` and `.weight`.
    var biases: Set<String> = []
    /// Hyper-parameters that a file need not have.
    var rotary: Int?
    var attentionScale: Float?
    var embeddingScale: Float?
    var logitCap: Float?
    var localRopeBase: Float?
    var globalPeriod: Int?
    var tensors: [String: Tensor] = [:]

    var traits: TinyTraits

    /// Random weights for the shapes that `change` leaves.
    init(_ architecture: String, seed: UInt64 = 1, _ change: (inout TinyModel) -> Void = { _ in }) {
        self.architecture = architecture
        traits = TinyTraits(architecture)
        if traits.scalesEmbedding { hasOutput = false }
        if traits.headNorm == .heads { headDimension = 16 }
        if traits.turnedEighths < 8 { rotary = headDimension * traits.turnedEighths / 8 }
        biases = traits.biases
        if traits.globalPeriod > 0 {
            layers = traits.globalPeriod + 1
            window = 12
        }
        if traits.unturnedPeriod > 0 { layers = traits.unturnedPeriod + 1 }
        if architecture == "gemma3" {
            ropeBase = 1_000_000
        }
        if ["qwen2", "qwen2moe", "seed_oss"].contains(architecture) {
            biases = ["attn_q", "attn_k", "attn_v"]
        }
        change(&self)
        var random = SeededGenerator(seed: seed)
        add("token_embd.weight", vocabulary, width, &random)
        addNorm("output_norm", &random)
        if traits.learnsPositions { add("position_embd.weight", context, width, &random) }
        if hasOutput { add("output.weight", vocabulary, width, &random) }
        for layer in 0..<layers { addLayer("blk.\(layer).", &random) }
        if biases.contains("output") { addVector("output.bias", vocabulary, &random, around: 0) }
    }

    private mutating func addLayer(_ prefix: String, _ random: inout SeededGenerator) {
        let queryWidth = heads * headDimension
        let kvWidth = kvHeads * headDimension
        if traits.normsBefore {
            addNorm(prefix + traits.attentionNorm, &random)
        }
        add(prefix + "attn_q.weight", queryWidth, width, &random)
        add(prefix + "attn_k.weight", kvWidth, width, &random)
        add(prefix + "attn_v.weight", kvWidth, width, &random)
        add(prefix + "attn_output.weight", width, queryWidth, &random)
        if traits.normsBefore, !traits.sharesNorm {
            addNorm(prefix + traits.networkNorm, &random)
        }
        if traits.experts > 0 {
            addExperts(prefix, &random)
        } else {
            if !traits.isPlain { add(prefix + "ffn_gate.weight", hidden, width, &random) }
            add(prefix + "ffn_up.weight", hidden, width, &random)
            add(prefix + "ffn_down.weight", width, hidden, &random)
        }
        let widths = [
            ("attn_q", queryWidth), ("attn_k", kvWidth), ("attn_v", kvWidth),
            ("attn_output", width), ("ffn_gate", hidden), ("ffn_up", hidden), ("ffn_down", width),
        ]
        for (name, count) in widths where biases.contains(name) {
            addVector(prefix + name + ".bias", count, &random, around: 0)
        }
        if traits.headNorm != .none {
            let isRow = traits.headNorm == .row
            let (query, key) = isRow ? (queryWidth, kvWidth) : (headDimension, headDimension)
            let isOwn = traits.headNorm == .ownHeads
            for (name, width, heads) in [("q", query, heads), ("k", key, kvHeads)] {
                let name = prefix + "attn_\(name)_norm.weight"
                addVector(name, isOwn ? width * heads : width, &random, around: 1)
                if isOwn {
                    tensors[name]?.isVector = false
                    tensors[name]?.rows = heads
                    tensors[name]?.columns = width
                }
            }
        }
        if traits.normsAfter {
            addVector(prefix + "post_attention_norm.weight", width, &random, around: 1)
            addVector(prefix + "post_ffw_norm.weight", width, &random, around: 1)
        }
    }

    private mutating func add(
        _ name: String, _ rows: Int, _ columns: Int, _ random: inout SeededGenerator
    ) {
        let values = (0..<rows * columns).map { _ in Float.random(in: -0.4...0.4, using: &random) }
        tensors[name] = Tensor(rows: rows, columns: columns, isVector: false, values: values)
    }

    private mutating func addExperts(_ prefix: String, _ random: inout SeededGenerator) {
        let count = traits.experts
        add(prefix + "ffn_gate_inp.weight", count, width, &random)
        for (name, rows, columns) in [
            ("gate", hidden, width), ("up", hidden, width), ("down", width, hidden),
        ] {
            add(prefix + "ffn_\(name)_exps.weight", count * rows, columns, &random)
            tensors[prefix + "ffn_\(name)_exps.weight"]?.stack = count
            guard traits.shared != .none else { continue }
            add(prefix + "ffn_\(name)_shexp.weight", rows, columns, &random)
        }
        guard traits.shared == .weighed else { return }
        addVector(prefix + "ffn_gate_inp_shexp.weight", width, &random, around: 0)
    }

    private mutating func addNorm(_ name: String, _ random: inout SeededGenerator) {
        addVector(name + ".weight", width, &random, around: 1)
        if traits.normsMean, traits.normsHaveBias {
            addVector(name + ".bias", width, &random, around: 0)
        }
    }

    private mutating func addVector(
        _ name: String, _ count: Int, _ random: inout SeededGenerator, around center: Float
    ) {
        let values = (0..<count).map { _ in
            center + Float.random(in: -0.3...0.3, using: &random)
        }
        tensors[name] = Tensor(rows: 1, columns: count, isVector: true, values: values)
    }
}
