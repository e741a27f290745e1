/// Runs of slots of any length at addresses of one space, placed first fit.
struct ContiguousSpace: Sendable {
    /// A run of slots that somebody holds.
    struct Segment: Hashable, Sendable {
        /// Its number, which stays when it is moved.
        let id: Int
        /// The first slot.
        var start: Int
        /// The slots, at least 1.
        var count: Int

        var end: Int { start + count }
    }

    /// All slots.
    let capacity: Int
    /// By rising addresses.
    private(set) var segments: [Segment] = []
    /// Slots that nobody holds.
    private(set) var freeCount: Int
    private var nextID = 0

    init(capacity: Int) {
        self.capacity = capacity
        freeCount = capacity
    }

    /// Takes the first hole that is large enough; nil where there is none. O(segments)
    mutating func allocate(_ count: Int) -> Int? {
        precondition(count >= 1, "a segment of no slot")
        guard count <= freeCount else { return nil }
        var start = 0
        for (place, segment) in segments.enumerated() {
            if segment.start - start >= count { return insert(start, count, at: place) }
            start = segment.end
        }
        guard capacity - start >= count else { return nil }
        return insert(start, count, at: segments.count)
    }

    private mutating func insert(_ start: Int, _ count: Int, at place: Int) -> Int {
        segments.insert(Segment(id: nextID, start: start, count: count), at: place)
        freeCount -= count
        nextID += 1
        return nextID - 1
    }

    /// Takes a segment back. O(segments)
    mutating func release(_ id: Int) {
        guard let place = segments.firstIndex(where: { $0.id == id }) else {
            preconditionFailure("segment \(id) is freed twice")
        }
        freeCount += segments.remove(at: place).count
    }

    /// Moves all segments down to where the one before ends: the free slots are one hole then.
    ///
    /// - Returns: the ids of those that were moved.
    /// - Complexity: O(segments)
    mutating func compact() -> [Int] {
        var start = 0
        var moved: [Int] = []
        for place in segments.indices {
            if segments[place].start != start { moved.append(segments[place].id) }
            segments[place].start = start
            start = segments[place].end
        }
        return moved
    }
}
