/// Memory that encoding needs, kept from call to call.
struct MergeScratch {
    /// The symbols of the piece at hand: token ids, and where each ends in the text.
    var ids: [UInt32] = []
    var ends: [Int] = []
    /// For the pair that each symbol makes with the next: rank over joined id; `noPair` if none.
    var pairs: [UInt64] = []
    /// Links of the symbols and the queue of pairs, for long pieces.
    var next: [Int32] = []
    var previous: [Int32] = []
    var queue = MergeQueue()
    var cache = WordCache()
    /// A piece in the byte alphabet.
    var alphabet: [UInt8] = []

    /// Of a Unigram model, for each place in the piece the best way to it: its score, its last
    /// token and where that one begins.
    var pathScores: [Double] = []
    var pathIDs: [UInt32] = []
    var pathStarts: [Int32] = []

    /// No merge: later than every merge.
    static let noPair = UInt64.max

    /// Drops the symbols of the last piece.
    mutating func clear() {
        ids.removeAll(keepingCapacity: true)
        ends.removeAll(keepingCapacity: true)
    }

    /// Gives back the memory of a piece so long that it is not to be expected again.
    mutating func trim() {
        guard
            pairs.capacity > TokenizerLimits.pooledSymbols
                || ids.capacity > TokenizerLimits.pooledSymbols
                || pathIDs.capacity > TokenizerLimits.pooledSymbols
        else { return }
        (ids, ends, pairs, next, previous, alphabet) = ([], [], [], [], [], [])
        (pathScores, pathIDs, pathStarts) = ([], [], [])
        queue = MergeQueue()
    }
}

/// A binary heap of pairs: rank over the position of the left symbol, lowest first.
struct MergeQueue {
    private var heap: [UInt64] = []

    mutating func removeAll() { heap.removeAll(keepingCapacity: true) }

    /// O(log n).
    mutating func push(_ entry: UInt64) {
        var child = heap.count
        heap.append(entry)
        while child > 0 {
            let parent = (child - 1) / 2
            guard heap[parent] > entry else { break }
            heap[child] = heap[parent]
            child = parent
        }
        heap[child] = entry
    }

    /// The lowest entry; O(log n).
    mutating func pop() -> UInt64? {
        guard let last = heap.popLast() else { return nil }
        guard let top = heap.first else { return last }
        var parent = 0
        while true {
            var child = 2 * parent + 1
            guard child < heap.count else { break }
            if child + 1 < heap.count, heap[child + 1] < heap[child] { child += 1 }
            guard heap[child] < last else { break }
            heap[parent] = heap[child]
            parent = child
        }
        heap[parent] = last
        return top
    }
}
