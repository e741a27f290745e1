/// How long answers are: the lengths of finished answers forecast those of running requests.
///
/// A histogram in steps of an eighth, whose past fades with each new entry, so that a change of
/// work is learnt in about a hundred requests. Before the first it holds a guess.
struct AnswerLengths: Sendable {
    /// Buckets of an octave.
    private static let resolution = 8
    private static let octaves = 25
    /// What an entry weighs when the next one comes.
    private static let fading = 0.98
    /// The length of an answer before any was seen, and how many answers the guess is worth.
    private static let guess = (length: 256, weight: 4.0)

    private var weights: [Double]
    private var unit = 1.0
    /// Of all longer buckets and the bucket itself: weight, and weight times length.
    private var tailWeight: [Double]
    private var tailLength: [Double]

    init() {
        let count = Self.resolution * Self.octaves
        weights = Array(repeating: 0, count: count)
        tailWeight = weights
        tailLength = weights
        weights[Self.bucket(Self.guess.length)] = Self.guess.weight
        accumulate()
    }

    /// Takes the length of an answer that ended by itself or at its limit.
    mutating func record(_ length: Int) {
        // Instead of fading all entries, the new one weighs more.
        unit /= Self.fading
        if unit > 1e12 {
            for bucket in weights.indices { weights[bucket] /= unit }
            unit = 1
        }
        weights[Self.bucket(length)] += unit
        accumulate()
    }

    /// Tokens that an answer of `generated` tokens is expected to have still, at least 1.
    ///
    /// An answer longer than all that were seen is expected to double.
    func remaining(after generated: Int) -> Double {
        let next = Self.bucket(generated) + 1
        guard next < tailWeight.count, tailWeight[next] > 0 else {
            return Double(max(1, generated))
        }
        return max(1, tailLength[next] / tailWeight[next] - Double(generated))
    }

    private mutating func accumulate() {
        var weight = 0.0
        var length = 0.0
        for bucket in weights.indices.reversed() {
            weight += weights[bucket]
            length += weights[bucket] * Self.length(bucket)
            tailWeight[bucket] = weight
            tailLength[bucket] = length
        }
    }

    /// Exact up to 8 tokens, then eight buckets for each doubling.
    private static func bucket(_ length: Int) -> Int {
        let value = max(1, length)
        let octave = Int.bitWidth - 1 - value.leadingZeroBitCount
        guard octave >= 3 else { return value }
        let step = (value >> (octave - 3)) & 7
        return min(resolution * (octave - 2) + step, resolution * octaves - 1)
    }

    /// The middle of a bucket.
    private static func length(_ bucket: Int) -> Double {
        guard bucket >= resolution else { return Double(bucket) }
        let octave = bucket / resolution + 2
        let width = Double(1 << (octave - 3))
        return (8 + Double(bucket % resolution)) * width + (width - 1) / 2
    }
}
