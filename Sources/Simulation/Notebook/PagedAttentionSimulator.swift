/// The notebook's class of this name: sequences of any id that hold pages of one pool.
package struct PagedAttentionSimulator: Sendable {
    /// Tokens of a page.
    package let pageSize: Int
    /// Elements of a token.
    package let hiddenDim: Int
    /// With the notebook's defects or without.
    package let mode: NotebookMode

    private struct Sequence {
        var pages: [Int]
        var tokens: Int
    }

    private var map: PageMap
    private var sequences: [String: Sequence] = [:]
    private var usedPages = 0
    private var usedTokens = 0
    private var failures = 0

    /// `PagedAttentionSimulator(page_size, num_pages, hidden_dim)`. O(`pages`).
    package init(pageSize: Int, pages: Int, hiddenDim: Int, mode: NotebookMode) {
        precondition(pageSize >= 1 && hiddenDim >= 1 && pages >= 0, "a pool of no shape")
        self.pageSize = pageSize
        self.hiddenDim = hiddenDim
        self.mode = mode
        map = PageMap(count: pages)
    }

    /// `allocate_sequence(seq_id, seq_length)`: takes the lowest free pages that hold the tokens,
    /// all or none; false where there are too few.
    ///
    /// An id that has pages: legacy forgets those, which then stay taken for ever; corrected
    /// refuses.
    ///
    /// - Complexity: O(pages of the sequence), amortised.
    package mutating func allocate(_ id: String, length: Int) -> Bool {
        precondition(length >= 0, "a sequence of a negative length")
        if mode == .corrected, sequences[id] != nil { return false }
        guard let pages = map.take(pagesFor(length)) else {
            failures += 1
            return false
        }
        usedPages += pages.count
        usedTokens += length
        sequences[id] = Sequence(pages: pages, tokens: length)
        return true
    }

    /// Adds tokens to a sequence: false, and nothing has changed, where the id is unknown or the
    /// pages are too few. The notebook has no such method.
    package mutating func append(_ id: String, tokens: Int) -> Bool {
        precondition(tokens >= 0, "a negative number of tokens")
        guard let sequence = sequences[id] else { return false }
        let more = pagesFor(sequence.tokens + tokens) - sequence.pages.count
        guard let pages = map.take(more) else {
            failures += 1
            return false
        }
        usedPages += more
        usedTokens += tokens
        sequences[id]?.pages.append(contentsOf: pages)
        sequences[id]?.tokens += tokens
        return true
    }

    /// `free_sequence(seq_id)`: gives its pages back; false where the id is unknown.
    package mutating func free(_ id: String) -> Bool {
        guard let sequence = sequences.removeValue(forKey: id) else { return false }
        map.give(back: sequence.pages)
        if mode == .corrected {
            usedPages -= sequence.pages.count
            usedTokens -= sequence.tokens
        }
        return true
    }

    /// `get_memory_stats()`.
    package var statistics: PagedStatistics {
        let elementsPerPage = pageSize * hiddenDim
        return PagedStatistics(
            totalCapacity: map.count * elementsPerPage,
            usedCapacity: usedPages * elementsPerPage,
            wastedCapacity: usedPages * elementsPerPage - usedTokens * hiddenDim,
            activeSequences: sequences.count, freePages: map.freeCount, totalPages: map.count,
            failedSequences: mode == .corrected ? failures : nil)
    }

    /// The pages of a sequence in the order of its tokens; nil where the id is unknown.
    package func pages(of id: String) -> [Int]? { sequences[id]?.pages }

    private func pagesFor(_ tokens: Int) -> Int { (tokens + pageSize - 1) / pageSize }
}
