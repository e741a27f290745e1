import KVCache

/// A contiguous buffer that is allocated again when it is full, and its tokens copied: what a list
/// that grows does. Old and new buffer are held together while the copy is made.
///
/// Requests are let in while a hundredth of the slots stays free, as with blocks.
struct ReallocatedSlots: SlotAllocator {
    /// How much larger the next buffer is.
    enum Growth: Hashable, Sendable {
        /// By one slot, so that every step copies all: `cache = concatenate(cache, new)`.
        case exact
        /// Twice as large, up to the longest sequence.
        case doubling
    }

    let growth: Growth
    let longest: Int
    private(set) var copiedTokens = 0
    private var space: ContiguousSpace
    private let watermark: Int

    struct Holding {
        var id: Int
        var count: Int
    }

    init(_ growth: Growth, capacity: Int, longest: Int) {
        self.growth = growth
        self.longest = longest
        space = ContiguousSpace(capacity: capacity)
        watermark = capacity / 100
    }

    var grows: Bool { true }

    private func size(for tokens: Int) -> Int {
        switch growth {
        case .exact: tokens
        case .doubling: max(tokens, min(longest, BuddyAllocator.rounded(tokens)))
        }
    }

    mutating func admit(_ request: LengthSample, tokens: Int, nothingRuns: Bool) -> Holding? {
        let count = size(for: tokens)
        guard nothingRuns || count <= space.freeCount - watermark else { return nil }
        return space.allocate(count).map { Holding(id: $0, count: count) }
    }

    mutating func grow(_ holding: inout Holding, tokens: Int) -> Bool {
        guard tokens > holding.count else { return true }
        let count = size(for: tokens)
        guard let id = space.allocate(count) else { return false }
        space.release(holding.id)
        copiedTokens += tokens - 1
        holding = Holding(id: id, count: count)
        return true
    }

    mutating func release(_ holding: inout Holding) { space.release(holding.id) }

    func slots(of holding: Holding) -> Int { holding.count }

    func rounding(of holding: Holding) -> Int { 0 }
}
