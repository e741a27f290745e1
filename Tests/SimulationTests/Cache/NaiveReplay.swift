@testable import Simulation

/// A replay of the prefix cache in the plainest form: a dictionary, searched from end to end.
struct NaiveReplay {
    struct Entry {
        var uses = 1
        var position: Int
        var stored: Int
        var used = 0
        var next: Int
        var value: Double
        var pins = 1
    }

    let policy: String
    let capacity: Int
    var entries: [UInt64: Entry] = [:]
    var clock = 0
    var inflation = 0.0
    var hits = 0
    var hitTokens = 0

    init(policy: String, capacity: Int) {
        self.policy = policy
        self.capacity = capacity == 0 ? .max : capacity
    }

    mutating func run(_ trace: Trace, strict: Bool) {
        let all = trace.requests.flatMap(\.blocks)
        var place = 0
        for request in trace.requests {
            let blocks = request.blocks
            let next = blocks.indices.map { index in
                all[(place + index + 1)...].firstIndex(of: blocks[index]) ?? .max
            }
            place += blocks.count
            let size = trace.tokensPerBlock ?? 0
            if strict {
                let run = blocks.prefix { entries[$0] != nil }.count
                hits += run
                hitTokens += min(run * size, request.promptTokens)
                admit(blocks, next)
            } else {
                for (index, block) in blocks.enumerated() {
                    if entries[block] != nil {
                        hits += 1
                        hitTokens += min(size, request.promptTokens - index * size)
                        pin(block, next[index])
                    } else {
                        _ = insert(block, index, next[index])
                    }
                    release(block)
                }
            }
        }
    }

    private mutating func admit(_ blocks: [UInt64], _ next: [Int]) {
        var held = blocks.map { entries[$0] != nil }
        for index in blocks.indices where held[index] { pin(blocks[index], next[index]) }
        for index in blocks.indices where !held[index] {
            if !insert(blocks[index], index, next[index]) { break }
            held[index] = true
        }
        for index in blocks.indices.reversed() where held[index] { release(blocks[index]) }
    }

    private mutating func pin(_ block: UInt64, _ next: Int) {
        guard var entry = entries[block] else { return }
        entry.uses += 1
        entry.pins += 1
        entry.next = next
        entry.value = inflation + Double(entry.uses)
        entries[block] = entry
    }

    private mutating func insert(_ block: UInt64, _ position: Int, _ next: Int) -> Bool {
        if entries.count >= capacity {
            let free = entries.filter { $0.value.pins == 0 }
            guard let victim = free.min(by: { goesBefore($0.value, $1.value) }) else {
                return false
            }
            inflation = max(inflation, policy == "cost" ? victim.value.value : 0)
            entries[victim.key] = nil
        }
        clock += 1
        entries[block] = Entry(
            position: position, stored: clock, next: next, value: inflation + 1)
        return true
    }

    private mutating func release(_ block: UInt64) {
        clock += 1
        entries[block]?.pins -= 1
        entries[block]?.used = clock
    }

    private func goesBefore(_ a: Entry, _ b: Entry) -> Bool {
        switch policy {
        case "lfu": (a.uses, a.used) < (b.uses, b.used)
        case "fifo": a.stored < b.stored
        case "length": (a.uses, -a.position, a.used) < (b.uses, -b.position, b.used)
        case "cost": (a.value, a.used) < (b.value, b.used)
        case "belady": (b.next, a.used) < (a.next, b.used)
        default: a.used < b.used
        }
    }
}
