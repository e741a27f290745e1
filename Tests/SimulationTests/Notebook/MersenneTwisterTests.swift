import Foundation
import Testing

@testable import Simulation

/// The lines of a file of `Fixtures/Notebook`, each as its words.
func notebookFixture(_ name: String) throws -> [[Substring]] {
    let file = try #require(
        Bundle.module.url(
            forResource: name, withExtension: "txt", subdirectory: "Fixtures/Notebook"))
    return try String(contentsOf: file, encoding: .utf8).split(separator: "\n").map {
        $0.split(separator: " ")
    }
}

@Suite struct `NumPy's legacy generator` {
    @Test func `the first words of the reference program are drawn`() {
        // mt19937ar.c, `init_genrand(5489)`: its first output, and the 10,000th of C++'s mt19937
        // (ISO C++ [rand.predef]).
        var generator = MersenneTwister(seed: 5489)
        let words = (0..<10_000).map { _ in generator.next32() }
        #expect(words[0] == 3_499_211_612)
        #expect(words[9999] == 4_123_659_995)
    }

    @Test func `numbers and ranges come as NumPy draws them, to the last bit`() throws {
        let lines = try notebookFixture("numpy-random")
        #expect(lines.count == 10)
        for line in lines {
            var generator = MersenneTwister(seed: try #require(UInt32(line[0])))
            for (place, drawn) in line.dropFirst().enumerated() {
                if drawn.first == "r" {
                    let bits = try #require(UInt64(drawn.dropFirst(), radix: 16))
                    let own = generator.random().bitPattern
                    #expect(own == bits, "seed \(line[0]), \(place)")
                } else {
                    let fields = drawn.dropFirst().split(separator: ",").compactMap { Int($0) }
                    try #require(fields.count == 3)
                    let own = generator.randint(fields[0], fields[1])
                    #expect(own == fields[2], "seed \(line[0]), \(place)")
                }
            }
        }
    }

    @Test func `a range of one value draws nothing`() {
        var generator = MersenneTwister(seed: 1)
        var other = generator
        let only = generator.randint(10, 11)
        #expect(only == 10)
        let words = (generator.next32(), other.next32())
        #expect(words.0 == words.1)
    }

    @Test func `floats are divided as Python divides them`() {
        // Python: 1.0 // 0.1 = 9.0, though 1.0 / 0.1 = 10.0.
        #expect(PythonArithmetic.floorDivide(1, 0.1) == 9)
        #expect(PythonArithmetic.floorDivide(629.4, 16) == 39)
        #expect(PythonArithmetic.floorDivide(0.3, 0.1) == 2)
        #expect(PythonArithmetic.floorDivide(-7, 2) == -4)
    }
}
