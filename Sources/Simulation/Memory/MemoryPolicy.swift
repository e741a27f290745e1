package import KVCache

/// A way to give out the slots of a KV cache.
package enum MemoryPolicy: Hashable, Sendable {
    /// Reservations from a buddy allocator.
    case buddy(Reservation)
    /// A buffer that grows by a slot a step, copied each time.
    case realloc
    /// A buffer that doubles when it is full.
    case doubling
    /// Reservations of exact length, first fit.
    case firstFit
    /// The same, with holes closed where that lets a request in.
    case compaction
    /// Pools of chunks of fixed sizes.
    case pools
    /// Contiguous addresses with pages of so many tokens mapped on demand.
    case virtual(pageTokens: Int)
    /// The engine's block tables.
    case paged(blockSize: Int)

    /// The names of all policies, in the order of their results.
    package static let names = [
        "max", "pow2", "oracle", "pools", "first-fit", "compaction", "realloc", "doubling",
        "virtual", "paged",
    ]

    /// What it is called.
    package var name: String {
        switch self {
        case .buddy(let reservation): reservation.rawValue
        case .realloc: "realloc"
        case .doubling: "doubling"
        case .firstFit: "first-fit"
        case .compaction: "compaction"
        case .pools: "pools"
        case .virtual: "virtual"
        case .paged: "paged"
        }
    }

    /// Tokens of its blocks or pages, where it has such.
    package var blockSize: Int? {
        switch self {
        case .virtual(let size), .paged(let size): size
        default: nil
        }
    }

    /// The policies of a name: one for each block size where it has blocks; none if the name is
    /// unknown.
    package static func named(_ name: String, blockSizes: [Int], pageTokens: Int) -> [MemoryPolicy]
    {
        switch name {
        case "max", "pow2", "oracle": Reservation(rawValue: name).map { [.buddy($0)] } ?? []
        case "realloc": [.realloc]
        case "doubling": [.doubling]
        case "first-fit": [.firstFit]
        case "compaction": [.compaction]
        case "pools": [.pools]
        case "virtual": [.virtual(pageTokens: pageTokens)]
        case "paged": blockSizes.map { .paged(blockSize: $0) }
        default: []
        }
    }
}

/// A cache, and who comes: what the policies are compared on.
package struct MemorySimulation: Sendable {
    /// Slots of the cache; a slot has room for one token in all layers.
    package let capacity: Int
    /// Tokens of the longest sequence of the model.
    package let longest: Int
    /// Requests that may run at once.
    package let mostRunning: Int

    /// A cache.
    ///
    /// - Throws: `MemorySimulationError.settings` for numbers that make none.
    package init(
        capacity: Int, longest: Int, mostRunning: Int = .max
    ) throws(MemorySimulationError) {
        guard (1...SimulationLimits.memorySlots).contains(capacity), longest >= 2,
            longest <= capacity, mostRunning >= 1
        else {
            throw .settings(
                "the cache has \(capacity) slots and sequences of \(longest): it takes 1 to "
                    + "\(SimulationLimits.memorySlots) slots and a length of 2 up to the slots")
        }
        self.capacity = capacity
        self.longest = longest
        self.mostRunning = mostRunning
    }

    /// Runs requests, all of which have a prompt and an answer and fit in the longest sequence.
    ///
    /// - Throws: `MemorySimulationError` when the policy cannot run them.
    package func run(
        _ requests: [LengthSample], _ policy: MemoryPolicy
    ) throws(MemorySimulationError) -> MemoryRun {
        for request in requests {
            precondition(
                request.prompt >= 1 && request.output >= 1
                    && request.prompt + request.output <= longest,
                "a request that no sequence holds")
        }
        switch policy {
        case .buddy(let reservation):
            return try run(
                BuddySlots(reservation, capacity: capacity, longest: longest), requests)
        case .realloc:
            return try run(
                ReallocatedSlots(.exact, capacity: capacity, longest: longest), requests)
        case .doubling:
            return try run(
                ReallocatedSlots(.doubling, capacity: capacity, longest: longest), requests)
        case .firstFit:
            return try run(ContiguousSlots(capacity: capacity, compacts: false), requests)
        case .compaction:
            return try run(ContiguousSlots(capacity: capacity, compacts: true), requests)
        case .pools:
            return try run(PoolSlots(capacity: capacity, longest: longest), requests)
        case .virtual(let size), .paged(let size):
            return try run(paged(size), requests)
        }
    }

    private func paged(_ size: Int) throws(MemorySimulationError) -> PagedSlots {
        guard size >= 1, size <= capacity else {
            throw .settings("a block of \(size) tokens: it has 1 up to the \(capacity) slots")
        }
        do throws(KVCacheError) {
            return try PagedSlots(capacity: capacity, blockSize: size, longest: longest)
        } catch {
            throw .settings("\(error)")
        }
    }

    func run(
        _ slots: some SlotAllocator, _ requests: [LengthSample]
    ) throws(MemorySimulationError) -> MemoryRun {
        var batching = SaturatedBatching(
            slots, requests, capacity: capacity, mostRunning: mostRunning)
        let use = try batching.run()
        return MemoryRun(use: use, history: batching.history)
    }
}
