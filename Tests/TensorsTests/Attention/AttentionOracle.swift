import Foundation

@testable import Tensors

extension PagedRequests {
    /// Attention by its definition, in double precision, over the keys and values as the cache
    /// stores them: [token][width] for every `every`-th token of a request, counted from its end.
    func oracle(
        _ inputs: FloatMatrix, every: Int, rounding compute: Compute
    ) -> [Int: [Double]] {
        let rows = inputs.arrays
        let stored = rows.map { row in
            let floats = Array(row[(3 + width)...])
            return switch element {
            case .f16: compute.float32(float16: compute.float16(floats)).map { Double($0) }
            case .bf16: compute.float32(bfloat16: compute.bfloat16(floats)).map { Double($0) }
            case .f32: floats.map { Double($0) }
            case .int8:
                stride(from: 0, to: floats.count, by: headDim).flatMap {
                    throughBytes(floats[$0..<$0 + headDim])
                }
            }
        }
        var outputs: [Int: [Double]] = [:]
        var start = 0
        for context in contexts {
            for position in stride(from: context - 1, through: 0, by: -every) {
                let first =
                    window.map { isChunked ? position - position % $0 : max(0, position + 1 - $0) }
                    ?? 0
                let seen = start + first...start + position
                let query = rows[start + position][3..<3 + width].map { Double($0) }
                outputs[start + position] = (0..<heads).flatMap { head in
                    attend(
                        Array(query[head * headDim..<(head + 1) * headDim]), stored[seen],
                        head: head)
                }
            }
            start += context
        }
        return outputs
    }

    /// A head's numbers as int8 with one scale keeps them: turned, rounded and turned back.
    private func throughBytes(_ floats: ArraySlice<Float>) -> [Double] {
        var turned = Array(floats)
        turn(&turned)
        let largest = turned.reduce(0) { max($0, abs($1)) }
        let inverse = largest > 0 ? 127 / largest : 0
        var kept = turned.map {
            Double(($0 * inverse).rounded(.toNearestOrEven)) * Double(largest / 127)
        }
        turn(&kept)
        return kept
    }

    /// The Hadamard matrix of the largest power of two that divides a head.
    private func turn<Number: BinaryFloatingPoint>(
        _ x: inout [Number]
    ) {
        let size = x.count & -x.count
        var half = 1
        while half < size {
            for start in stride(from: 0, to: x.count, by: 2 * half) {
                for i in start..<start + half {
                    (x[i], x[i + half]) = (x[i] + x[i + half], x[i] - x[i + half])
                }
            }
            half *= 2
        }
        let factor = 1 / Number(size).squareRoot()
        for i in x.indices { x[i] *= factor }
    }

    private func attend(
        _ query: [Double], _ stored: ArraySlice<[Double]>, head: Int
    ) -> [Double] {
        let kvHead = head / (heads / kvHeads)
        let scores = stored.indices.map { position in
            let slot = stored[position]
            var dot = 0.0
            for i in 0..<headDim { dot += query[i] * slot[kvHead * headDim + i] }
            let score = dot * Double(scale)
            let capped = softCap.map { Double($0) * tanh(score / Double($0)) } ?? score
            guard !terms.slopes.isEmpty else { return capped }
            let distance = Double(stored.endIndex - 1 - position)
            return capped - Double(terms.slopes[head]) * distance
        }
        let sink = terms.sinks.isEmpty ? -Double.infinity : Double(terms.sinks[head])
        let largest = scores.reduce(sink, max)
        var sum = [Double](repeating: 0, count: headDim)
        var total = exp(sink - largest)
        for (score, slot) in zip(scores, stored) {
            let weight = exp(score - largest)
            total += weight
            for i in 0..<headDim { sum[i] += weight * slot[kvWidth + kvHead * headDim + i] }
        }
        return sum.map { $0 / total }
    }
}
