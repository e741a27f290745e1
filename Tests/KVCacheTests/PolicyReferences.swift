/// A cache policy in the plainest form: what the fast ones are compared with.
protocol ReferencePolicy {
    init(capacity: Int)
    mutating func access(_ key: UInt64) -> Bool
}

/// Least recently used: a list, the most recent last.
struct ReferenceLRU: ReferencePolicy {
    private let capacity: Int
    private var stamps: [UInt64: Int] = [:]
    private var clock = 0

    init(capacity: Int) { self.capacity = capacity }

    mutating func access(_ key: UInt64) -> Bool {
        clock += 1
        let hit = stamps[key] != nil
        if !hit, stamps.count == capacity, let oldest = stamps.min(by: { $0.value < $1.value }) {
            stamps[oldest.key] = nil
        }
        stamps[key] = clock
        return hit
    }
}

/// Least often used, and among equals least recently used.
struct ReferenceLFU: ReferencePolicy {
    private let capacity: Int
    private var entries: [UInt64: (count: Int, stamp: Int)] = [:]
    private var clock = 0

    init(capacity: Int) { self.capacity = capacity }

    mutating func access(_ key: UInt64) -> Bool {
        clock += 1
        if let entry = entries[key] {
            entries[key] = (entry.count + 1, clock)
            return true
        }
        if entries.count == capacity,
            let victim = entries.min(by: {
                ($0.value.count, $0.value.stamp) < ($1.value.count, $1.value.stamp)
            })
        {
            entries[victim.key] = nil
        }
        entries[key] = (1, clock)
        return false
    }
}

/// First in, first out.
struct ReferenceFIFO: ReferencePolicy {
    private let capacity: Int
    private var queue: [UInt64] = []
    private var resident: Set<UInt64> = []

    init(capacity: Int) { self.capacity = capacity }

    mutating func access(_ key: UInt64) -> Bool {
        guard !resident.contains(key) else { return true }
        if queue.count == capacity { resident.remove(queue.removeFirst()) }
        queue.append(key)
        resident.insert(key)
        return false
    }
}

/// S3-FIFO as the paper's listing has it, with one use enough to leave the small queue.
struct ReferenceS3FIFO: ReferencePolicy {
    private let capacity: Int
    private let smallTarget: Int
    private var small: [UInt64] = []
    private var main: [UInt64] = []
    /// The last keys that were turned away; nil for one that came back since.
    private var ghosts: [UInt64?] = []
    private var uses: [UInt64: Int] = [:]

    init(capacity: Int) {
        self.capacity = capacity
        smallTarget = max(1, capacity / 10)
    }

    mutating func access(_ key: UInt64) -> Bool {
        if let count = uses[key] {
            uses[key] = min(3, count + 1)
            return true
        }
        while small.count + main.count == capacity { evict() }
        if let ghost = ghosts.firstIndex(of: key) {
            ghosts[ghost] = nil
            main.append(key)
        } else {
            small.append(key)
        }
        uses[key] = 0
        return false
    }

    private mutating func evict() {
        if small.count >= smallTarget || main.isEmpty {
            let key = small.removeFirst()
            if uses[key, default: 0] > 0 {
                uses[key] = 0
                main.append(key)
            } else {
                uses[key] = nil
                ghosts.append(key)
                if ghosts.count > capacity - smallTarget { ghosts.removeFirst() }
            }
        } else {
            let key = main.removeFirst()
            if let count = uses[key], count > 0 {
                uses[key] = count - 1
                main.append(key)
            } else {
                uses[key] = nil
            }
        }
    }
}

/// Greedy dual with frequency, all costs equal.
struct ReferenceCost: ReferencePolicy {
    private let capacity: Int
    private var entries: [UInt64: (value: Double, count: Double, stamp: Int)] = [:]
    private var inflation = 0.0
    private var clock = 0

    init(capacity: Int) { self.capacity = capacity }

    mutating func access(_ key: UInt64) -> Bool {
        clock += 1
        if let entry = entries[key] {
            let count = entry.count + 1
            entries[key] = (inflation + count, count, clock)
            return true
        }
        if entries.count == capacity,
            let victim = entries.min(by: {
                ($0.value.value, $0.value.stamp) < ($1.value.value, $1.value.stamp)
            })
        {
            inflation = victim.value.value
            entries[victim.key] = nil
        }
        entries[key] = (inflation + 1, 1, clock)
        return false
    }
}
