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
        #if arch(x86_64)
            unsafe setenv("QUIRE_ISA", "neon", 1)
        #else
            unsafe setenv("QUIRE_ISA", "avx2", 1)
        #endif
        precondition(ISALevel.active == ISALevel.available.last)
        precondition(ISALevel.reason.contains("which this machine lacks"))
    }
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
