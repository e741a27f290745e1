/// Which pages of a pool are free; the lowest are taken first, as the notebook does.
///
/// A bit a page. The notebook looks at every page each time; here a search starts at the first word
/// that may have a free page.
struct PageMap: Sendable {
    /// All pages.
    let count: Int
    /// Pages that are free.
    private(set) var freeCount: Int
    private var words: [UInt64]
    private var firstWord = 0

    /// A pool in which every page is free. O(`count`).
    init(count: Int) {
        self.count = count
        freeCount = count
        words = Array(repeating: .max, count: (count + 63) / 64)
        if count % 64 > 0 { words[count / 64] = .max >> UInt64(64 - count % 64) }
    }

    /// Takes the lowest free pages; nil, and nothing has changed, where there are fewer.
    ///
    /// - Complexity: O(`wanted` + words that have become full)
    mutating func take(_ wanted: Int) -> [Int]? {
        guard wanted <= freeCount else { return nil }
        var pages: [Int] = []
        pages.reserveCapacity(wanted)
        while pages.count < wanted {
            while words[firstWord] == 0 { firstWord += 1 }
            let bit = words[firstWord].trailingZeroBitCount
            words[firstWord] &= words[firstWord] - 1
            pages.append(firstWord * 64 + bit)
        }
        freeCount -= wanted
        return pages
    }

    /// Gives pages back that were taken. O(pages).
    mutating func give(back pages: [Int]) {
        for page in pages {
            let bit = UInt64(1) << UInt64(page % 64)
            precondition(words[page / 64] & bit == 0, "page \(page) is freed twice")
            words[page / 64] |= bit
            firstWord = min(firstWord, page / 64)
        }
        freeCount += pages.count
    }
}
