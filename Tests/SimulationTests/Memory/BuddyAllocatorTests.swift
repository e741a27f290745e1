import TestSupport
import Testing

@testable import Simulation

/// A buddy allocator by its definition: a set of free chunks, searched from the start each time.
private struct PlainBuddy {
    var free: Set<BuddyAllocator.Chunk> = []
    let regions: [BuddyAllocator.Chunk]

    init(capacity: Int) {
        var regions: [BuddyAllocator.Chunk] = []
        var size = 1 << 40
        var start = 0
        while size >= 1 {
            if capacity - start >= size {
                regions.append(.init(start: start, size: size))
                start += size
            }
            size /= 2
        }
        self.regions = regions
        free = Set(regions)
    }

    mutating func allocate(_ slots: Int) -> BuddyAllocator.Chunk? {
        var size = 1
        while size < slots { size *= 2 }
        let fitting = free.filter { $0.size >= size }
        guard var chunk = fitting.min(by: { ($0.size, $0.start) < ($1.size, $1.start) }) else {
            return nil
        }
        free.remove(chunk)
        while chunk.size > size {
            let half = chunk.size / 2
            free.insert(.init(start: chunk.start + half, size: half))
            chunk = .init(start: chunk.start, size: half)
        }
        return chunk
    }

    mutating func release(_ chunk: BuddyAllocator.Chunk) {
        var chunk = chunk
        for region in regions
        where region.start <= chunk.start && chunk.start < region.start + region.size {
            while chunk.size < region.size {
                let offset = chunk.start - region.start
                let isLow = offset / chunk.size % 2 == 0
                let other = chunk.start + (isLow ? chunk.size : -chunk.size)
                guard free.remove(.init(start: other, size: chunk.size)) != nil else { break }
                chunk = .init(start: min(chunk.start, other), size: chunk.size * 2)
            }
        }
        free.insert(chunk)
    }
}

@Suite struct `A buddy allocator` {
    @Test func `the paper's pool is cut into powers of two at rising addresses`() {
        let buddy = BuddyAllocator(capacity: 15_728)
        #expect(buddy.regions.map(\.size) == [8192, 4096, 2048, 1024, 256, 64, 32, 16])
        #expect(
            buddy.regions.map(\.start) == [0, 8192, 12288, 14336, 15360, 15616, 15680, 15712])
        #expect(buddy.count(of: 2048) == 7)
        #expect(buddy.count(of: 1025) == 7)
        #expect(buddy.count(of: 16) == 983)
    }

    @Test func `sizes are rounded up to powers of two`() {
        #expect(
            [1, 2, 3, 4, 5, 1024, 1025].map(BuddyAllocator.rounded) == [1, 2, 4, 4, 8, 1024, 2048])
    }

    @Test func `the smallest sufficient chunk is taken, and its low half kept`() {
        var buddy = BuddyAllocator(capacity: 24)
        let chunks = [3, 9, 8, 5, 4].map { buddy.allocate($0) }
        #expect(
            chunks == [
                .init(start: 16, size: 4), .init(start: 0, size: 16), nil, nil,
                .init(start: 20, size: 4),
            ])
        for chunk in chunks { if let chunk { buddy.release(chunk) } }
        #expect(buddy.freeChunks == buddy.regions)
    }

    @Test(arguments: [1, 7, 24, 100, 15_728])
    func `a walk agrees with a set of chunks`(capacity: Int) {
        var generator = SeededGenerator(seed: UInt64(capacity))
        var buddy = BuddyAllocator(capacity: capacity)
        var plain = PlainBuddy(capacity: capacity)
        var held: [BuddyAllocator.Chunk] = []
        for _ in 0..<2000 {
            if held.isEmpty || Int.random(in: 0..<5, using: &generator) < 3 {
                let slots = Int.random(in: 1...max(1, capacity / 4), using: &generator)
                let chunk = buddy.allocate(slots)
                let expected = plain.allocate(slots)
                #expect(chunk == expected)
                if let chunk { held.append(chunk) }
            } else {
                let chunk = held.remove(at: Int.random(in: held.indices, using: &generator))
                buddy.release(chunk)
                plain.release(chunk)
            }
            #expect(Set(buddy.freeChunks) == plain.free)
        }
    }
}
