import Tensors

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

    /// The candidates, once `list` or a filter has made the list.
    private(set) var all: [Candidate] = []
    /// Whether `all` is ascending by token.
    private var isAscending = true
    /// Whether the weights stand for all tokens and `all` is not made yet.
    private var isDense = false
    /// The weights of all tokens; 0: no candidate. Only their first `size` are of this row.
    private var weights: [Double] = []
    private var size = 0
    private var total = 0.0
    private var count = 0
    private var tokens: [UInt32] = []
    private var picked: [(token: Int, logit: Float)] = []
    private let scan = LogitScan()

    /// Fills in the tokens of weight at least `floor` and above 0.
    ///
    /// - Parameter count: only as many of the heaviest; 0 and below: all.
    /// - Complexity: O(vocabulary); an exponential for each token, or for `count` of them where
    ///   that is a small number.
    mutating func fill(
        _ logits: Span<Float>, largest: Float, temperature: Double, floor: Double, count: Int
    ) {
        all.removeAll(keepingCapacity: true)
        let scale = 1 / temperature
        guard count <= 0 || count > Self.pickedAtMost else {
            pick(count, of: logits)
            isDense = false
            isAscending = false
            for (token, logit) in picked {
                let weight = Elementary.exp(Double(logit - largest) * scale)
                guard weight > 0, weight >= floor else { continue }
                all.append(Candidate(token: UInt32(token), weight: weight))
            }
            return
        }
        size = logits.count
        if weights.count < size {
            weights = Array(repeating: 0, count: size)
            tokens = Array(repeating: 0, count: size)
        }
        (total, self.count) = scan.weights(
            logits, largest: largest, scale: scale, floor: floor, into: &weights)
        isDense = true
        if count > 0, count < self.count {
            list()
            keepHeaviest(count)
        }
    }

    /// Makes the list of the candidates, those lighter than `floor` left out.
    ///
    /// - Complexity: O(vocabulary) where it is not made yet.
    mutating func list(from floor: Double = 0) {
        guard isDense else { return }
        isDense = false
        isAscending = true
        let kept = scan.keep(weights, count: size, floor: floor, into: &tokens)
        for index in 0..<kept {
            let token = tokens[index]
            all.append(Candidate(token: token, weight: weights[Int(token)]))
        }
    }

    /// Picks the largest logits, the lower tokens of equals. Weights have the order of logits.
    private mutating func pick(_ count: Int, of logits: Span<Float>) {
        picked.removeAll(keepingCapacity: true)
        var token = 0
        while token < logits.count {
            if picked.count == count {
                guard let next = scan.next(above: picked[count - 1].logit, from: token, in: logits)
                else { return }
                token = next
                picked.removeLast()
            }
            let logit = logits[token]
            // Equal candidates stay in the order of their token ids.
            var place = picked.count
            while place > 0, picked[place - 1].logit < logit { place -= 1 }
            picked.insert((token, logit), at: place)
            token += 1
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
        // All those lighter than a floor of this weigh less than `1 - share` of the sum together,
        // so the nucleus lies among the others: of a vocabulary that leaves few to sort.
        let total = isDense ? self.total : sum
        if isDense {
            list(from: (1 - share) * total / Double(count))
        } else {
            let floor = (1 - share) * total / Double(all.count)
            all.removeAll { $0.weight < floor }
        }
        isAscending = false
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
        if isDense {
            let token = scan.crossing(weights, count: size, target: point * total)
            guard let token else { preconditionFailure("no token is left to draw") }
            return UInt32(token)
        }
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
