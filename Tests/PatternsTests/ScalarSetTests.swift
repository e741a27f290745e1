import TestSupport
import Testing

@testable import Patterns

struct ScalarSetTests {
    @Test(arguments: 0..<4)
    func `sets are what their members are`(seed: UInt64) {
        var random = SeededGenerator(seed: seed)
        func ranges() -> [ClosedRange<UInt32>] {
            (0..<Int.random(in: 0...6, using: &random)).map { _ in
                let start = UInt32.random(in: 0...300, using: &random)
                return start...start + UInt32.random(in: 0...30, using: &random)
            }
        }
        for _ in 0..<50 {
            let (first, second) = (ranges(), ranges())
            let (a, b) = (ScalarSet(first), ScalarSet(second))
            for scalar in 0...UInt32(340) {
                let inA = first.contains { $0.contains(scalar) }
                let inB = second.contains { $0.contains(scalar) }
                #expect(a.contains(scalar) == inA)
                #expect(a.inverted.contains(scalar) != inA)
                #expect(a.union(b).contains(scalar) == (inA || inB))
                #expect(a.intersection(b).contains(scalar) == (inA && inB))
                #expect(a.subtracting(b).contains(scalar) == (inA && !inB))
            }
            for (left, right) in zip(a.ranges, a.ranges.dropFirst()) {
                #expect(left.upperBound + 1 < right.lowerBound)
            }
        }
    }

    @Test func `every scalar has one category`() {
        var next: UInt32 = 0
        for run in GeneralCategory.runs {
            #expect(run.scalars.lowerBound == next)
            next = run.scalars.upperBound + 1
        }
        #expect(next == 0x110000)
        #expect(GeneralCategory.uppercaseLetter.set.contains(0x41))
        #expect(GeneralCategory.unassigned.set.contains(0x378))
        #expect(GeneralCategory.surrogate.set == ScalarSet([0xD800...0xDFFF]))
    }
}
