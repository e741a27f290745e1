import DequeModule
import KVCache
import QuireIdentifiers
import Scheduling
import Testing

/// Schedules as pictures: one line for each request, one column for each step.
///
/// `w` waiting, `P` a part of the prompt, `D` a decode, `-` running without a row, `.` gone.
func diagram(_ scheduler: Scheduler, ids: [UInt64]) -> [String] {
    var scheduler = scheduler
    var lines = ids.map { _ in "" }
    while !scheduler.isIdle {
        let plan = scheduler.plan(now: .zero)
        for (line, id) in ids.enumerated() {
            let id = SequenceID(id)
            if let row = plan.rows.first(where: { $0.sequence == id }) {
                let prompt = scheduler.running.first { $0.id == id }?.request.prompt.count ?? 0
                lines[line] += row.startPosition < prompt ? "P" : "D"
            } else if scheduler.waiting.contains(where: { $0.id == id }) {
                lines[line] += "w"
            } else if scheduler.running.contains(where: { $0.id == id }) {
                lines[line] += "-"
            } else if lines[line].last != "." {
                lines[line] += "."
            }
        }
        scheduler.complete(plan.rows.map { $0.samples ? .sampled(7) : .advanced })
        scheduler.checkInvariants()
    }
    return lines
}

@Suite struct `Schedules` {
    @Test func `continuous batching fills a place as soon as it is free`() throws {
        var scheduler = try Scheduler(layout: makeLayout(), configuration: bounds(running: 2))
        try scheduler.submit(request(0, 4, maxTokens: 5), now: .zero)
        try scheduler.submit(request(1, 4, maxTokens: 2), now: .zero)
        try scheduler.submit(request(2, 4, maxTokens: 3), now: .zero)
        #expect(
            diagram(scheduler, ids: [0, 1, 2]) == [
                "PDDDD",
                "PD.",
                "wwPDD",
            ])
    }

    @Test func `a long prompt does not stop those who decode`() throws {
        var scheduler = try Scheduler(
            layout: makeLayout(), configuration: bounds(tokens: 8, running: 4))
        try scheduler.submit(request(0, 4, maxTokens: 6), now: .zero)
        try scheduler.submit(request(1, 30, maxTokens: 2), now: .zero)
        #expect(
            diagram(scheduler, ids: [0, 1]) == [
                "PDDDDD",
                "PPPPPD",
            ])
    }

    @Test func `static memory makes requests wait for each other`() throws {
        var scheduler = try Scheduler(
            layout: makeLayout(blockSize: 64, blocks: 3, length: 64), configuration: bounds())
        for id in 0..<4 as Range<UInt64> {
            try scheduler.submit(request(id, 4, maxTokens: 3), now: .zero)
        }
        #expect(
            diagram(scheduler, ids: [0, 1, 2, 3]) == [
                "PDD.",
                "PDD.",
                "wwwPDD",
                "wwwPDD",
            ])
    }
}
