/// How long a step takes, learnt from the steps that were run.
///
/// `time = a + b * tokens + c * attended`, where `attended` counts, for every token of the step,
/// the positions that it attends to. Fitted by recursive least squares with directional
/// forgetting: each observation costs a few dozen multiplications, and the machine of an hour ago
/// does not matter.
struct StepTimeModel: Sendable {
    /// What an observation weighs when the next one comes: a memory of about a hundred steps.
    private static let forgetting = 0.99
    /// Observations before the model is believed.
    private static let needed = 6

    // Scales that bring the three terms near 1.
    private static let tokenScale = 1.0 / 256
    private static let attendedScale = 1.0 / 262_144

    private var weights = SIMD4<Double>()
    /// The inverse correlation of the inputs, by rows.
    private var inverse = (
        SIMD4<Double>(1e4, 0, 0, 0), SIMD4<Double>(0, 1e4, 0, 0), SIMD4<Double>(0, 0, 1e4, 0)
    )
    private(set) var observations = 0

    /// Whether it has seen enough to be asked.
    var isFitted: Bool { observations >= Self.needed }

    /// Learns from a step.
    mutating func observe(tokens: Int, attended: Int, seconds: Double) {
        let input = Self.input(tokens, attended)
        let gain = SIMD4<Double>(
            (inverse.0 * input).sum(), (inverse.1 * input).sum(), (inverse.2 * input).sum(), 0)
        let surprise = (gain * input).sum()
        let error = seconds - (weights * input).sum()
        weights += gain * (error / (1 + surprise))
        // Forgets only what this input tells anew (directional forgetting): a minute of steps that
        // only decode says nothing of what a chunk costs.
        let forgetting = Self.forgetting
        let known = max(surprise, 1e-12)
        let factor =
            (forgetting * known - (1 - forgetting)) / (forgetting * known * (1 + known))
        inverse.0 -= gain * (gain[0] * factor)
        inverse.1 -= gain * (gain[1] * factor)
        inverse.2 -= gain * (gain[2] * factor)
        observations += 1
    }

    /// The time of a step, in seconds; never below 0.
    func seconds(tokens: Int, attended: Int) -> Double {
        max(0, (weights * Self.input(tokens, attended)).sum())
    }

    /// How many tokens of a prompt, from position `start` on, fit into `seconds`, `count` at most.
    func tokens(within seconds: Double, from start: Int, atMost count: Int) -> Int {
        let token = max(0, weights[1] * Self.tokenScale)
        let position = max(0, weights[2] * Self.attendedScale)
        // token * n + position * (start * n + n * n / 2) <= seconds
        let linear = token + position * Double(start)
        guard seconds > 0 else { return 0 }
        guard linear > 0 || position > 0 else { return count }
        let root = (linear * linear + 2 * position * seconds).squareRoot()
        let tokens = 2 * seconds / (linear + root)
        return tokens >= Double(count) ? count : Int(tokens)
    }

    /// What `count` tokens of a prompt from `start` on cost, in seconds.
    func cost(of count: Int, from start: Int) -> Double {
        let attended = Double(count) * (Double(start) + Double(count) / 2)
        return max(0, weights[1] * Self.tokenScale) * Double(count)
            + max(0, weights[2] * Self.attendedScale) * attended
    }

    private static func input(_ tokens: Int, _ attended: Int) -> SIMD4<Double> {
        SIMD4(1, Double(tokens) * tokenScale, Double(attended) * attendedScale, 0)
    }
}
