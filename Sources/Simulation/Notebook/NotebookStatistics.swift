/// What `simulate_traditional_kv_cache` returns, in elements.
package struct TraditionalStatistics: Hashable, Sendable {
    /// Elements reserved: of the whole run (legacy), or of the sequences that are active.
    package var totalAllocated: Int
    /// Those of them that hold no token.
    package var wastedMemory: Int
    /// Sequences that have not ended.
    package var activeSequences: Int

    /// The share of what is allocated that holds tokens; 0 where nothing is allocated.
    package var efficiency: Double {
        guard totalAllocated > 0 else { return 0 }
        return Double(totalAllocated - wastedMemory) / Double(totalAllocated)
    }
}

extension TraditionalStatistics: Encodable {
    private enum CodingKeys: String, CodingKey {
        case totalAllocated = "total_allocated"
        case wastedMemory = "wasted_memory"
        case efficiency
        case activeSequences = "active_sequences"
    }

    /// Writes an object with the notebook's keys.
    package func encode(to encoder: any Encoder) throws {
        var container = encoder.container(keyedBy: CodingKeys.self)
        try container.encode(totalAllocated, forKey: .totalAllocated)
        try container.encode(wastedMemory, forKey: .wastedMemory)
        try container.encode(efficiency, forKey: .efficiency)
        try container.encode(activeSequences, forKey: .activeSequences)
    }
}

/// What `get_memory_stats` returns, in elements.
package struct PagedStatistics: Hashable, Sendable {
    /// Elements of all pages.
    package var totalCapacity: Int
    /// Elements of the pages taken: since the start (legacy), or those held now.
    package var usedCapacity: Int
    /// Those of them behind the last token of a sequence.
    package var wastedCapacity: Int
    /// Sequences that have pages.
    package var activeSequences: Int
    /// Pages that can be taken.
    package var freePages: Int
    /// All pages.
    package var totalPages: Int
    /// Sequences that were refused for want of pages; nil in legacy mode, which counts none.
    package var failedSequences: Int?

    /// The share of what is used that holds tokens; 0 where nothing is used.
    package var efficiency: Double {
        guard usedCapacity > 0 else { return 0 }
        return Double(usedCapacity - wastedCapacity) / Double(usedCapacity)
    }
}

extension PagedStatistics: Encodable {
    private enum CodingKeys: String, CodingKey {
        case totalCapacity = "total_capacity"
        case usedCapacity = "used_capacity"
        case wastedCapacity = "wasted_capacity"
        case efficiency
        case activeSequences = "active_sequences"
        case freePages = "free_pages"
        case totalPages = "total_pages"
        case failedSequences = "failed_sequences"
    }

    /// Writes an object with the notebook's keys, and `failed_sequences` in corrected mode.
    package func encode(to encoder: any Encoder) throws {
        var container = encoder.container(keyedBy: CodingKeys.self)
        try container.encode(totalCapacity, forKey: .totalCapacity)
        try container.encode(usedCapacity, forKey: .usedCapacity)
        try container.encode(wastedCapacity, forKey: .wastedCapacity)
        try container.encode(efficiency, forKey: .efficiency)
        try container.encode(activeSequences, forKey: .activeSequences)
        try container.encode(freePages, forKey: .freePages)
        try container.encode(totalPages, forKey: .totalPages)
        try container.encodeIfPresent(failedSequences, forKey: .failedSequences)
    }
}
