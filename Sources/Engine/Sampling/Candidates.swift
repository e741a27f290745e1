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

    /// Up to this many of the heaviest are picked out of the logits in one pass.
    private static let pickedAtMost = 128

    private(set) var all: [Candidate] = []
    /// Whether `all` is ascending by token.
    private var isAscending = true
    private var picked: [(token: Int, logit: Float)] = []

    /// Fills in the tokens of weight at least `floor` and above 0.
    ///
    /// - Parameter count: only as many of the heaviest; 0 and below: all.
    /// - Complexity: O(vocabulary); an exponential for each token, or for `count` of them where
    ///   that is a small number.
    mutating func fill(
        _ logits: Span<Float>, largest: Float, temperature: Double, floor: Double, count: Int
    ) {
        all.removeAll(keepingCapacity: true)
        isAscending = true
        let scale = 1 / temperature
        guard count <= 0 || count > Self.pickedAtMost else {
            pick(count, of: logits)
            isAscending = false
            for (token, logit) in picked {
                add(token, Elementary.exp(Double(logit - largest) * scale), floor)
            }
            return
        }
        all.reserveCapacity(logits.count)
        for token in logits.indices {
            add(token, Elementary.exp(Double(logits[token] - largest) * scale), floor)
        }
        if count > 0 { keepHeaviest(count) }
    }

    @inline(__always)
    private mutating func add(_ token: Int, _ weight: Double, _ floor: Double) {
        guard weight > 0, weight >= floor else { return }
        all.append(Candidate(token: UInt32(token), weight: weight))
    }

    /// Picks the largest logits, the lower tokens of equals. Weights have the order of logits.
    private mutating func pick(_ count: Int, of logits: Span<Float>) {
        picked.removeAll(keepingCapacity: true)
        var least = -Float.infinity
        for token in logits.indices {
            let logit = logits[token]
            guard logit > least || picked.count < count else { continue }
            if picked.count == count { picked.removeLast() }
            // Equals stay behind those before them, which have lower numbers.
            var place = picked.count
            while place > 0, picked[place - 1].logit < logit { place -= 1 }
            picked.insert((token, logit), at: place)
            if picked.count == count { least = picked[count - 1].logit }
        }
    }

    /// Keeps the `count` heaviest.
    ///
    /// - Complexity: O(n) on average: a partial quicksort around the boundary.
    private mutating func keepHeaviest(_ count: Int) {
        guard count < all.count else { return }
        isAscending = false
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
        isAscending = false
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
        if !isAscending { all.sort { $0.token < $1.token } }
        isAscending = true
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
