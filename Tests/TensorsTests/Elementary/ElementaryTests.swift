import TestSupport
import Testing

@testable import Tensors

/// Against exact values of another program (`ElementaryValues`), in units in the last place.
struct ElementaryTests {
    /// How far a result is from the exact value high + low.
    private func error(_ value: Double, _ high: Double, _ low: Double) -> Double {
        abs((value - high) - low) / high.ulp
    }

    @Test func `exponentials have errors of little more than a unit`() {
        for (x, high, low) in ElementaryValues.exponentials {
            #expect(error(Elementary.exp(x), high, low) < 1.1, "exp(\(x))")
        }
        #expect(Elementary.exp(0) == 1)
        #expect(Elementary.exp(-.infinity) == 0)
        #expect(Elementary.exp(-800) == 0)
        #expect(Elementary.exp(800) == .infinity)
        #expect(Elementary.exp(.nan).isNaN)
    }

    @Test func `logarithms have errors below a unit`() {
        for (x, high, low) in ElementaryValues.logarithms {
            #expect(error(Elementary.log(x), high, low) < 1, "log(\(x))")
        }
        #expect(Elementary.log(1) == 0)
        #expect(Elementary.log(0) == -.infinity)
        #expect(Elementary.log(.infinity) == .infinity)
        // The nearest double to log(2^-1074).
        let least = Elementary.log(.leastNonzeroMagnitude)
        #expect(abs(least + 744.4400719213812) <= least.ulp)
        #expect(Elementary.log(-1).isNaN)
        #expect(Elementary.log(.nan).isNaN)
    }

    @Test func `powers have errors below a unit`() {
        for (x, y, high, low) in ElementaryValues.powers {
            #expect(error(Elementary.power(x, y), high, low) < 1, "\(x)^\(y)")
        }
        #expect(Elementary.power(10_000, 0) == 1)
        #expect(Elementary.power(10, 3) == 1000)
        #expect(Elementary.power(2, 5000) == .infinity)
        #expect(Elementary.power(2, -5000) == 0)
        #expect(Elementary.power(-1, 2).isNaN)
    }

    @Test func `sines and cosines have errors below a unit for angles of any size`() {
        for (x, high, low) in ElementaryValues.sines {
            for sign in [1.0, -1] {
                let sine = Elementary.sineAndCosine(sign * x).sine
                #expect(error(sign * sine, high, low) < 1, "sin(\(sign * x))")
            }
        }
        for (x, high, low) in ElementaryValues.cosines {
            for sign in [1.0, -1] {
                let cosine = Elementary.sineAndCosine(sign * x).cosine
                #expect(error(cosine, high, low) < 1, "cos(\(sign * x))")
            }
        }
        #expect(Elementary.sineAndCosine(0) == (0, 1))
        for angle in [Double.infinity, -.infinity, .nan] {
            let (sine, cosine) = Elementary.sineAndCosine(angle)
            #expect(sine.isNaN && cosine.isNaN)
        }
    }

    @Test func `a rotation's cosines and sines are those of its angles, rounded once`() throws {
        let frequencies = ElementaryValues.sines.map(\.0).filter { $0.magnitude < 1000 }
        let table = try RotaryTable(rows: 1, inverseFrequencies: frequencies, magnitude: 1.25)
        for position in [0, 1, 4_095, 1_048_575] as [Int32] {
            table.fill(positions: [position])
            let (cosines, sines) = (table.cosines.array(0), table.sines.array(0))
            for (i, frequency) in frequencies.enumerated() {
                let (sine, cosine) = Elementary.sineAndCosine(Double(position) * frequency)
                #expect(cosines[i] == Float(cosine * 1.25))
                #expect(sines[i] == Float(sine * 1.25))
            }
        }
    }
}
