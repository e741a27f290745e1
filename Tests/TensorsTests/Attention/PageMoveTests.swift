import TestSupport
import Testing

@testable import Tensors

/// K6: copies of pages are exact, and all other pages are untouched.
struct PageMoveTests {
    /// Pages that one thread copies and pages that several share; one is not a whole number of
    /// parts.
    @Test(arguments: [64, 4 << 10, (128 << 10) + 192], [1, 2, 3])
    func `moves have the effect of one copy after the other`(
        pageBytes: Int, threads: Int
    ) throws {
        var random = SeededGenerator(seed: UInt64(pageBytes + threads))
        let compute = Compute(pool: WorkerPool(threads: threads))
        let arenas = try [5, 4].map { pages in
            try KVArena(pages: pages, pageBytes: pageBytes, element: .f16)
        }
        var expected = arenas.map { arena in
            (0..<arena.pages).map { page in
                let bytes = (0..<pageBytes).map { _ in UInt8.random(in: 0...255, using: &random) }
                write(bytes, to: page, of: arena)
                return bytes
            }
        }
        for _ in 0..<20 {
            var moves: [PageMove] = []
            for _ in 0..<Int.random(in: 0...6, using: &random) {
                let (source, target) = (
                    Int.random(in: 0...1, using: &random), Int.random(in: 0...1, using: &random)
                )
                let from = Int.random(in: 0..<arenas[source].pages, using: &random)
                let to = Int.random(in: 0..<arenas[target].pages, using: &random)
                moves.append(
                    PageMove(from: from, of: arenas[source], to: to, of: arenas[target]))
                expected[target][to] = expected[source][from]
            }
            compute.move(moves)
            for (arena, pages) in zip(arenas, expected) {
                for (page, bytes) in pages.enumerated() {
                    #expect(read(page, of: arena) == bytes, "page \(page)")
                }
            }
        }
    }

    private func write(_ bytes: [UInt8], to page: Int, of arena: KVArena) {
        let start = unsafe arena.pointer(page: page, offset: 0)
        for (offset, byte) in bytes.enumerated() {
            unsafe start.storeBytes(of: byte, toByteOffset: offset, as: UInt8.self)
        }
    }

    private func read(_ page: Int, of arena: KVArena) -> [UInt8] {
        let start = unsafe arena.pointer(page: page, offset: 0)
        return unsafe Array(UnsafeRawBufferPointer(start: start, count: arena.pageBytes))
    }
}
