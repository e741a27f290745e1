import Synchronization

/// How often values lay between bounds, in the form of Prometheus.
///
/// One thread takes values in, without a lock; any thread reads. What is read while a value is
/// taken in may have it in some of the numbers and not yet in others.
package final class Histogram: Sendable {
    /// What there was at one time.
    package struct Reading: Hashable, Sendable {
        /// Values up to each bound and above the one before; the last: above all bounds.
        package let counts: [Int]

        /// The sum of all values.
        package let sum: Double

        /// How many values there were.
        package var count: Int { counts.reduce(0, +) }
    }

    private final class Cell: Sendable {
        let bits = Atomic<UInt64>(0)
    }

    /// The upper bounds of the buckets, rising; each belongs to its bucket.
    package let bounds: [Double]

    private let counts: [Cell]
    private let sum = Cell()

    /// A histogram without values.
    package init(_ bounds: [Double]) {
        precondition(zip(bounds, bounds.dropFirst()).allSatisfy { $0 < $1 }, "the bounds rise")
        self.bounds = bounds
        counts = (0...bounds.count).map { _ in Cell() }
    }

    /// Takes a value in. From one thread only.
    func observe(_ value: Double) {
        let bucket = bounds.firstIndex { value <= $0 } ?? bounds.count
        let before = Double(bitPattern: sum.bits.load(ordering: .relaxed))
        sum.bits.store((before + value).bitPattern, ordering: .relaxed)
        counts[bucket].bits.add(1, ordering: .relaxed)
    }

    /// Takes a time in, in seconds.
    func observe(_ time: Duration) { observe(time / .seconds(1)) }

    /// Takes in a value that came `count` times.
    func observe(_ value: Double, count: Int) {
        let bucket = bounds.firstIndex { value <= $0 } ?? bounds.count
        let before = Double(bitPattern: sum.bits.load(ordering: .relaxed))
        sum.bits.store((before + value * Double(count)).bitPattern, ordering: .relaxed)
        counts[bucket].bits.add(UInt64(count), ordering: .relaxed)
    }

    /// What there is now.
    package var reading: Reading {
        Reading(
            counts: counts.map { Int($0.bits.load(ordering: .relaxed)) },
            sum: Double(bitPattern: sum.bits.load(ordering: .relaxed)))
    }
}

extension Histogram {
    /// vLLM's bounds for the time to the first token, in seconds.
    static let firstTokenBounds = [
        0.001, 0.005, 0.01, 0.02, 0.04, 0.06, 0.08, 0.1, 0.25, 0.5, 0.75, 1, 2.5, 5, 7.5, 10, 20,
        40, 80, 160, 640, 2_560,
    ]

    /// vLLM's bounds for the time between two tokens.
    static let tokenBounds = [
        0.01, 0.025, 0.05, 0.075, 0.1, 0.15, 0.2, 0.3, 0.4, 0.5, 0.75, 1, 2.5, 5, 7.5, 10, 20, 40,
        80,
    ]

    /// vLLM's bounds for the times of a request.
    static let requestBounds = [
        0.3, 0.5, 0.8, 1, 1.5, 2, 2.5, 5, 10, 15, 20, 30, 40, 50, 60, 120, 240, 480, 960, 1_920,
        7_680,
    ]

    /// vLLM's bounds for the tokens of a step.
    static let stepBounds: [Double] = [
        1, 8, 16, 32, 64, 128, 256, 512, 1_024, 2_048, 4_096, 8_192, 16_384,
    ]

    /// 1, 2, 5, 10, 20, 50, ... up to `most`.
    static func tokenCountBounds(upTo most: Int) -> [Double] {
        var bounds: [Double] = []
        var decade = 1
        while decade <= most {
            bounds += [1, 2, 5].map { $0 * decade }.filter { $0 <= most }.map { Double($0) }
            decade *= 10
        }
        return bounds
    }
}
