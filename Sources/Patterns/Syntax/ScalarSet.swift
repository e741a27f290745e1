/// A set of Unicode scalars.
package struct ScalarSet: Hashable, Sendable {
    /// Ascending and apart, none beside the next.
    package private(set) var ranges: [ClosedRange<UInt32>] = []
    /// The members below 128, which texts hold most of.
    private var ascii: SIMD2<UInt64> = .zero

    /// The last scalar there can be.
    package static let last: UInt32 = 0x10FFFF

    /// Every scalar.
    package static let all = ScalarSet([0...last])

    /// The scalars of some ranges, in any order.
    package init(_ ranges: [ClosedRange<UInt32>]) {
        let sorted = ranges.sorted { $0.lowerBound < $1.lowerBound }
        self.ranges.reserveCapacity(sorted.count)
        for range in sorted {
            if let last = self.ranges.last, range.lowerBound <= last.upperBound &+ 1 {
                let end = max(last.upperBound, range.upperBound)
                self.ranges[self.ranges.count - 1] = last.lowerBound...end
            } else {
                self.ranges.append(range)
            }
        }
        for range in self.ranges {
            guard range.lowerBound < 128 else { break }
            for scalar in range.lowerBound...min(range.upperBound, 127) {
                ascii[Int(scalar >> 6)] |= 1 << UInt64(scalar & 63)
            }
        }
    }

    /// One scalar.
    package init(_ scalar: UInt32) { self.init([scalar...scalar]) }

    /// The scalars of a text.
    package init(_ text: String) { self.init(text.unicodeScalars.map { $0.value...$0.value }) }

    /// Whether there are none.
    package var isEmpty: Bool { ranges.isEmpty }

    /// O(log of the number of ranges); O(1) for ASCII.
    @inline(__always)
    package func contains(_ scalar: UInt32) -> Bool {
        if scalar < 128 { return ascii[Int(scalar >> 6)] >> UInt64(scalar & 63) & 1 != 0 }
        return containsBeyondASCII(scalar)
    }

    private func containsBeyondASCII(_ scalar: UInt32) -> Bool {
        var low = 0
        var high = ranges.count
        while low < high {
            let middle = (low + high) / 2
            if ranges[middle].upperBound < scalar { low = middle + 1 } else { high = middle }
        }
        return low < ranges.count && ranges[low].lowerBound <= scalar
    }

    /// What is in either.
    package func union(_ other: ScalarSet) -> ScalarSet { ScalarSet(ranges + other.ranges) }

    /// What is in none of the ranges.
    package var inverted: ScalarSet {
        var gaps: [ClosedRange<UInt32>] = []
        var next: UInt32 = 0
        for range in ranges {
            if range.lowerBound > next { gaps.append(next...range.lowerBound - 1) }
            next = range.upperBound + 1
        }
        if next <= Self.last { gaps.append(next...Self.last) }
        return ScalarSet(gaps)
    }

    /// What is in both.
    package func intersection(_ other: ScalarSet) -> ScalarSet {
        inverted.union(other.inverted).inverted
    }

    /// What is in this one only.
    package func subtracting(_ other: ScalarSet) -> ScalarSet {
        intersection(other.inverted)
    }
}
