internal import CKernels

/// How the attention of a step is shared among threads: made once a step, used by all layers whose
/// queries see the same.
///
/// A work item is one KV head of some query positions of a row. Where there are too few items to
/// keep all threads busy until the end, an item is split into runs of the parts of its context, or,
/// in a short context, its query heads are. Neither changes a bit of the result: the parts are made
/// whether or not they run on one thread.
///
/// Sendable is unchecked: a plan is made between jobs, and only read within one, but for the
/// counters, which are atomic.
@safe
package final class AttentionPlan: @unchecked Sendable {
    /// One call of the kernel.
    struct Item {
        /// The first query's row of the query matrix.
        var token: Int
        var queries: Int
        var firstPosition: Int
        var tableStart: Int
        var kvHead: Int
        /// The query heads, counted within the KV head's group.
        var heads: Range<Int>
        /// The parts of the context, counted from position 0: all that are seen, or those of one
        /// run of 2^level.
        var parts: Range<Int>
        /// Its place among the items of the same rows.
        var share = 0
        /// The items of the same rows, this one included.
        var shares = 1
        var level = 0
        /// Where the rows' states begin in the workspace; nil: all parts are this item's.
        var states: Int?
        /// The counter of the items that have not ended.
        var counter = 0
        /// Products of a query row and a key.
        var work: Int
    }

    /// What the plan was made for.
    private(set) var rows = 0
    private(set) var parameters = AttentionParameters(heads: 1, scale: 1)
    private(set) var kvHeads = 1
    private(set) var headDim = 1

    /// The items, as `WorkerPool` hands them out: each thread's run begins with its longest.
    private(set) var items: [Item] = []
    private(set) var isShared = false

    private var counters: AlignedBuffer
    private var usedCounters = 0
    private var usedFloats = 0
    private var unordered: [Item] = []
    private var ends = [Int](repeating: 0, count: Int.bitWidth * 2)
    private var order: [Int] = []
    private var filled: [Int] = []

    /// An empty plan. Throws `outOfMemory`.
    package init() throws(TensorError) {
        counters = try AlignedBuffer(
            count: TensorLimits.attentionSplits * MemoryLayout<Int32>.stride)
    }

    /// Plans a step. Keeps its memory: a step like the one before allocates nothing.
    ///
    /// O(items + threads).
    package func make(
        _ rows: [AttentionRow], parameters: AttentionParameters, kvHeads: Int, headDim: Int,
        threads: Int
    ) {
        self.rows = rows.count
        self.parameters = parameters
        self.kvHeads = kvHeads
        self.headDim = headDim
        unordered.removeAll(keepingCapacity: true)
        usedCounters = 0
        usedFloats = 0
        let group = parameters.heads / kvHeads
        let queries = max(1, AttentionWorkspace.rowsPerItem / group)
        var tiles = 0
        var work = 0
        for row in rows {
            tiles += (row.queryLength + queries - 1) / queries
            let seen = min(row.contextLength, parameters.window ?? row.contextLength)
            work += row.queryLength * seen * parameters.heads
        }
        isShared = threads > 1 && work * headDim >= TensorLimits.sharedAttentionWork
        let share = isShared ? max(1, work / (threads * TensorLimits.attentionItems)) : .max
        let cuts = isShared ? Self.cuts(group, items: tiles * kvHeads, threads) : 1
        for row in rows {
            for first in stride(from: 0, to: row.queryLength, by: queries) {
                let count = min(queries, row.queryLength - first)
                let item = whole(row, first, count, group: group)
                let wanted = item.work / share + (item.work % share == 0 ? 0 : 1)
                if !split(item, into: wanted) { cut(item, into: cuts) }
            }
        }
        deal(isShared ? threads : 1)
    }

    /// All query heads of the first KV head over all that the queries see.
    private func whole(
        _ row: AttentionRow, _ first: Int, _ count: Int, group: Int
    ) -> Item {
        let position = row.firstPosition + first
        let firstSeen = parameters.firstSeen(position)
        let last = position + count - 1
        let part = Int(QK_ATTENTION_PART)
        return Item(
            token: row.queryStart + first, queries: count, firstPosition: position,
            tableStart: row.tableStart, kvHead: 0, heads: 0..<group,
            parts: firstSeen / part..<last / part + 1,
            work: count * group * (last + 1 - firstSeen))
    }

    /// Splits an item of each KV head into runs of its parts; false if it stays whole.
    ///
    /// The heads of a run are neighbours: what is fetched of the one too early is the other's.
    private func split(_ item: Item, into wanted: Int) -> Bool {
        guard wanted > 1, item.parts.count > 1 else { return false }
        func runs(_ level: Int) -> Range<Int> {
            item.parts.lowerBound >> level..<((item.parts.upperBound - 1) >> level) + 1
        }
        var level = 0
        while runs(level + 1).count >= wanted { level += 1 }
        let runs = runs(level)
        let floats = qk_attention_state(headDim, item.queries * item.heads.count)
        let room = (runs.count * floats + 15) & ~15
        guard usedCounters + kvHeads <= TensorLimits.attentionSplits,
            usedFloats + kvHeads * room <= TensorLimits.attentionStateFloats
        else { return false }
        for run in runs {
            for kvHead in 0..<kvHeads {
                var piece = item
                piece.kvHead = kvHead
                piece.parts = item.parts.clamped(to: run << level..<(run + 1) << level)
                piece.share = run - runs.lowerBound
                piece.shares = runs.count
                piece.level = level
                piece.states = usedFloats + kvHead * room
                piece.counter = usedCounters + kvHead
                piece.work = item.work * piece.parts.count / item.parts.count
                unordered.append(piece)
            }
        }
        for kvHead in 0..<kvHeads {
            unsafe counter(usedCounters + kvHead).pointee = Int32(runs.count)
        }
        usedCounters += kvHeads
        usedFloats += kvHeads * room
        return true
    }

    /// Adds an item of each KV head with its query heads cut into equal runs.
    private func cut(_ item: Item, into cuts: Int) {
        let group = item.heads.count
        for kvHead in 0..<kvHeads {
            for index in 0..<cuts {
                var piece = item
                piece.kvHead = kvHead
                piece.heads = group * index / cuts..<group * (index + 1) / cuts
                piece.work = item.work * piece.heads.count / group
                unordered.append(piece)
            }
        }
    }

    /// Into how many runs a KV head's query heads are cut so that no thread is idle. Every run
    /// reads the keys and values for itself.
    static func cuts(_ group: Int, items: Int, _ threads: Int) -> Int {
        guard items > 0 else { return 1 }
        return min(group, (threads + items - 1) / items)
    }

    /// The counter of a split row, for the kernel.
    func counter(_ index: Int) -> UnsafeMutablePointer<Int32> {
        precondition(index >= 0 && index < TensorLimits.attentionSplits)
        return unsafe counters.start.unsafelyUnwrapped.assumingMemoryBound(to: Int32.self) + index
    }

    /// Sorts the items by their work, to half a power of two, and deals them out: the longest first
    /// to each thread in turn, or, where they are equally long, neighbours to one thread.
    private func deal(_ threads: Int) {
        for index in ends.indices { ends[index] = 0 }
        for item in unordered { ends[Self.lightness(item.work)] += 1 }
        var sum = 0
        for index in ends.indices {
            let count = ends[index]
            ends[index] = sum
            sum += count
        }
        order.removeAll(keepingCapacity: true)
        order.append(contentsOf: repeatElement(0, count: sum))
        for (index, item) in unordered.enumerated() {
            let lightness = Self.lightness(item.work)
            order[ends[lightness]] = index
            ends[lightness] += 1
        }
        items.removeAll(keepingCapacity: true)
        items.append(contentsOf: unordered)
        let threads = max(1, min(threads, sum))
        filled.removeAll(keepingCapacity: true)
        filled.append(contentsOf: repeatElement(0, count: threads))
        var first = 0
        var thread = 0
        while first < sum {
            let work = unordered[order[first]].work
            let alike = order[first...].prefix { unordered[$0].work == work }
            // As many for each thread; the rest in turn.
            let run = max(1, alike.count / threads)
            for (index, item) in alike.enumerated() {
                if index > 0 && index % run == 0 { thread = (thread + 1) % threads }
                place(item, on: &thread, of: threads)
            }
            thread = (thread + 1) % threads
            first += alike.count
        }
    }

    /// Puts an item behind those of a thread, or of the next that has room.
    private func place(_ item: Int, on thread: inout Int, of threads: Int) {
        let sum = items.count
        // A thread's run is where WorkerPool begins and ends it.
        while sum * thread / threads + filled[thread] == sum * (thread + 1) / threads {
            thread = (thread + 1) % threads
        }
        items[sum * thread / threads + filled[thread]] = unordered[item]
        filled[thread] += 1
    }

    /// A bucket for the work: the smaller the heavier.
    private static func lightness(_ work: Int) -> Int {
        let bits = Int.bitWidth - max(1, work).leadingZeroBitCount
        let half = bits > 1 ? (work >> (bits - 2)) & 1 : 0
        return 2 * Int.bitWidth - 1 - (2 * (bits - 1) + half)
    }
}
