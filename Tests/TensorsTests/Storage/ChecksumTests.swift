import TestSupport
import Testing

@testable import Tensors

struct ChecksumTests {
    @Test func `any change of one byte changes the checksum`() {
        var random = SeededGenerator(seed: 1)
        for count in [1, 7, 8, 9, 31, 32, 33, 100] {
            let bytes = (0..<count).map { _ in UInt8.random(in: 0...255, using: &random) }
            let sum = Checksum64.of(bytes)
            for place in bytes.indices {
                for change in 1...255 as ClosedRange<UInt8> {
                    var damaged = bytes
                    damaged[place] ^= change
                    #expect(Checksum64.of(damaged) != sum)
                }
            }
        }
    }

    @Test func `length, order and seed count`() {
        #expect(Checksum64.of([]) != Checksum64.of([0]))
        #expect(Checksum64.of([0]) != Checksum64.of([0, 0]))
        #expect(Checksum64.of([1, 2]) != Checksum64.of([2, 1]))
        #expect(Checksum64.of([1, 2]) != Checksum64.of([1, 2], seed: 1))
        let blocks = (0..<4).map { Array(repeating: UInt8($0), count: 32) }
        let swapped = [blocks[1], blocks[0], blocks[2], blocks[3]]
        #expect(
            Checksum64.of(Array(blocks.joined())) != Checksum64.of(Array(swapped.joined())))
    }

    @Test func `the value is the same on every machine`() {
        #expect(Checksum64.of((0..<100).map { UInt8($0) }, seed: 5) == 13_183_750_400_063_164_927)
    }
}
