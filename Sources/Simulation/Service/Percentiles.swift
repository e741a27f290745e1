/// Values in order, for their percentiles.
///
/// The percentile of a share `p` of `n` values lies at place `(n - 1) p` of the sorted values, and
/// between two of them in proportion (NumPy's default, and the load client's).
package struct Percentiles: Hashable, Sendable {
    private let sorted: [Double]
    /// How often each value and those before it came; nil: each once.
    private let places: [Int]?

    /// The values' mean; 0 without values.
    package let mean: Double

    /// How many values there are.
    package let count: Int

    /// Percentiles of values. O(n log n).
    package init(_ values: [Double]) {
        sorted = values.sorted()
        places = nil
        count = values.count
        mean = values.isEmpty ? 0 : values.reduce(0, +) / Double(values.count)
    }

    /// Percentiles of values that came several times.
    package init(_ values: [(value: Double, count: Int)]) {
        let ordered = values.filter { $0.count > 0 }.sorted { $0.value < $1.value }
        var values: [Double] = []
        var places: [Int] = []
        var total = 0
        var sum = 0.0
        for item in ordered {
            total += item.count
            sum += item.value * Double(item.count)
            if values.last == item.value {
                places[places.count - 1] = total
            } else {
                values.append(item.value)
                places.append(total)
            }
        }
        sorted = values
        self.places = places
        count = total
        mean = total == 0 ? 0 : sum / Double(total)
    }

    /// The percentile of a share from 0 to 1; nil without values. O(log n).
    package subscript(share: Double) -> Double? {
        guard count > 0 else { return nil }
        let place = Double(count - 1) * min(max(share, 0), 1)
        let lower = Int(place)
        let one = value(at: lower)
        let next = value(at: min(lower + 1, count - 1))
        return one + (next - one) * (place - Double(lower))
    }

    /// The largest value; nil without values.
    package var largest: Double? { sorted.last }

    /// The share of values that are at most `bound`; 1 without values.
    package func share(atMost bound: Double) -> Double {
        guard count > 0 else { return 1 }
        var low = 0
        var high = sorted.count
        while low < high {
            let middle = (low + high) / 2
            if sorted[middle] <= bound { low = middle + 1 } else { high = middle }
        }
        let within = low == 0 ? 0 : places?[low - 1] ?? low
        return Double(within) / Double(count)
    }

    private func value(at place: Int) -> Double {
        guard let places else { return sorted[place] }
        var low = 0
        var high = places.count - 1
        while low < high {
            let middle = (low + high) / 2
            if places[middle] > place { high = middle } else { low = middle + 1 }
        }
        return sorted[low]
    }
}
