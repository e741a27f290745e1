import Foundation
import TestSupport
import Testing

@testable import Tensors

private let lengths = [1, 5, 16, 17, 63, 64, 65, 129, 4095, 4097, 262_144, 262_147]

@Test(arguments: ISALevel.available)
func `exp is within two units in the last place`(_ level: ISALevel) throws {
    let compute = try #require(Compute(pool: WorkerPool(threads: 1), level: level))
    let x = stride(from: Float(-87), through: 88.7, by: 0.00173).map { $0 }
    var worst = 0.0
    for (x, y) in zip(x, compute.exp(x)) {
        let wanted = Foundation.exp(Double(x))
        worst = max(worst, abs(Double(y) - wanted) / Double(Float(wanted).ulp))
    }
    #expect(worst <= 2)
    let special: [Float] = [0, -0.0, 89, .infinity, -.infinity, -105, -1e30, 88.72, -100]
    let results = compute.exp(special)
    #expect(Array(results.prefix(7)) == [1, 1, .infinity, .infinity, 0, 0, 0])
    #expect(results[7].isFinite)
    #expect(abs(Double(results[8]) - Foundation.exp(-100)) <= 1e-44)
}

@Test(arguments: ISALevel.available)
func `the largest value is found where it is first`(_ level: ISALevel) throws {
    let compute = try #require(Compute(pool: WorkerPool(threads: 1), level: level))
    var generator = SeededGenerator(seed: 8)
    for n in lengths {
        var x = (0..<n).map { _ in Float.random(in: -9...9, using: &generator) }
        let first = Int.random(in: 0..<n, using: &generator)
        let second = Int.random(in: first..<n, using: &generator)
        x[first] = 10
        x[second] = 10
        #expect(compute.argmax(x.span) == first)
        #expect(compute.maximum(x.span) == 10)
        if first > 0 { x[0] = .nan }
        #expect(compute.argmax(x.span) == first)
    }
    #expect(compute.argmax([Float](repeating: .nan, count: 40).span) == 0)
    #expect(compute.maximum([Float]().span) == -Float.infinity)
}

@Test(arguments: ISALevel.available)
func `log-sum-exp holds over long rows and large values`(_ level: ISALevel) throws {
    let compute = try #require(Compute(pool: WorkerPool(threads: 1), level: level))
    var generator = SeededGenerator(seed: 9)
    for n in lengths {
        for offset: Float in [0, 300, -5000] {
            let x = (0..<n).map { _ in offset + Float.random(in: -9...9, using: &generator) }
            let sum = x.reduce(0.0) { $0 + Foundation.exp(Double($1) - Double(offset)) }
            let wanted = Double(offset) + log(sum)
            #expect(abs(compute.logSumExp(x.span) - wanted) < 1e-6, "\(n) values at \(offset)")
        }
    }
    #expect(compute.logSumExp([Float]().span) == -Double.infinity)
    #expect(compute.logSumExp([-Float.infinity, -.infinity].span) == -Double.infinity)
    #expect(compute.logSumExp([1, Float.infinity].span) == Double.infinity)
}
