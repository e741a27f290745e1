/// Which experts the tokens of a step go to: made once for the largest step, filled by
/// `Compute.route` in every layer.
///
/// A token's choices are in order of their scores, the largest first. Rows of experts' inputs and
/// outputs are *places*: those of an expert lie side by side, in order of their tokens.
///
/// Sendable is unchecked: a routing is filled between jobs, or row by row within one.
@safe
package final class ExpertRouting: @unchecked Sendable {
    /// The tokens that there is room for.
    package let tokens: Int
    /// The experts of a token.
    package let chosen: Int

    /// The tokens of the step.
    private(set) var count = 0
    /// The experts that a token has chosen, and the rows of each.
    private(set) var segments: [Segment] = []
    /// The token at each place.
    package private(set) var origins: [Int32] = []
    /// The place of each token's choice: [tokens, chosen].
    private(set) var places: [Int32] = []

    /// The weights of each token's choices: [tokens, chosen].
    let weights: FloatMatrix
    private let choices: AlignedBuffer
    private var ends: [Int] = []

    /// The places of an expert's tokens.
    struct Segment {
        let expert: Int
        let rows: Range<Int>
    }

    /// Room for so many tokens. Throws `outOfMemory` or `tooLarge`.
    package init(tokens: Int, chosen: Int) throws(TensorError) {
        precondition(tokens >= 0 && chosen >= 1)
        self.tokens = tokens
        self.chosen = chosen
        weights = try FloatMatrix(rows: tokens, columns: chosen)
        choices = try AlignedBuffer(count: max(64, tokens * chosen * MemoryLayout<Int32>.stride))
    }

    /// The places: tokens times experts of each.
    package var placeCount: Int { count * chosen }

    /// The experts of a token, the one of the largest score first.
    package func experts(of token: Int) -> [Int] {
        precondition(token >= 0 && token < count)
        return (0..<chosen).map { Int(unsafe choice(token)[$0]) }
    }

    /// The weights of a token's experts.
    package func weights(of token: Int) -> [Float] {
        precondition(token >= 0 && token < count)
        return (0..<chosen).map { unsafe weights.pointer(token)[$0] }
    }

    /// Where a token's choices are kept.
    func choice(_ token: Int) -> UnsafeMutablePointer<Int32> {
        precondition(token >= 0 && token < tokens)
        let start = unsafe choices.start.unsafelyUnwrapped.assumingMemoryBound(to: Int32.self)
        return unsafe start + token * chosen
    }

    /// Sorts the choices of so many tokens by expert. O(tokens * chosen + experts).
    func sort(_ count: Int, experts: Int) {
        self.count = count
        ends.removeAll(keepingCapacity: true)
        ends.append(contentsOf: repeatElement(0, count: experts))
        for token in 0..<count {
            for rank in 0..<chosen { ends[Int(unsafe choice(token)[rank])] += 1 }
        }
        segments.removeAll(keepingCapacity: true)
        var sum = 0
        for expert in 0..<experts {
            let rows = sum..<sum + ends[expert]
            if !rows.isEmpty { segments.append(Segment(expert: expert, rows: rows)) }
            ends[expert] = sum
            sum = rows.upperBound
        }
        resize(&origins, to: sum)
        resize(&places, to: sum)
        for token in 0..<count {
            for rank in 0..<chosen {
                let expert = Int(unsafe choice(token)[rank])
                origins[ends[expert]] = Int32(token)
                places[token * chosen + rank] = Int32(ends[expert])
                ends[expert] += 1
            }
        }
    }

    /// Sends every token to every expert: there are as many as each chooses. O(tokens * experts),
    /// and nothing where the tokens are as many as before.
    package func sendToAll(_ tokens: Int) {
        precondition(tokens >= 0 && tokens <= self.tokens)
        guard tokens != count else { return }
        for token in 0..<tokens {
            for rank in 0..<chosen { unsafe choice(token)[rank] = Int32(rank) }
        }
        sort(tokens, experts: chosen)
    }

    private func resize(_ list: inout [Int32], to count: Int) {
        list.removeAll(keepingCapacity: true)
        list.append(contentsOf: repeatElement(0, count: count))
    }
}
