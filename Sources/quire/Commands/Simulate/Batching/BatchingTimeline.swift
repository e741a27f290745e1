import Reporting
import Simulation

/// A run of batches, slot by slot on one axis of time.
struct BatchingTimeline {
    /// Slots that are drawn.
    static let mostSlots = 16
    /// Requests that are drawn: the first ones.
    static let mostRequests = 64
    /// Columns of the axis on a terminal.
    private static let columns = 64

    private let run: BatchingRun
    /// Requests after which numbers begin again: the same ones come once more.
    private let period: Int
    private let served: [(number: Int, item: BatchingRun.Served)]

    init(_ run: BatchingRun) {
        self.run = run
        period = max(1, run.served.count)
        served = Self.drawn(run.served.prefix(Self.mostRequests))
    }

    /// The requests again and again, so that there is always somebody who waits, up to a time.
    init(_ mode: BatchingMode, backlogOf jobs: [BatchingJob], slots: Int, until end: Double) {
        let mean = jobs.reduce(0) { $0 + $1.work } / Double(max(1, jobs.count))
        let needed = Double(slots) * end / max(mean, 1e-9) / Double(max(1, jobs.count))
        let repeats = min(Int(needed) + 2, Self.mostRepeats)
        run = mode.run(
            (0..<repeats).flatMap { _ in jobs.map { BatchingJob(work: $0.work) } }, slots: slots)
        period = max(1, jobs.count)
        served = Self.drawn(run.served.filter { $0.start < end })
    }

    private static let mostRepeats = 100

    private static func drawn(
        _ served: some Sequence<BatchingRun.Served>
    ) -> [(number: Int, item: BatchingRun.Served)] {
        served.enumerated().filter { $0.element.slot < mostSlots }.map { ($0.offset, $0.element) }
    }

    /// When the last of the requests that are drawn has left.
    var end: Double { served.map(\.item.returned).max() ?? 0 }

    private var start: Double { served.first?.item.job.arrival ?? 0 }

    private var slots: Range<Int> { 0..<min(run.slots, Self.mostSlots) }

    /// A request's letter.
    private static func letter(_ number: Int) -> Character {
        let letters = Array("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789#@")
        return letters[number % letters.count]
    }

    /// A line a slot: a request's letter while it is worked on, `/` while the slot is kept for a
    /// request that is done, a dot while nobody has it.
    ///
    /// - Parameter end: where the axis ends, the same for all runs that are compared.
    func lines(until end: Double) -> [String] {
        let scale = Double(Self.columns) / max(end - start, 1e-9)
        func column(_ time: Double) -> Int {
            min(max(Int(((time - start) * scale).rounded()), 0), Self.columns)
        }
        var rows = slots.map { _ in [Character](repeating: "·", count: Self.columns) }
        for (number, item) in served {
            for place in column(item.start)..<max(column(item.done), column(item.start)) {
                rows[item.slot][place] = Self.letter(number % period)
            }
            for place in column(item.done)..<max(column(item.returned), column(item.done)) {
                rows[item.slot][place] = "/"
            }
        }
        return rows.enumerated().map { slot, row in
            let name = String(slot + 1)
            return "  slot " + String(repeating: " ", count: max(0, 2 - name.count)) + name + " "
                + String(row)
        }
    }

    /// The rows of a chart.
    func panel(_ title: String, until end: Double) -> TimelineChart.Panel {
        TimelineChart.Panel(
            title,
            rows: slots.map { slot in
                var spans: [TimelineChart.Span] = []
                var time = start
                for (number, item) in served where item.slot == slot {
                    if item.start > time { spans.append(.init(time, item.start, .free)) }
                    spans.append(
                        .init(
                            item.start, min(item.done, end), .computed,
                            label: "\(number % period + 1)"))
                    if item.returned > item.done, item.done < end {
                        spans.append(.init(item.done, min(item.returned, end), .idle))
                    }
                    time = item.returned
                }
                if end > time { spans.append(.init(time, end, .free)) }
                return TimelineChart.Row("slot \(slot + 1)", spans)
            })
    }
}
