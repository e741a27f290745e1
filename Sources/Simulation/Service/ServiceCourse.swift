/// How busy a service was over its time: sums over equal intervals.
///
/// How long a simulation takes is not known before its end. The intervals are short at first, and
/// whenever there are too many of them, each two become one.
package struct ServiceCourse: Hashable, Sendable {
    /// What happened in an interval; times are nanoseconds, all machines together.
    package struct Interval: Hashable, Sendable {
        /// The time in which steps were computed.
        package var busy = 0.0
        /// Blocks that requests held, times the time.
        package var usedBlocks = 0.0
        /// Requests that ran, times the time.
        package var running = 0.0
        /// Requests that waited, times the time.
        package var waiting = 0.0
        /// Tokens of answers.
        package var outputTokens = 0.0

        mutating func add(_ other: Interval) { add(other, times: 1) }

        mutating func add(_ other: Interval, times share: Double) {
            busy += share * other.busy
            usedBlocks += share * other.usedBlocks
            running += share * other.running
            waiting += share * other.waiting
            outputTokens += share * other.outputTokens
        }
    }

    /// Nanoseconds of an interval.
    package private(set) var width: Int64 = 1_000_000

    /// The intervals, from 0 on.
    package private(set) var intervals: [Interval] = []

    /// Spreads what happened over the intervals of its time, in proportion.
    mutating func add(_ sum: Interval, from start: Int64, to end: Int64) {
        while end >= width * Int64(2 * ServiceLimits.intervals) { halve() }
        let first = Int(start / width)
        let last = Int(max(start, end - 1) / width)
        while intervals.count <= last { intervals.append(Interval()) }
        guard last > first else {
            intervals[first].add(sum)
            return
        }
        for index in first...last {
            let from = max(start, Int64(index) * width)
            let to = min(end, Int64(index + 1) * width)
            intervals[index].add(sum, times: Double(to - from) / Double(end - start))
        }
    }

    private mutating func halve() {
        width *= 2
        for index in 0..<(intervals.count + 1) / 2 {
            var sum = intervals[2 * index]
            if 2 * index + 1 < intervals.count { sum.add(intervals[2 * index + 1]) }
            intervals[index] = sum
        }
        intervals.removeLast(intervals.count / 2)
    }
}
