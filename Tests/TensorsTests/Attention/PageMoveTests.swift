import TestSupport
import Testing

@testable import Tensors

/// K6: copies of pages are exact, and all other pages are untouched.
struct PageMoveTests {
    /// Pages that one thread copies and pages that several share, in one part or in layers; one is
    /// not a whole number of parts.
    @Test(
        arguments: [(64, 1), (4 << 10, 4), ((128 << 10) + 192, 1), ((128 << 10) + 192, 4)],
        [1, 2, 3])
    func `moves have the effect of one copy after the other`(
        _ page: (bytes: Int, layers: Int), threads: Int
    ) throws {
        let pageBytes = page.bytes
        var random = SeededGenerator(seed: UInt64(pageBytes + threads))
        let compute = Compute(pool: WorkerPool(threads: threads))
        let arenas = try [5, 4].map { pages in
            try KVArena(
                pages: pages, pageBytes: pageBytes, layers: page.layers,
                stride: pageBytes / page.layers + 40, element: .f16)
        }
        var expected = arenas.map { arena in
            (0..<arena.pages).map { page in
                let bytes = (0..<pageBytes).map { _ in UInt8.random(in: 0...255, using: &random) }
                arena.setBytes(bytes, page: page)
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
                    #expect(arena.bytes(page: page) == bytes, "page \(page)")
                }
            }
        }
    }

    @Test func `a byte of a page is where its layer's are`() throws {
        let arena = try KVArena(pages: 3, pageBytes: 60, layers: 4, stride: 24, element: .f32)
        #expect(arena.layerBytes == 15 && arena.byteCount == 3 * 4 * 24)
        let first = unsafe arena.pointer(page: 0, offset: 0)
        for page in 0..<3 {
            for offset in 0..<60 {
                let place = unsafe arena.pointer(page: page, offset: offset) - first
                #expect(place == (offset / 15 * 3 + page) * 24 + offset % 15)
            }
        }
        var runs: [Range<Int>] = []
        arena.forEachRun(7..<46) { runs.append($0) }
        #expect(runs == [7..<15, 15..<30, 30..<45, 45..<46])
    }
}
