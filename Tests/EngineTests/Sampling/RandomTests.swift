import QuireEngine
import Tensors
import TestSupport
import Testing

@Suite struct `Random numbers` {
    /// The known answers that the paper's authors publish for Philox 4x32-10.
    @Test(arguments: [
        (
            SIMD4<UInt32>(repeating: 0), SIMD2<UInt32>(repeating: 0),
            SIMD4<UInt32>(0x6627_E8D5, 0xE169_C58D, 0xBC57_AC4C, 0x9B00_DBD8)
        ),
        (
            SIMD4(repeating: UInt32.max), SIMD2(repeating: UInt32.max),
            SIMD4(0x408F_276D, 0x41C8_3B0E, 0xA20B_C7C6, 0x6D54_51FD)
        ),
        (
            SIMD4(0x243F_6A88, 0x85A3_08D3, 0x1319_8A2E, 0x0370_7344),
            SIMD2(0xA409_3822, 0x299F_31D0),
            SIMD4(0xD16C_FE09, 0x94FD_CCEB, 0x5001_E420, 0x2412_6EA1)
        ),
    ])
    func `Philox gives its known answers`(
        counter: SIMD4<UInt32>, key: SIMD2<UInt32>, answer: SIMD4<UInt32>
    ) {
        #expect(Philox.words(counter: counter, key: key) == answer)
    }

    @Test func `uniform numbers are in range, spread evenly and depend on every part of the key`() {
        var histogram = Array(repeating: 0, count: 10)
        for position in 0..<20_000 {
            let value = Philox.uniform(seed: 42, stream: 0, position: position)
            #expect(value >= 0 && value < 1)
            histogram[Int(value * 10)] += 1
        }
        for count in histogram { #expect(abs(count - 2000) < 200) }
        let one = Philox.uniform(seed: 1, stream: 2, position: 3)
        #expect(one == Philox.uniform(seed: 1, stream: 2, position: 3))
        #expect(one != Philox.uniform(seed: 1 << 40 + 1, stream: 2, position: 3))
        #expect(one != Philox.uniform(seed: 1, stream: 1 << 40 + 2, position: 3))
        #expect(one != Philox.uniform(seed: 1, stream: 2, position: 1 << 40 + 3))
        #expect(one != Philox.uniform(seed: 3, stream: 2, position: 1))
    }

    @Test func `the kernels' exponential is this one, to the bit`() throws {
        var generator = SeededGenerator(seed: 5)
        let logits = (0..<5_000).map { _ in Float.random(in: -760...0, using: &generator) }
        let row = logits + [0, -0.0, -.infinity, -708, -707.5, -1e-30, -1e30]
        for level in ISALevel.available {
            let scan = try #require(LogitScan(level: level))
            var weights = [Double](repeating: -1, count: row.count)
            _ = scan.weights(row.span, largest: 0, scale: 1, floor: 0, into: &weights)
            #expect(weights == row.map { Elementary.exp(Double($0)) }, "\(level)")
        }
    }
}
