package import KVCache

/// How many slots a request reserves when it is admitted.
package enum Reservation: String, CaseIterable, Hashable, Sendable {
    /// The model's longest sequence: nothing is known of the answer (Orca, FasterTransformer).
    case max
    /// The prompt and the answer rounded up to a power of two: a good guess is known.
    case pow2
    /// The prompt and the answer: its length is known, which nobody can.
    case oracle

    /// The slots for a request that fits in `longest`.
    package func slots(_ request: LengthSample, longest: Int) -> Int {
        switch self {
        case .max: longest
        case .pow2: min(longest, request.prompt + BuddyAllocator.rounded(request.output))
        case .oracle: request.prompt + request.output
        }
    }
}

/// Reservations from a buddy allocator.
struct BuddySlots: SlotAllocator {
    let reservation: Reservation
    let longest: Int
    private var buddy: BuddyAllocator

    struct Holding {
        let chunk: BuddyAllocator.Chunk
        let asked: Int
    }

    init(_ reservation: Reservation, capacity: Int, longest: Int) {
        self.reservation = reservation
        self.longest = longest
        buddy = BuddyAllocator(capacity: capacity)
    }

    var grows: Bool { false }
    var copiedTokens: Int { 0 }

    mutating func admit(_ request: LengthSample, tokens: Int, nothingRuns: Bool) -> Holding? {
        let asked = reservation.slots(request, longest: longest)
        return buddy.allocate(asked).map { Holding(chunk: $0, asked: asked) }
    }

    mutating func grow(_ holding: inout Holding, tokens: Int) -> Bool { true }

    mutating func release(_ holding: inout Holding) { buddy.release(holding.chunk) }

    func slots(of holding: Holding) -> Int { holding.chunk.size }

    func rounding(of holding: Holding) -> Int { holding.chunk.size - holding.asked }
}
