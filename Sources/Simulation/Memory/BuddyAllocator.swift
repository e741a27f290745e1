/// A buddy allocator over a pool of any size.
///
/// The pool is cut into regions of powers of two, the largest first (15,728 = 8192 + 4096 + 2048 +
/// 1024 + 256 + 64 + 32 + 16, at rising addresses), and sizes are rounded up to powers of two. A
/// request takes the smallest free chunk that is large enough, of several the lowest, and keeps its
/// low half until it fits. A freed chunk merges with its buddy, never beyond its region.
///
/// It is the baseline of the vLLM paper's figures (Kwon et al., SOSP 2023, section 6.1), which
/// manage Orca's memory so.
package struct BuddyAllocator: Sendable {
    /// A run of slots.
    package struct Chunk: Hashable, Sendable {
        /// The first slot.
        package let start: Int
        /// The slots, a power of two.
        package let size: Int
    }

    /// The regions, at rising addresses.
    package let regions: [Chunk]

    /// Free chunks by the logarithm of their size, the starts descending: the lowest is the last.
    private var free: [[Int]]

    /// An allocator of `capacity` slots, all free.
    package init(capacity: Int) {
        precondition(capacity >= 0, "a negative number of slots")
        var regions: [Chunk] = []
        free = Array(repeating: [], count: Int.bitWidth)
        var start = 0
        for order in stride(from: Int.bitWidth - 2, through: 0, by: -1)
        where capacity & (1 << order) != 0 {
            regions.append(Chunk(start: start, size: 1 << order))
            free[order].append(start)
            start += 1 << order
        }
        self.regions = regions
    }

    /// The size that is taken for `slots` slots.
    package static func rounded(_ slots: Int) -> Int {
        slots <= 1 ? 1 : 1 << (Int.bitWidth - (slots - 1).leadingZeroBitCount)
    }

    /// How many chunks for `slots` slots the whole pool holds. O(regions)
    package func count(of slots: Int) -> Int {
        let size = Self.rounded(slots)
        return regions.reduce(0) { $0 + $1.size / size }
    }

    /// Takes a chunk of at least `slots` slots; nil where no free one is large enough.
    ///
    /// - Complexity: O(log `capacity` + free chunks of a size)
    package mutating func allocate(_ slots: Int) -> Chunk? {
        let size = Self.rounded(slots)
        let wanted = size.trailingZeroBitCount
        guard var order = (wanted..<free.count).first(where: { !free[$0].isEmpty }) else {
            return nil
        }
        let start = free[order].removeLast()
        while order > wanted {
            order -= 1
            insert(start + 1 << order, order: order)
        }
        return Chunk(start: start, size: size)
    }

    /// Takes a chunk back. O(log `capacity` + free chunks of its size and above)
    package mutating func release(_ chunk: Chunk) {
        guard let region = regions.last(where: { $0.start <= chunk.start }) else {
            preconditionFailure("slot \(chunk.start) is of no region")
        }
        var offset = chunk.start - region.start
        var order = chunk.size.trailingZeroBitCount
        while 1 << order < region.size {
            let buddy = region.start + (offset ^ (1 << order))
            let place = place(of: buddy, order: order)
            guard place < free[order].count, free[order][place] == buddy else { break }
            free[order].remove(at: place)
            offset &= ~(1 << order)
            order += 1
        }
        insert(region.start + offset, order: order)
    }

    /// The chunks that are free, at rising addresses.
    package var freeChunks: [Chunk] {
        free.enumerated().flatMap { order, starts in
            starts.map { Chunk(start: $0, size: 1 << order) }
        }.sorted { $0.start < $1.start }
    }

    private mutating func insert(_ start: Int, order: Int) {
        free[order].insert(start, at: place(of: start, order: order))
    }

    /// Where a start is, or belongs, among the descending starts of a size.
    private func place(of start: Int, order: Int) -> Int {
        var low = 0
        var high = free[order].count
        while low < high {
            let middle = (low + high) / 2
            if free[order][middle] > start { low = middle + 1 } else { high = middle }
        }
        return low
    }
}
