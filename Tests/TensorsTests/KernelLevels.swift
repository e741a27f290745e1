import Foundation
import TestSupport
import Testing

@testable import Tensors

/// Every level of this machine, with one and with two threads.
struct KernelCase: CustomTestStringConvertible, Sendable {
    let level: ISALevel
    let threads: Int

    var testDescription: String { "\(level.rawValue), \(threads) threads" }

    static let all: [KernelCase] = ISALevel.available.flatMap { level in
        [1, 2].map { KernelCase(level: level, threads: $0) }
    }

    /// The operations of the level; the pool lives as long as they do.
    func compute() throws -> Compute {
        try #require(Compute(pool: WorkerPool(threads: threads), level: level))
    }
}

@Test func `the scalar level is everywhere`() {
    #expect(ISALevel.available.contains(.scalar))
    #expect(ISALevel.available.contains(ISALevel.active))
    #expect(ISALevel.reason.hasPrefix(ISALevel.active.rawValue))
}

@Test func `the environment chooses among the levels of the machine`() async {
    await #expect(processExitsWith: .success) {
        unsafe setenv("QUIRE_ISA", "scalar", 1)
        precondition(ISALevel.active == .scalar)
        precondition(ISALevel.reason.contains("QUIRE_ISA asks for it"))
    }
    await #expect(processExitsWith: .success) {
        unsafe setenv("QUIRE_ISA", "avx1024", 1)
        precondition(ISALevel.active == ISALevel.available.last)
        precondition(ISALevel.reason.contains("ignored"))
    }
    await #expect(processExitsWith: .success) {
        unsafe setenv("QUIRE_ISA", foreign, 1)
        precondition(ISALevel.active == ISALevel.available.last)
        precondition(ISALevel.reason.contains("which this machine lacks"))
    }
    await #expect(processExitsWith: .success) {
        guard let smaller = ISALevel.subsets.last else { return }
        unsafe setenv("QUIRE_ISA", smaller.rawValue, 1)
        precondition(ISALevel.active == smaller)
    }
}

/// A level of other machines.
#if arch(x86_64)
    private let foreign = "neon"
#else
    private let foreign = "avx2"
#endif

@Test func `a set of features is named as it is written`() throws {
    for level in ISALevel.subsets {
        #expect(ISALevel(rawValue: level.rawValue) == level)
        #expect(ISALevel.refusal(of: level.rawValue) == nil)
    }
    for text in ["foo", "avx", "avx2+", "avx2+foo", "avx2++avxvnni", "+avx2", "avx512 ", "-"] {
        #expect(ISALevel(rawValue: text) == nil, "\(text)")
        let refusal = try #require(ISALevel.refusal(of: text))
        #expect(refusal.hasPrefix("QUIRE_ISA is '\(text)'; it must be one of scalar, neon, avx2"))
    }
    #expect(ISALevel.refusal(of: foreign)?.contains("which this machine lacks") == true)
    #expect(ISALevel.refusal(of: "") == nil && ISALevel.refusal(of: nil) == nil)
    // A feature brings those it builds on, and takes with it those that build on it.
    #expect(ISALevel(rawValue: "scalar+vnni")?.rawValue.hasPrefix("avx512") == true)
    #expect(ISALevel(rawValue: "avx512-avx2") == .scalar)
    #expect(ISALevel(rawValue: "avx2+avxvnni")?.rawValue == "avx2+avxvnni")
    #expect(ISALevel(rawValue: "avx2+bf16-avx512")?.rawValue == "avx2")
    #expect(ISALevel(rawValue: "neon+dotprod-dotprod")?.rawValue.hasPrefix("neon") == true)
}

extension FloatMatrix {
    /// Random numbers of a range, or one number everywhere.
    static func random(
        rows: Int, columns: Int, in range: ClosedRange<Float> = -2...2,
        using generator: inout SeededGenerator
    ) throws -> FloatMatrix {
        let matrix = try FloatMatrix(rows: rows, columns: columns)
        for row in 0..<rows {
            matrix.withMutableRow(row) { floats in
                for column in 0..<columns {
                    floats[column] = Float.random(in: range, using: &generator)
                }
            }
        }
        return matrix
    }

    static func filled(rows: Int, columns: Int, with value: Float) throws -> FloatMatrix {
        let matrix = try FloatMatrix(rows: rows, columns: columns)
        for row in 0..<rows {
            matrix.withMutableRow(row) { $0.update(repeating: value) }
        }
        return matrix
    }

    func array(_ index: Int) -> [Float] {
        unsafe row(index).withUnsafeBufferPointer { unsafe Array($0) }
    }

    var arrays: [[Float]] { (0..<rows).map { array($0) } }

    var bits: [UInt32] { arrays.flatMap { $0.map(\.bitPattern) } }
}
