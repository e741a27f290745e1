import TestSupport
import Testing

@testable import Tensors

/// Numbers of every magnitude, ties, limits and the special values.
private func samples() -> [Float] {
    var generator = SeededGenerator(seed: 7)
    var floats: [Float] = [
        0, -0.0, .infinity, -.infinity, 65_504, 65_519, 65_520, -65_520, 65_536, 1e38, 0x1p-24,
        0x1p-25, 0x1.000002p-25, 0x1.8p-24, 0x1p-14, 0x1.ffcp-15, 0x1.ffep-15, 1.0004883, 1.0014648,
        .leastNonzeroMagnitude, .greatestFiniteMagnitude, 0x1.01p0, 0x1.03p0,
    ]
    for _ in 0..<20_000 {
        floats.append(Float(bitPattern: UInt32.random(in: 0...0xff7f_ffff, using: &generator)))
    }
    return floats.filter { !$0.isNaN }
}

#if !((os(macOS) || targetEnvironment(macCatalyst)) && arch(x86_64))
    @Test(arguments: ISALevel.available)
    func `halves are rounded to nearest, ties to even`(_ level: ISALevel) throws {
        let compute = try #require(Compute(pool: WorkerPool(threads: 1), level: level))
        let floats = samples()
        #expect(compute.float16(floats) == floats.map { Float16($0).bitPattern })
    }

    @Test(arguments: ISALevel.available)
    func `every half is read exactly`(_ level: ISALevel) throws {
        let compute = try #require(Compute(pool: WorkerPool(threads: 1), level: level))
        let halves = (0...UInt16.max).map { $0 }
        for (half, float) in zip(halves, compute.float32(float16: halves)) {
            let wanted = Float(Float16(bitPattern: half))
            #expect(float.bitPattern == wanted.bitPattern || float.isNaN && wanted.isNaN)
        }
    }
#endif

@Test(arguments: ISALevel.available)
func `bfloat16 is rounded to nearest, ties to even`(_ level: ISALevel) throws {
    let compute = try #require(Compute(pool: WorkerPool(threads: 1), level: level))
    let floats = samples()
    let rounded = compute.bfloat16(floats)
    for (float, half) in zip(floats, rounded) {
        let bits = float.bitPattern
        let below = UInt32(bits >> 16)
        let rest = bits & 0xffff
        let up = rest > 0x8000 || rest == 0x8000 && below & 1 == 1
        #expect(half == UInt16(truncatingIfNeeded: below + (up ? 1 : 0)))
    }
    let back = compute.float32(bfloat16: rounded)
    #expect(zip(rounded, back).allSatisfy { UInt32($0) << 16 == $1.bitPattern })
}

@Test(arguments: ISALevel.available)
func `what is not a number stays so`(_ level: ISALevel) throws {
    let compute = try #require(Compute(pool: WorkerPool(threads: 1), level: level))
    let nan = [Float](repeating: .nan, count: 19)
    #expect(compute.float32(float16: compute.float16(nan)).allSatisfy { $0.isNaN })
    #expect(compute.float32(bfloat16: compute.bfloat16(nan)).allSatisfy { $0.isNaN })
    #expect(compute.exp(nan).allSatisfy { $0.isNaN })
}
