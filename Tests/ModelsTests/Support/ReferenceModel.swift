import Foundation

/// The forward pass in double precision, written from the papers and without any of the
/// product's code: dense attention over the whole sequence, no cache, no blocks.
struct ReferenceModel {
    typealias Vector = [Double]

    let model: TinyModel

    /// The logits of every position: [tokens][vocabulary].
    func logits(_ tokens: [Int]) -> [Vector] {
        let embedding = model.tensors["token_embd.weight"]
        let traits = model.traits
        let usual = traits.scalesEmbedding ? Double(model.width).squareRoot() : 1
        let scale = model.embeddingScale.map { Double($0) } ?? usual
        var x: [Vector] = tokens.enumerated().map { position, token in
            let x = row(embedding, token).map { $0 * scale }
            guard traits.learnsPositions else { return x }
            return add(x, row(model.tensors["position_embd.weight"], position))
        }
        for layer in 0..<model.layers {
            let prefix = "blk.\(layer)."
            func before(_ x: Vector, _ name: String) -> Vector {
                traits.normsBefore ? norm(x, prefix + name + ".weight") : x
            }
            func after(_ y: Vector, _ name: String) -> Vector {
                traits.normsAfter
                    ? norm(y, prefix + name + ".weight") : y.map { $0 * traits.residualScale }
            }
            let first = x
            let attended = attention(x.map { before($0, traits.attentionNorm) }, layer)
            x = zip(x, attended).map { x, y in add(x, after(y, "post_attention_norm")) }
            x = zip(x, first).map { x, first in
                let name = traits.sharesNorm ? traits.attentionNorm : traits.networkNorm
                let y = feedForward(before(traits.isParallel ? first : x, name), prefix)
                return add(x, after(y, "post_ffw_norm"))
            }
        }
        let output = model.hasOutput ? "output.weight" : "token_embd.weight"
        return x.map { x in
            let logits = biased("output", multiply(output, norm(x, "output_norm.weight")))
                .map { $0 / traits.logitDivisor }
            guard let cap = model.logitCap.map({ Double($0) }) else { return logits }
            return logits.map { cap * tanh($0 / cap) }
        }
    }

    private func attention(_ x: [Vector], _ layer: Int) -> [Vector] {
        let prefix = "blk.\(layer)."
        let traits = model.traits
        let period = model.globalPeriod ?? traits.globalPeriod
        let isGlobal = period > 0 && (layer + 1) % period == 0
        let isLocal = model.window != nil && !isGlobal
        let usual = Double(model.ropeBase)
        let local = model.localRopeBase.map { Double($0) } ?? traits.localBase ?? usual
        let base = isLocal ? local : usual
        let isTurned =
            !(isGlobal && traits.globalIsUnturned) && !traits.learnsPositions
            && !(traits.unturnedPeriod > 0 && (layer + 1) % traits.unturnedPeriod == 0)
        let window = isGlobal ? nil : model.window
        func heads(_ part: String, turned: Bool) -> [[Vector]] {
            x.enumerated().map { position, x in
                var y = project(prefix + "attn_\(part)", x)
                let d = model.headDimension
                let weight = prefix + "attn_\(part)_norm.weight"
                if turned, traits.headNorm == .row { y = norm(y, weight) }
                return stride(from: 0, to: y.count, by: d).map { start in
                    var head = Array(y[start..<start + d])
                    guard turned else { return head }
                    let isNormed = traits.headNorm == .heads
                    if isNormed, !traits.normsTurned { head = norm(head, weight) }
                    if traits.headNorm == .ownHeads {
                        head = norm(head, row(model.tensors[weight], start / d))
                    }
                    if isTurned { head = turn(head, position: position, base: base) }
                    if isNormed, traits.normsTurned { head = norm(head, weight) }
                    return head
                }
            }
        }
        let q = heads("q", turned: true)
        let k = heads("k", turned: true)
        let v = heads("v", turned: false)
        let scale =
            model.attentionScale.map { Double($0) } ?? 1 / Double(model.headDimension).squareRoot()
        return x.indices.map { i in
            var all: Vector = []
            for head in 0..<model.heads {
                let kvHead = head * model.kvHeads / model.heads
                let first = window.map { max(0, i + 1 - $0) } ?? 0
                let scores = (first...i).map { key in
                    let score = dot(q[i][head], k[key][kvHead]) * scale
                    return traits.scoreCap.map { $0 * tanh(score / $0) } ?? score
                }
                let largest = scores.max() ?? 0
                let weights = scores.map { exp($0 - largest) }
                let sum = weights.reduce(0, +)
                for d in 0..<model.headDimension {
                    all.append(
                        zip(first...i, weights).reduce(0) { $0 + $1.1 * v[$1.0][kvHead][d] } / sum)
                }
            }
            return project(prefix + "attn_output", all)
        }
    }

    private func feedForward(_ x: Vector, _ prefix: String) -> Vector {
        let traits = model.traits
        guard traits.experts > 0 else { return network(x, prefix) }
        let scores = multiply(prefix + "ffn_gate_inp.weight", x).map { exp($0) }
        let chosen = scores.indices.sorted { scores[$0] > scores[$1] }.prefix(traits.chosen)
        let all = traits.weightsAddUp ? chosen.map { scores[$0] } : scores
        let sum = all.reduce(0, +)
        var y = Vector(repeating: 0, count: x.count)
        func expert(_ suffix: String, _ index: Int, _ weight: Double) {
            func part(_ name: String, _ x: Vector) -> Vector {
                let tensor = model.tensors[prefix + "ffn_\(name)_\(suffix).weight"]
                let rows = (tensor?.rows ?? 0) / (tensor?.stack ?? 1)
                return (index * rows..<(index + 1) * rows).map { dot(row(tensor, $0), x) }
            }
            let hidden = zip(part("gate", x), part("up", x)).map { activation($0) * $1 }
            y = add(y, part("down", hidden).map { $0 * weight })
        }
        for index in chosen { expert("exps", index, scores[index] / sum) }
        switch traits.shared {
        case .none: break
        case .plain: expert("shexp", 0, 1)
        case .weighed:
            let gate = dot(vector(prefix + "ffn_gate_inp_shexp.weight"), x)
            expert("shexp", 0, 1 / (1 + exp(-gate)))
        }
        return y
    }

    private func network(_ x: Vector, _ prefix: String) -> Vector {
        let up = project(prefix + "ffn_up", x)
        let hidden =
            model.traits.isPlain
            ? up.map(activation)
            : zip(project(prefix + "ffn_gate", x), up).map { activation($0) * $1 }
        return project(prefix + "ffn_down", hidden)
    }

    private func activation(_ x: Double) -> Double {
        switch model.traits.gate {
        case .silu: return x / (1 + exp(-x))
        case .gelu:
            let inner = (2 / Double.pi).squareRoot() * (x + 0.044715 * x * x * x)
            return 0.5 * x * (1 + tanh(inner))
        case .exactGelu: return 0.5 * x * (1 + erf(x / 2.0.squareRoot()))
        case .squaredRelu: return max(x, 0) * max(x, 0)
        }
    }

    private func turn(_ x: Vector, position: Int, base: Double) -> Vector {
        let turned = model.rotary ?? x.count
        let half = turned / 2
        var y = x
        for i in 0..<half {
            let angle = Double(position) * pow(base, -2 * Double(i) / Double(turned))
            let (a, b) = model.traits.isInterleaved ? (2 * i, 2 * i + 1) : (i, i + half)
            y[a] = x[a] * cos(angle) - x[b] * sin(angle)
            y[b] = x[a] * sin(angle) + x[b] * cos(angle)
        }
        return y
    }

    private func norm(_ x: Vector, _ name: String) -> Vector {
        let y = norm(x, vector(name))
        let bias = name.replacing(".weight", with: ".bias")
        return model.tensors[bias] == nil ? y : add(y, vector(bias))
    }

    private func norm(_ x: Vector, _ weight: Vector) -> Vector {
        let mean = model.traits.normsMean ? x.reduce(0, +) / Double(x.count) : 0
        let centred = x.map { $0 - mean }
        let square = dot(centred, centred) / Double(x.count)
        let factor = 1 / (square + Double(model.epsilon)).squareRoot()
        return zip(centred, weight).map { $0 * factor * $1 }
    }

    /// A product and its bias, if the model has one.
    private func project(_ name: String, _ x: Vector) -> Vector {
        biased(name, multiply(name + ".weight", x))
    }

    private func biased(_ name: String, _ x: Vector) -> Vector {
        model.tensors[name + ".bias"] == nil ? x : add(x, vector(name + ".bias"))
    }

    private func multiply(_ name: String, _ x: Vector) -> Vector {
        let tensor = model.tensors[name]
        return (0..<(tensor?.rows ?? 0)).map { dot(row(tensor, $0), x) }
    }

    private func vector(_ name: String) -> Vector { row(model.tensors[name], 0) }

    private func row(_ tensor: TinyModel.Tensor?, _ index: Int) -> Vector {
        guard let tensor else { return [] }
        let start = index * tensor.columns
        return tensor.values[start..<start + tensor.columns].map(Double.init)
    }

    private func add(_ a: Vector, _ b: Vector) -> Vector { zip(a, b).map(+) }

    private func dot(_ a: Vector, _ b: Vector) -> Double {
        zip(a, b).reduce(0) { $0 + $1.0 * $1.1 }
    }
}
