import TestSupport
import Testing

@testable import KVCache

@Suite struct `What adaptive eviction learns` {
    @Test func `ages fall into two buckets an octave`() {
        #expect(
            [0, 1, 2, 3, 4, 5, 6, 7, 8, 11, 12].map { ReuseAge.bucket($0) }
                == [0, 0, 2, 3, 4, 4, 5, 5, 6, 6, 7])
        #expect(ReuseAge.bucket(.max) == ReuseAge.count - 1)
        // Widths are the distances of the first ages of buckets.
        for bucket in 2..<ReuseAge.count - 1 {
            let ages = (0...UInt32(1 << 12)).filter { ReuseAge.bucket($0) == bucket }
            guard bucket < 20 else { break }
            #expect(Float(ages.count) == ReuseAge.widths[bucket], "bucket \(bucket)")
        }
    }

    @Test func `turns fall into levels that never fall`() {
        let levels = (1...255).map { ReuseClass.level(UInt8($0)) }
        #expect(levels.prefix(8) == [0, 2, 3, 4, 4, 5, 5, 6])
        #expect(zip(levels, levels.dropFirst()).allSatisfy { $0 <= $1 })
        #expect(levels.last == UInt8(ReuseClass.levels - 1))
        let classes = (0...255).flatMap { uses in
            (0...255).flatMap { turns in
                [false, true].map {
                    ReuseClass.of(uses: UInt8(uses), turns: UInt8(turns), isPartial: $0)
                }
            }
        }
        #expect(classes.allSatisfy { $0 < ReuseClass.count })
    }

    /// One class: then its factor is near 1 and the value is that of a life table.
    @Test func `a block is worth the steepest hits an access that can be expected`() {
        var random = SeededGenerator(seed: 4)
        var model = ReuseModel()
        var reuses = Array(repeating: 0.0, count: ReuseAge.count)
        var losses = reuses
        for _ in 0..<200_000 {
            // Few come back at once, many after a while, and the rest late or never.
            let age =
                UInt32.random(in: 1...8, using: &random) << UInt32.random(in: 0...9, using: &random)
            if age > 200, age < 1500 || Int.random(in: 0..<4, using: &random) == 0 {
                model.noteReuse(0, age: age)
                reuses[ReuseAge.bucket(age)] += 1
            } else {
                model.noteLoss(0, age: age)
                losses[ReuseAge.bucket(age)] += 1
            }
        }
        model.refit()
        let hazards = ReuseAge.widths.indices.map { age -> Double in
            let left = (age..<ReuseAge.count).reduce(0) { $0 + reuses[$1] + losses[$1] }
            return reuses[age] / (max(left - losses[age] / 2, reuses[age]) + 1)
        }
        for first in stride(from: 0, to: 30, by: 3) {
            var best = 0.0
            var hits = 0.0
            var time = 0.0
            var alive = 1.0
            for age in first..<ReuseAge.count {
                hits += alive * hazards[age]
                time += alive * (1 - hazards[age] / 2) * Double(ReuseAge.widths[age])
                alive *= 1 - hazards[age]
                best = max(best, hits / time)
            }
            let age = UInt32(1) << UInt32(first / 2)
            guard ReuseAge.bucket(age) == first else { continue }
            let value = Double(model.value(0, age: age))
            #expect(abs(value - best) <= best * 0.02, "bucket \(first): \(value), \(best)")
        }
    }

    @Test func `a class that comes back is worth more, and one that was never seen as much as all`()
    {
        var model = ReuseModel()
        for _ in 0..<2_000 {
            model.noteReuse(4, age: 100)
            model.noteLoss(0, age: 1_000)
            model.noteReuse(0, age: 100)
            for _ in 0..<3 { model.noteLoss(0, age: 1_000) }
        }
        model.refit()
        let often = model.value(4, age: 10)
        let seldom = model.value(0, age: 10)
        let unseen = model.value(8, age: 10)
        #expect(often > 1.5 * seldom)
        #expect(unseen > seldom && unseen < often)
        // Nobody came back after 100.
        #expect(model.value(4, age: 500) < often / 10)
    }

    @Test func `what is watched counts as not used again yet`() {
        var lonely = ReuseModel()
        var watching = lonely
        for _ in 0..<100 {
            lonely.noteReuse(0, age: 50)
            watching.noteReuse(0, age: 50)
        }
        for _ in 0..<900 { watching.noteWatched(0, age: 5_000) }
        lonely.refit()
        watching.refit()
        #expect(lonely.value(0, age: 40) > 5 * watching.value(0, age: 40))
    }

    @Test func `uses are remembered until newer ones take their place`() {
        var memory = UseMemory(capacity: 64)
        for key in 0..<16 as Range<UInt64> { memory.remember(mixed(key), uses: UInt8(key + 1)) }
        let found = (0..<16 as Range<UInt64>).map { memory.take(mixed($0)) }
        #expect(found.filter { $0 > 0 }.count >= 14)
        for (key, uses) in found.enumerated() { #expect(uses == 0 || Int(uses) == key + 1) }
        // Taking forgets.
        #expect((0..<16 as Range<UInt64>).allSatisfy { memory.take(mixed($0)) == 0 })
        // The same key has one entry, the newest.
        memory.remember(mixed(1), uses: 2)
        memory.remember(mixed(1), uses: 9)
        #expect(memory.take(mixed(1)) == 9)
        #expect(memory.take(mixed(1)) == 0)
        // A thousand others push it out.
        memory.remember(mixed(1), uses: 2)
        for key in 100..<1_100 as Range<UInt64> { memory.remember(mixed(key), uses: 1) }
        #expect(memory.take(mixed(1)) == 0)
    }
}
