import Reporting
import Simulation

/// `quire simulate batching` for a person, on a terminal and as a page.
struct BatchingReportPage {
    let result: BatchingResult
    /// The runs of the rows, in their order.
    let runs: [BatchingRun]
    /// The requests that come again and again in the last time line; nil: there is none.
    let backlog: [BatchingJob]?
    let parameters: [(String, String)]

    /// The lines of a terminal.
    var lines: [String] {
        var lines = table.lines() + [""]
        for (title, timeline) in timelines {
            lines += [title] + timeline.lines(until: end) + [""]
        }
        lines.append(
            "A letter is a request that a slot works on, / a slot that is kept for a request that "
                + "is done, a dot a slot that nobody has.")
        return lines + notes + [result.stamp.line]
    }

    /// The page.
    var report: Report {
        var report = Report(
            title: "Batching: \(result.name)", summary: summary, parameters: parameters,
            stamp: result.stamp)
        report.append(
            TimelineChart(
                title: "The same requests on the same axis",
                caption:
                    "Hatched is a slot that is idle and kept for a request that is done, until "
                    + "its batch ends; a free one can be taken at once.",
                panels: timelines.map { $0.line.panel($0.title, until: end) },
                words: [.computed: "works", .idle: "idle slot", .free: "free slot"]))
        report.append(throughput)
        if runs.contains(where: { $0.served.count > BatchingTimeline.mostRequests }) {
            report.append(latency)
        }
        report.append(table)
        for note in notes { report.append(prose: note) }
        return report
    }

    /// The runs as requests come, or all if they come at once; then the backlog.
    private var timelines: [(title: String, line: BatchingTimeline)] {
        let hasArrivals = result.rows.contains { !$0.all_at_once }
        var lines = zip(result.rows, runs).filter { !(hasArrivals && $0.0.all_at_once) }.map {
            (title: Self.title($0), line: BatchingTimeline($1))
        }
        if let backlog, let slots = result.rows.first?.slots {
            let end = lines.map(\.line.end).max() ?? 0
            lines.append(
                (
                    "continuous, the same requests again and again",
                    BatchingTimeline(.continuous, backlogOf: backlog, slots: slots, until: end)
                ))
        }
        return lines
    }

    /// Where the axis ends: with the last request that is drawn, of those that come once.
    private var end: Double {
        let once = backlog == nil ? timelines : timelines.dropLast()
        return once.map(\.line.end).max() ?? 0
    }

    private static func title(_ row: BatchingRow) -> String {
        row.mode + (row.all_at_once ? "" : ", as requests come")
    }

    private var table: ReportTable {
        ReportTable(
            title: "Batching",
            columns: [
                .text("mode"), .text("requests"), .bar("slots busy", of: 1), .number("ends"),
                .number("requests/s"), .number("with a backlog"), .number("latency"),
                .number("p99"), .number("queued"), .number("waits for others"),
            ],
            rows: result.rows.map { row in
                [
                    .init(row.mode), .init(row.all_at_once ? "at once" : "as they come"),
                    .init(row.slot_utilization, .percent),
                    Self.seconds(row.makespan_s), .init(Self.rate(row.throughput)),
                    .init(Self.rate(row.throughput_backlog)), Self.seconds(row.latency_mean_s),
                    Self.seconds(row.latency_p99_s), Self.seconds(row.queued_mean_s),
                    Self.seconds(row.wait_mean_s),
                ]
            })
    }

    private static func seconds(_ value: Double) -> ReportTable.Cell {
        let hundredths = Int((value * 100).rounded())
        let digits = hundredths % 100
        return .init(
            "\(Sizes.grouped(hundredths / 100)).\(digits < 10 ? "0" : "")\(digits) s", value: value)
    }

    private static func rate(_ value: Double) -> String {
        let parts = Int((value * 10_000).rounded())
        let digits = String(parts % 10_000)
        return "\(parts / 10_000)." + String(repeating: "0", count: 4 - digits.count) + digits
    }

    private var summary: String {
        guard let slowest = result.rows.min(by: { $0.throughput_backlog < $1.throughput_backlog }),
            let fastest = result.rows.max(by: { $0.throughput_backlog < $1.throughput_backlog }),
            slowest.throughput_backlog > 0, slowest.mode != fastest.mode
        else { return "One way of batching." }
        let gain = DecimalWords.hundredths(
            fastest.throughput_backlog / slowest.throughput_backlog)
        return "With a backlog, \(fastest.mode) batching serves \(gain) times as many requests as "
            + "\(slowest.mode)."
    }

    private var throughput: BarChart {
        BarChart(
            title: "Requests a second",
            caption: "Slots that are refilled at once serve more, if there is somebody who waits.",
            categories: result.rows.map(Self.title), axis: Axis("Requests a second", from: 0),
            bars: [
                .init("these requests", result.rows.map(\.throughput)),
                .init("with a backlog", result.rows.map(\.throughput_backlog)),
            ])
    }

    private var latency: CDFChart {
        CDFChart(
            title: "Latency",
            caption: "The share of requests that have their answer within a time.",
            x: Axis("Latency", .seconds, spacing: .log),
            distributions: zip(result.rows, runs).map { row, run in
                .init(Self.title(row), run.served.map(\.latency))
            })
    }

    /// What to make of the numbers.
    private var notes: [String] {
        var notes = [
            "An idle slot is not an idle processor: a half empty batch reads all weights in every "
                + "step, as a full one does."
        ]
        if runs.contains(where: {
            $0.served.count > BatchingTimeline.mostRequests
                || $0.slots > BatchingTimeline.mostSlots
        }) {
            notes.append(
                "Drawn are the first \(BatchingTimeline.mostRequests) requests, in the first "
                    + "\(BatchingTimeline.mostSlots) slots.")
        }
        return notes
    }
}
