internal import CKernels

/// What choosing a token asks of a whole row of logits, in wide registers.
///
/// All of it is exact, or computed in one order with plain sums and products of doubles, so that
/// every level gives the same bits: what a seed draws does not depend on the machine.
package struct LogitScan: Sendable {
    private let table: KernelTable

    /// The scans of the level in use (see `ISALevel.active`).
    package init() { table = .active }

    /// The scans of a level; nil when this machine cannot run it.
    package init?(level: ISALevel) {
        guard let table = KernelTable(level) else { return nil }
        self.table = table
    }

    /// The largest logit, NaN where any is NaN, and the first token that has it. O(count).
    package func peak(_ x: Span<Float>) -> (token: Int, logit: Float) {
        unsafe x.withUnsafeBufferPointer { x in
            guard let start = x.baseAddress else { return (0, -Float.infinity) }
            var token = 0
            let logit = unsafe table.c.pointee.scan.peak(start, x.count, &token)
            return (token, logit)
        }
    }

    /// `exp((logit - largest) * scale)` of every token, 0 where it is less than `floor`.
    ///
    /// - Parameters:
    ///   - largest: no logit is larger, and none is NaN.
    ///   - weights: at least as many as logits.
    /// - Returns: the sum, element i in lane i mod 8 of eight, and how many are above 0.
    /// - Complexity: O(count).
    package func weights(
        _ x: Span<Float>, largest: Float, scale: Double, floor: Double, into weights: inout [Double]
    ) -> (sum: Double, count: Int) {
        precondition(weights.count >= x.count)
        return unsafe x.withUnsafeBufferPointer { x in
            unsafe weights.withUnsafeMutableBufferPointer { out in
                guard let start = x.baseAddress, let to = out.baseAddress else { return (0, 0) }
                var count = 0
                let sum = unsafe table.c.pointee.scan.weights(
                    start, x.count, largest, scale, floor, to, &count)
                return (sum, count)
            }
        }
    }

    /// The first of `count` weights up to which they add up to more than `target`, or the last
    /// above 0; nil when there is none. O(count).
    package func crossing(_ weights: [Double], count: Int, target: Double) -> Int? {
        precondition(count <= weights.count)
        return unsafe weights.withUnsafeBufferPointer { weights in
            guard let start = weights.baseAddress else { return nil }
            let index = unsafe table.c.pointee.scan.crossing(start, count, target)
            return index < count ? index : nil
        }
    }

    /// Writes the tokens of the first `count` weights that are above 0 and at least `floor`,
    /// ascending, and returns how many they are. O(count).
    ///
    /// - Parameter tokens: room for all.
    package func keep(
        _ weights: [Double], count: Int, floor: Double, into tokens: inout [UInt32]
    ) -> Int {
        precondition(count <= weights.count && count <= tokens.count)
        return unsafe weights.withUnsafeBufferPointer { weights in
            unsafe tokens.withUnsafeMutableBufferPointer { out in
                guard let start = weights.baseAddress, let to = out.baseAddress else { return 0 }
                return unsafe table.c.pointee.scan.keep(start, count, floor, to)
            }
        }
    }

    /// The sum of `exp(logit - largest)`, element i in lane i mod 8 of eight; no logit is larger
    /// than `largest`, and none is NaN. O(count).
    package func exponentialSum(_ x: Span<Float>, largest: Float) -> Double {
        unsafe x.withUnsafeBufferPointer { x in
            guard let start = x.baseAddress else { return 0 }
            return unsafe table.c.pointee.scan.exp_sum(start, x.count, largest)
        }
    }

    /// How many logits are above a value. O(count).
    package func count(above value: Float, in x: Span<Float>) -> Int {
        unsafe x.withUnsafeBufferPointer { x in
            guard let start = x.baseAddress else { return 0 }
            return unsafe table.c.pointee.scan.count_above(start, x.count, value)
        }
    }

    /// The first token from `start` on whose logit is above a value; nil when there is none.
    /// O(count).
    package func next(above value: Float, from start: Int, in x: Span<Float>) -> Int? {
        precondition(start >= 0)
        return unsafe x.withUnsafeBufferPointer { x in
            guard let address = x.baseAddress, start < x.count else { return nil }
            let index = unsafe table.c.pointee.scan.next_above(address, start, x.count, value)
            return index < x.count ? index : nil
        }
    }
}
