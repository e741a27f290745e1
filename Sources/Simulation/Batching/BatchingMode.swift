/// When requests are put together, and when they may leave.
package enum BatchingMode: Hashable, Sendable {
    /// A batch starts when all its slots are filled, and ends with its longest request.
    case `static`
    /// A batch starts when its slots are filled or its first request has waited for a time, with
    /// whoever is there, and ends with its longest request.
    case dynamic(window: Double)
    /// A request takes any free slot at once, and leaves it when it is done.
    case continuous

    /// What it is called.
    package var name: String {
        switch self {
        case .static: "static"
        case .dynamic: "dynamic"
        case .continuous: "continuous"
        }
    }

    /// Runs requests, which are in the order of their arrival, on `slots` slots.
    ///
    /// - Complexity: O(requests x slots)
    package func run(_ jobs: [BatchingJob], slots: Int) -> BatchingRun {
        precondition(slots >= 1, "a batch of no slot")
        precondition(
            zip(jobs, jobs.dropFirst()).allSatisfy { $0.arrival <= $1.arrival },
            "requests are in the order of their arrival")
        switch self {
        case .static: return Self.inBatches(jobs, slots: slots, window: .infinity)
        case .dynamic(let window): return Self.inBatches(jobs, slots: slots, window: window)
        case .continuous: return Self.continuously(jobs, slots: slots)
        }
    }

    private static func inBatches(
        _ jobs: [BatchingJob], slots: Int, window: Double
    ) -> BatchingRun {
        var run = BatchingRun(slots: slots)
        var time = 0.0
        var first = 0
        while first < jobs.count {
            // The last requests of all wait for nobody who will never come.
            let full = jobs[min(first + slots, jobs.count) - 1].arrival
            let start = max(time, min(full, jobs[first].arrival + window))
            var end = first
            time = start
            while end < jobs.count, end - first < slots, jobs[end].arrival <= start {
                time = max(time, start + jobs[end].work)
                end += 1
            }
            for number in first..<end {
                run.served.append(
                    .init(
                        job: jobs[number], slot: number - first, start: start, returned: time))
            }
            run.batches.append(.init(start: start, end: time, requests: end - first))
            first = end
        }
        return run
    }

    private static func continuously(_ jobs: [BatchingJob], slots: Int) -> BatchingRun {
        var run = BatchingRun(slots: slots)
        var freeAt = Array(repeating: 0.0, count: slots)
        for job in jobs {
            // The lowest slot that is free when it comes; else the one that is free first.
            var slot = 0
            for other in freeAt.indices.dropFirst()
            where max(freeAt[other], job.arrival) < max(freeAt[slot], job.arrival) {
                slot = other
            }
            let start = max(freeAt[slot], job.arrival)
            freeAt[slot] = start + job.work
            run.served.append(.init(job: job, slot: slot, start: start, returned: freeAt[slot]))
        }
        return run
    }
}
