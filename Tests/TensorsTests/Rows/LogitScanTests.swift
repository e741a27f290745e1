import TestSupport
import Testing

@testable import Tensors

struct LogitScanTests {
    /// Rows of many lengths, with ties, zeros of both signs and tokens that are ruled out.
    private static func rows() -> [[Float]] {
        var generator = SeededGenerator(seed: 11)
        return [1, 2, 7, 8, 9, 31, 33, 63, 64, 65, 255, 256, 257, 1_000, 4_099].map { count in
            (0..<count).map { _ in
                switch Int.random(in: 0..<20, using: &generator) {
                case 0: -.infinity
                case 1: 0
                case 2: -0.0
                case 3: 7.25
                default: Float.random(in: -30...8, using: &generator)
                }
            } + [1.5]
        }
    }

    private static func total(_ x: [Double]) -> Double {
        var lanes = [Double](repeating: 0, count: 8)
        for (index, value) in x.enumerated() { lanes[index % 8] += value }
        let even = (lanes[0] + lanes[4]) + (lanes[2] + lanes[6])
        return even + ((lanes[1] + lanes[5]) + (lanes[3] + lanes[7]))
    }

    private static let scans = ISALevel.available.compactMap { level in
        LogitScan(level: level).map { (level, $0) }
    }

    @Test func `the peak is the largest logit and its first token`() {
        for row in Self.rows() {
            let largest = row.max() ?? 0
            for (level, scan) in Self.scans {
                let peak = scan.peak(row.span)
                #expect(
                    peak.logit == largest && peak.token == row.firstIndex(of: largest), "\(level)")
                #expect(scan.count(above: 0, in: row.span) == row.count { $0 > 0 }, "\(level)")
                let start = row.count / 3
                let next = row[start...].firstIndex { $0 > 7 }
                #expect(scan.next(above: 7, from: start, in: row.span) == next, "\(level)")
                for bad in [0, row.count / 2, row.count - 1] {
                    var spoilt = row
                    spoilt[bad] = -.nan
                    #expect(scan.peak(spoilt.span).logit.isNaN, "\(level)")
                }
            }
        }
        for (_, scan) in Self.scans {
            #expect(scan.peak([Float]().span).logit == -.infinity)
            #expect(scan.next(above: 0, from: 0, in: [Float]().span) == nil)
        }
    }

    @Test func `weights and sums have the same bits at every level`() throws {
        for row in Self.rows() {
            let largest = row.max() ?? 0
            var first: (weights: [Double], sum: Double, exponentials: Double)?
            for (level, scan) in Self.scans {
                var weights = [Double](repeating: -1, count: row.count)
                let (sum, count) = scan.weights(
                    row.span, largest: largest, scale: 1.25, floor: 1e-9, into: &weights)
                #expect(sum == Self.total(weights), "\(level)")
                #expect(count == weights.count { $0 > 0 }, "\(level)")
                #expect(weights.allSatisfy { $0 == 0 || $0 >= 1e-9 && $0 <= 1 }, "\(level)")
                let exponentials = scan.exponentialSum(row.span, largest: largest)
                if let first {
                    #expect(first.weights == weights && first.sum == sum, "\(level)")
                    #expect(first.exponentials == exponentials, "\(level)")
                }
                first = first ?? (weights, sum, exponentials)
                var tokens = [UInt32](repeating: 0, count: row.count)
                let kept = scan.keep(weights, count: row.count, floor: 1e-4, into: &tokens)
                let wanted = weights.indices.filter { weights[$0] >= 1e-4 }
                #expect(tokens.prefix(kept).map(Int.init) == wanted, "\(level)")
            }
        }
    }

    @Test func `a draw falls where the weights before it end`() {
        // Sums of these are exact, so that the order of summation does not matter.
        let weights: [Double] = (0..<1_000).map { $0 % 3 == 0 ? 0 : Double($0 % 5 + 1) }
        let total = weights.reduce(0, +)
        for (level, scan) in Self.scans {
            for step in 0..<500 {
                let target = total * Double(step) / 500
                var reached = 0.0
                let expected = weights.firstIndex {
                    reached += $0
                    return reached > target
                }
                let found = scan.crossing(weights, count: 1_000, target: target)
                #expect(found == expected, "\(level)")
            }
            #expect(scan.crossing(weights, count: 1_000, target: total) == 998, "\(level)")
            #expect(scan.crossing([0, 0], count: 2, target: 0) == nil, "\(level)")
        }
    }
}
