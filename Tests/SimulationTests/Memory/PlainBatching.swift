import KVCache

@testable import Simulation

/// Use of memory by the definition's words, with counts instead of tables and lists of free chunks
/// that are searched from the start: slow, and without a line of what it is held against.
enum PlainBatching {
    struct Run {
        let prompt: Int
        let output: Int
        var generated = 0
        var held = 0
        var chunk: (start: Int, size: Int)?
    }

    static func paged(_ requests: [LengthSample], capacity: Int, blockSize: Int) -> MemoryUse {
        let blocks = capacity / blockSize
        let watermark = blocks / 100
        func needed(_ run: Run) -> Int { (run.prompt + run.generated + blockSize - 1) / blockSize }
        var queue = requests.map { Run(prompt: $0.prompt, output: $0.output) }
        var running: [Run] = []
        var free = blocks
        var use = MemoryUse(capacity: capacity)
        while !queue.isEmpty || !running.isEmpty {
            var preempted = false
            var place = 0
            grow: while place < running.count {
                while needed(running[place]) - running[place].held > free {
                    preempted = true
                    use.preemptions += 1
                    var last = running.removeLast()
                    free += last.held
                    last.held = 0
                    queue.insert(last, at: 0)
                    if running.count == place { break grow }
                }
                free -= needed(running[place]) - running[place].held
                running[place].held = needed(running[place])
                place += 1
            }
            while !preempted, let first = queue.first,
                needed(first) <= free - (running.isEmpty ? 0 : watermark)
            {
                var run = queue.removeFirst()
                run.held = needed(run)
                free -= run.held
                running.append(run)
            }
            finishStep(&running, isSaturated: !queue.isEmpty, &use) {
                $0.held * blockSize
            } rounding: { _ in
                0
            } release: {
                free += $0.held
            }
        }
        return use
    }

    static func reserved(
        _ requests: [LengthSample], _ reservation: Reservation, capacity: Int, longest: Int
    ) -> MemoryUse {
        var chunks: [(start: Int, size: Int)] = []
        var regions: [(start: Int, size: Int)] = []
        var start = 0
        for bit in stride(from: 40, through: 0, by: -1) where capacity >> bit & 1 == 1 {
            regions.append((start, 1 << bit))
            start += 1 << bit
        }
        chunks = regions
        func asked(_ run: Run) -> Int {
            var power = 1
            while power < run.output { power *= 2 }
            switch reservation {
            case .max: return longest
            case .pow2: return min(longest, run.prompt + power)
            case .oracle: return run.prompt + run.output
            }
        }
        func release(_ chunk: (start: Int, size: Int)) {
            var chunk = chunk
            let region = regions.last { $0.start <= chunk.start } ?? (0, 0)
            while chunk.size < region.size {
                let isHigh = (chunk.start - region.start) / chunk.size % 2 == 1
                let buddy = chunk.start + (isHigh ? -chunk.size : chunk.size)
                guard let place = chunks.firstIndex(where: { $0 == (buddy, chunk.size) }) else {
                    break
                }
                chunks.remove(at: place)
                chunk = (min(chunk.start, buddy), chunk.size * 2)
            }
            chunks.append(chunk)
        }
        var queue = requests.map { Run(prompt: $0.prompt, output: $0.output) }
        var running: [Run] = []
        var use = MemoryUse(capacity: capacity)
        while !queue.isEmpty || !running.isEmpty {
            while let first = queue.first {
                let fitting = chunks.filter { $0.size >= asked(first) }
                guard var chunk = fitting.min(by: { ($0.1, $0.0) < ($1.1, $1.0) }) else { break }
                chunks.removeAll { $0 == chunk }
                while chunk.size / 2 >= asked(first) {
                    chunks.append((chunk.start + chunk.size / 2, chunk.size / 2))
                    chunk.size /= 2
                }
                var run = queue.removeFirst()
                run.chunk = chunk
                running.append(run)
            }
            finishStep(&running, isSaturated: !queue.isEmpty, &use) {
                $0.chunk?.size ?? 0
            } rounding: {
                ($0.chunk?.size ?? 0) - asked($0)
            } release: {
                release($0.chunk ?? (0, 0))
            }
        }
        return use
    }

    private static func finishStep(
        _ running: inout [Run], isSaturated: Bool, _ use: inout MemoryUse,
        slots: (Run) -> Int, rounding: (Run) -> Int, release: (Run) -> Void
    ) {
        for place in running.indices { running[place].generated += 1 }
        use.steps += 1
        use.generatedTokens += running.count
        use.mostRunning = max(use.mostRunning, running.count)
        if isSaturated {
            use.saturatedSteps += 1
            use.running += running.count
            use.external += use.capacity
            for run in running {
                for slot in 0..<slots(run) {
                    if slot < run.prompt + run.generated - 1 {
                        use.tokens += 1
                    } else if slot < run.prompt + run.output - 1 {
                        use.reserved += 1
                    } else {
                        use.internalWaste += 1
                    }
                }
                use.external -= slots(run)
                use.rounding += rounding(run)
            }
        }
        for run in running where run.generated == run.output { release(run) }
        running.removeAll { $0.generated == $0.output }
    }
}
