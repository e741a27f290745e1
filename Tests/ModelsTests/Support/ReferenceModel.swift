import Foundation

/// The forward pass in double precision, written from the papers and without any of the
/// product's code: dense attention over the whole sequence, no cache, no blocks.
struct ReferenceModel {
    typealias Vector = [Double]

    let model: TinyModel

    /// The logits of every position: [tokens][vocabulary].
    func logits(_ tokens: [Int]) -> [Vector] {
        let embedding = model.tensors["token_embd.weight"]
        let usual = model.isGemma ? Double(model.width).squareRoot() : 1
        let scale = model.embeddingScale.map { Double($0) } ?? usual
        var x: [Vector] = tokens.map { token in
            row(embedding, token).map { $0 * scale }
        }
        for layer in 0..<model.layers {
            let prefix = "blk.\(layer)."
            let attended = attention(x.map { norm($0, prefix + "attn_norm.weight") }, layer)
            x = zip(x, attended).map { x, y in
                add(x, model.isGemma ? norm(y, prefix + "post_attention_norm.weight") : y)
            }
            x = x.map { x in
                let y = feedForward(norm(x, prefix + "ffn_norm.weight"), prefix)
                return add(x, model.isGemma ? norm(y, prefix + "post_ffw_norm.weight") : y)
            }
        }
        let output = model.hasOutput ? "output.weight" : "token_embd.weight"
        return x.map { x in
            let logits = biased("output", multiply(output, norm(x, "output_norm.weight")))
            guard let cap = model.logitCap.map({ Double($0) }) else { return logits }
            return logits.map { cap * tanh($0 / cap) }
        }
    }

    private func attention(_ x: [Vector], _ layer: Int) -> [Vector] {
        let prefix = "blk.\(layer)."
        let isGlobal = !model.isGemma || (layer + 1) % (model.globalPeriod ?? 6) == 0
        let base = isGlobal ? Double(model.ropeBase) : Double(model.localRopeBase ?? 10_000)
        let window = model.isGemma && isGlobal ? nil : model.window
        func heads(_ part: String, turned: Bool) -> [[Vector]] {
            x.enumerated().map { position, x in
                let y = project(prefix + "attn_\(part)", x)
                let d = model.headDimension
                return stride(from: 0, to: y.count, by: d).map { start in
                    var head = Array(y[start..<start + d])
                    guard turned else { return head }
                    if model.isGemma { head = norm(head, prefix + "attn_\(part)_norm.weight") }
                    return turn(head, position: position, base: base)
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
                let scores = (first...i).map { dot(q[i][head], k[$0][kvHead]) * scale }
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
        let gate = project(prefix + "ffn_gate", x)
        let up = project(prefix + "ffn_up", x)
        let hidden = zip(gate, up).map { gate, up in
            if model.isGemma {
                let inner = (2 / Double.pi).squareRoot() * (gate + 0.044715 * gate * gate * gate)
                return 0.5 * gate * (1 + tanh(inner)) * up
            }
            return gate / (1 + exp(-gate)) * up
        }
        return project(prefix + "ffn_down", hidden)
    }

    private func turn(_ x: Vector, position: Int, base: Double) -> Vector {
        let turned = model.rotary ?? x.count
        let half = turned / 2
        let isInterleaved = !model.isGemma && !model.isQwen
        var y = x
        for i in 0..<half {
            let angle = Double(position) * pow(base, -2 * Double(i) / Double(turned))
            let (a, b) = isInterleaved ? (2 * i, 2 * i + 1) : (i, i + half)
            y[a] = x[a] * cos(angle) - x[b] * sin(angle)
            y[b] = x[a] * sin(angle) + x[b] * cos(angle)
        }
        return y
    }

    private func norm(_ x: Vector, _ name: String) -> Vector {
        let mean = dot(x, x) / Double(x.count)
        let factor = 1 / (mean + Double(model.epsilon)).squareRoot()
        return zip(x, vector(name)).map { $0 * factor * $1 }
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
