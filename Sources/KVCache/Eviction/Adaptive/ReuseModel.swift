/// How soon blocks are used again, learned from what became of others; and from it, what a block
/// is worth to keep.
///
/// The chance that a block of age a is used now is h(a) times a factor of its history times a
/// factor of being filled (proportional hazards; Cox, "Regression models and life-tables", 1972):
/// one shape for all, learned from all, and few numbers for what tells blocks apart. Blocks that
/// were not used again yet count for as long as they were watched, as in any table of lifetimes.
///
/// A block is worth its *hit density*: the largest ratio, over all times to keep it, of the hits
/// that are expected until then and the time that it is expected to take room. That is the index
/// of Gittins, and what LHD (Beckmann et al., NSDI 2018) and EVA (Beckmann and Sanchez, HPCA 2017)
/// rank by.
///
/// 44 KB, whatever the cache's size; nothing in it is fitted to a workload.
struct ReuseModel: Sendable {
    /// Uses again, and ends of watching without one, by class and age.
    private var reuses: [Float]
    private var losses: [Float]
    private var total: Float = 0
    private var historyFactors: [Float]
    private var partialFactors: [Float]
    /// What a block is worth, by class and age: hits an access.
    private(set) var values: [Float]
    /// Blocks that are watched now, by class and age; of use during `refit` only.
    private var watched: [Float]

    private static let ages = ReuseAge.count
    private static let size = ReuseClass.count * ages

    /// Bytes of the tables.
    static let bytes = 4 * size * MemoryLayout<Float>.stride

    /// A model that has seen nothing: all blocks are worth the same.
    init() {
        reuses = Array(repeating: 0, count: Self.size)
        losses = reuses
        watched = reuses
        values = reuses
        historyFactors = Array(repeating: 1, count: ReuseClass.count / 2)
        partialFactors = [1, 1]
    }

    /// What a block of a class and an age is worth.
    func value(_ reuseClass: UInt8, age: UInt32) -> Float {
        values[Int(reuseClass) * Self.ages + ReuseAge.bucket(age)]
    }

    /// A block of a class was used again at an age.
    mutating func noteReuse(_ reuseClass: UInt8, age: UInt32) {
        reuses[Int(reuseClass) * Self.ages + ReuseAge.bucket(age)] += 1
        total += 1
    }

    /// A block of a class is watched no longer, and was not used again before it had an age.
    mutating func noteLoss(_ reuseClass: UInt8, age: UInt32) {
        losses[Int(reuseClass) * Self.ages + ReuseAge.bucket(age)] += 1
        total += 1
    }

    /// A block of a class has an age and is watched; counts until the next `refit`.
    mutating func noteWatched(_ reuseClass: UInt8, age: UInt32) {
        watched[Int(reuseClass) * Self.ages + ReuseAge.bucket(age)] += 1
    }

    /// Learns from all that was noted.
    ///
    /// - Complexity: O(classes x ages).
    mutating func refit() {
        let risks = atRisk()
        let base = baseHazard(risks)
        fitFactors(risks, base)
        revalue(baseHazard(risks))
        for index in watched.indices { watched[index] = 0 }
        guard total > Float(KVCacheLimits.reuseMemory) else { return }
        total /= 2
        for index in reuses.indices {
            reuses[index] /= 2
            losses[index] /= 2
        }
    }

    /// How many blocks of each class reached each age; who left during it counts half.
    private func atRisk() -> [Float] {
        var risks = Array(repeating: Float(0), count: Self.size)
        for reuseClass in 0..<ReuseClass.count {
            var reached: Float = 0
            for age in (0..<Self.ages).reversed() {
                let index = reuseClass * Self.ages + age
                let left = losses[index] + watched[index]
                reached += reuses[index] + left
                risks[index] = max(reached - left / 2, reuses[index])
            }
        }
        return risks
    }

    private func factor(_ reuseClass: Int) -> Float {
        let parts = ReuseClass.parts(of: reuseClass)
        return historyFactors[parts.history] * partialFactors[parts.isPartial]
    }

    /// Breslow's estimate of h: uses at an age for the blocks that reached it, each counted as
    /// often as its factors say.
    private func baseHazard(_ risks: [Float]) -> [Float] {
        var hits = Array(repeating: Float(0), count: Self.ages)
        var exposed = hits
        for reuseClass in 0..<ReuseClass.count {
            let factor = factor(reuseClass)
            for age in 0..<Self.ages {
                hits[age] += reuses[reuseClass * Self.ages + age]
                exposed[age] += factor * risks[reuseClass * Self.ages + age]
            }
        }
        return (0..<Self.ages).map { hits[$0] / (exposed[$0] + 1) }
    }

    /// Turns the factors, one kind after the other, until each level was used as often as expected;
    /// `reusePrior` uses are taken to have been as expected.
    private mutating func fitFactors(_ risks: [Float], _ base: [Float]) {
        var hits = Array(repeating: Float(0), count: ReuseClass.count)
        var expected = hits
        for reuseClass in 0..<ReuseClass.count {
            for age in 0..<Self.ages {
                hits[reuseClass] += reuses[reuseClass * Self.ages + age]
                expected[reuseClass] += base[age] * risks[reuseClass * Self.ages + age]
            }
        }
        let prior = KVCacheLimits.reusePrior
        for history in historyFactors.indices {
            var seen = prior
            var thought = prior
            for partial in 0..<2 {
                seen += hits[2 * history + partial]
                thought += expected[2 * history + partial] * partialFactors[partial]
            }
            historyFactors[history] = seen / thought
        }
        for partial in 0..<2 {
            var seen = prior
            var thought = prior
            for history in historyFactors.indices {
                seen += hits[2 * history + partial]
                thought += expected[2 * history + partial] * historyFactors[history]
            }
            partialFactors[partial] = seen / thought
        }
    }

    private mutating func revalue(_ base: [Float]) {
        for reuseClass in 0..<ReuseClass.count {
            let factor = factor(reuseClass)
            // After each bucket: the hits expected so far, and the time that room was taken.
            var hits: [Float] = [0]
            var times: [Float] = [0]
            var alive: Float = 1
            for age in 0..<Self.ages {
                let hazard = min(Self.mostHazard, factor * base[age])
                hits.append(hits[age] + alive * hazard)
                times.append(times[age] + alive * (1 - hazard / 2) * ReuseAge.widths[age])
                alive *= 1 - hazard
            }
            steepest(times, hits, into: reuseClass * Self.ages)
        }
    }

    /// A bucket is left by some at least: rates are estimates.
    private static let mostHazard: Float = 0.95

    /// For each point but the last, the steepest slope to a later one: the upper hull of those,
    /// built from the end.
    private mutating func steepest(_ x: [Float], _ y: [Float], into start: Int) {
        func slope(_ from: Int, _ to: Int) -> Float {
            let run = x[to] - x[from]
            return run > 0 ? (y[to] - y[from]) / run : 0
        }
        var hull = [x.count - 1]
        for point in (0..<x.count - 1).reversed() {
            while hull.count > 1,
                slope(point, hull[hull.count - 1]) <= slope(point, hull[hull.count - 2])
            {
                hull.removeLast()
            }
            values[start + point] = slope(point, hull[hull.count - 1])
            hull.append(point)
        }
    }
}
