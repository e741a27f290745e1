/// A text whose tokens are only counted: what was said so far in a conversation.
///
/// Full blocks have an id each, which everything that continues the text shares; a copy that goes
/// on otherwise shares what both had when it was made.
struct SharedText {
    private(set) var tokens = 0
    private var full: [UInt64] = []

    /// Adds tokens at the end.
    mutating func append(_ count: Int, _ ids: inout BlockIDs) {
        tokens += count
        while (full.count + 1) * Workload.tokensPerBlock <= tokens { full.append(ids.next()) }
    }

    /// The ids of the blocks of a prompt that is the whole text: a last block that is not full
    /// belongs to this prompt alone.
    func blocks(_ ids: inout BlockIDs) -> [UInt64] {
        full.count * Workload.tokensPerBlock == tokens ? full : full + [ids.next()]
    }
}

/// Hands out the ids of blocks.
struct BlockIDs {
    private var count: UInt64 = 0

    mutating func next() -> UInt64 {
        defer { count += 1 }
        return count
    }
}
