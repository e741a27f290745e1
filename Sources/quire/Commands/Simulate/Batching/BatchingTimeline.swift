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
    private let served: [BatchingRun.Served]

    init(_ run: BatchingRun) {
        self.run = run
        served = Array(run.served.prefix(Self.mostRequests)).filter { $0.slot < Self.mostSlots }
    }

    /// When the last of the requests that are drawn has left.
    var end: Double { served.map(\.returned).max() ?? 0 }

    private var start: Double { served.first?.job.arrival ?? 0 }

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
        for (number, item) in served.enumerated() {
            for place in column(item.start)..<max(column(item.done), column(item.start)) {
                rows[item.slot][place] = Self.letter(number)
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
                for (number, item) in served.enumerated() where item.slot == slot {
                    if item.start > time { spans.append(.init(time, item.start, .idle)) }
                    spans.append(
                        .init(item.start, item.done, .computed, label: "\(number + 1)"))
                    if item.returned > item.done {
                        spans.append(.init(item.done, item.returned, .idle))
                    }
                    time = item.returned
                }
                if end > time { spans.append(.init(time, end, .idle)) }
                return TimelineChart.Row("slot \(slot + 1)", spans)
            })
    }
}
