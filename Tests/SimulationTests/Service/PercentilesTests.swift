import Testing

@testable import Simulation

@Suite("Percentiles")
struct PercentilesTests {
    @Test func `they lie between sorted values in proportion, as NumPy has them`() {
        let values = Percentiles([4.0, 1, 3, 2])
        #expect(values[0] == 1 && values[1] == 4)
        #expect(values[0.5] == 2.5)
        #expect(values[0.25] == 1.75)
        #expect(values[0.9] == 3.7)
        #expect(values.mean == 2.5 && values.count == 4 && values.largest == 4)
        #expect(Percentiles([Double]())[0.5] == nil)
        #expect(Percentiles([7.0])[0.99] == 7)
    }

    @Test func `counted values are the values that many times`() {
        var random = SeededRandom(seed: 3)
        for _ in 0..<50 {
            let counted = (0..<random.integer(in: 1...8)).map { _ in
                (value: Double(random.integer(in: 0...5)), count: random.integer(in: 0...4))
            }
            let plain = counted.flatMap { Array(repeating: $0.value, count: $0.count) }
            let one = Percentiles(counted)
            let other = Percentiles(plain)
            #expect(one.count == other.count)
            for share in stride(from: 0.0, through: 1, by: 0.05) {
                #expect(one[share] == other[share])
            }
            for bound in stride(from: -1.0, through: 6, by: 0.5) {
                #expect(one.share(atMost: bound) == other.share(atMost: bound))
            }
        }
    }
}
