/// The tokens that may still be drawn and their weights, with the filters that thin them out.
///
/// A weight is `exp((logit - largest logit) / temperature)`: the most likely token has weight 1,
/// and probabilities are weights over their sum. Among equal weights the lower token comes first,
/// everywhere, so that every filter keeps one definite set.
struct Candidates {
    struct Candidate: Hashable {
        var token: UInt32
        var weight: Double

        /// Whether it comes first in descending order.
        func precedes(_ other: Candidate) -> Bool {
            weight != other.weight ? weight > other.weight : token < other.token
        }
    }

    private(set) var all: [Candidate] = []

    /// Fills in all tokens of weight at least `floor` and above 0, ascending by token.
    mutating func fill(
        _ logits: Span<Float>, largest: Float, temperature: Double, floor: Double
    ) {
        all.removeAll(keepingCapacity: true)
        let scale = 1 / temperature
        for token in logits.indices {
            let weight = Elementary.exp(Double(logits[token] - largest) * scale)
            if weight > 0, weight >= floor {
                all.append(Candidate(token: UInt32(token), weight: weight))
            }
        }
    }

    /// Keeps the `count` heaviest.
    ///
    /// - Complexity: O(n) on average: a partial quicksort around the boundary.
    mutating func keepHeaviest(_ count: Int) {
        guard count < all.count else { return }
        var low = 0
        var high = all.count - 1
        while low < high {
            let (left, right) = partition(low, high)
            if count - 1 <= left {
                high = left
            } else if count - 1 >= right {
                low = right
            } else {
                break
            }
        }
        all.removeLast(all.count - count)
    }

    /// Keeps the fewest heaviest whose weights add up to at least `share` of the sum; at least one.
    ///
    /// - Complexity: O(n + m log m) for the m that are not too light to matter.
    mutating func keepNucleus(_ share: Double) {
        guard share < 1 else { return }
        let total = sum
        // All those lighter than this weigh less than `1 - share` of the sum together, so the
        // nucleus lies among the others: of a vocabulary that leaves few to sort.
        let floor = (1 - share) * total / Double(all.count)
        all.removeAll { $0.weight < floor }
        all.sort { $0.precedes($1) }
        var reached = 0.0
        var count = 0
        repeat {
            reached += all[count].weight
            count += 1
        } while reached < share * total && count < all.count
        all.removeLast(all.count - count)
    }

    /// The one on which `point` of the sum falls, when all are laid side by side by token.
    mutating func draw(at point: Double) -> UInt32 {
        all.sort { $0.token < $1.token }
        let target = point * sum
        var reached = 0.0
        for candidate in all {
            reached += candidate.weight
            if reached > target { return candidate.token }
        }
        guard let last = all.last else { preconditionFailure("no token is left to draw") }
        return last.token
    }

    /// The sum of the weights, in the order of `all`.
    private var sum: Double { all.reduce(0) { $0 + $1.weight } }

    /// Hoare's partition: afterwards everything up to `left` precedes or equals the pivot and
    /// everything from `right` on follows or equals it.
    private mutating func partition(_ low: Int, _ high: Int) -> (left: Int, right: Int) {
        let pivot = median(all[low], all[low + (high - low) / 2], all[high])
        var i = low
        var j = high
        while i <= j {
            while all[i].precedes(pivot) { i += 1 }
            while pivot.precedes(all[j]) { j -= 1 }
            if i <= j {
                all.swapAt(i, j)
                i += 1
                j -= 1
            }
        }
        return (j, i)
    }

    private func median(_ a: Candidate, _ b: Candidate, _ c: Candidate) -> Candidate {
        if a.precedes(b) {
            return b.precedes(c) ? b : (a.precedes(c) ? c : a)
        }
        return a.precedes(c) ? a : (b.precedes(c) ? c : b)
    }
}
