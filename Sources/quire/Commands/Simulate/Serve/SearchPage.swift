import KVCache
import Reporting
import Scheduling
import Simulation

extension SearchReport {
    /// The picture of a search: throughput and goodput against what was searched over.
    func page() -> Report {
        var report = Report(
            title: "The limits of a service", summary: answer,
            parameters: [
                ("costs", setup.costs.name), ("target", setup.target.description),
                ("machines", "\(setup.replicas)"), ("blocks", "\(setup.layout.capacity)"),
                ("tokens of a block", "\(setup.layout.blockSize)"),
            ], stamp: stamp)
        report.append(goodput)
        report.append(waits)
        for assumption in assumptions { report.append(prose: assumption) }
        return report
    }

    private var axis: Axis {
        switch outcome.quantity {
        case .rate: Axis("Load", .count("requests a second"), from: 0)
        case .memory: Axis("KV cache", .count("blocks"))
        case .replicas: Axis("Machines", .count("machines"))
        }
    }

    private func series(_ name: String, _ value: (ServiceSummary) -> Double?) -> Series {
        Series(
            name,
            outcome.probes.compactMap { probe in
                value(probe.summary).map { .init(probe.value, $0) }
            })
    }

    private var serviceWords: String {
        switch outcome.quantity {
        case .rate:
            "Up to the knee every request is served in time; beyond it the machine is as busy, and "
                + "more and more of what it does comes too late."
        case .memory:
            "Blocks let more requests run at once, until something else than memory is short."
        case .replicas:
            "Machines serve more in time, until they serve all that comes."
        }
    }

    private var found: [Rule] {
        outcome.found.map { [Rule.target("keeps the target", at: $0, .place)] } ?? []
    }

    private var goodput: LineChart {
        var marks: [Mark] = []
        if outcome.quantity == .rate, let knee = outcome.knee {
            marks = [Mark("knee: most goodput", x: knee.value, y: knee.summary.goodput ?? 0)]
        }
        return LineChart(
            title: "Throughput and goodput",
            caption: serviceWords,
            x: axis, y: Axis("Completed", .count("requests a second"), from: 0),
            series: [
                series("throughput", \.requestRate), series("goodput", \.goodput),
            ], rules: found, marks: marks)
    }

    private var waits: LineChart {
        LineChart(
            title: "Time to the first token",
            caption: outcome.quantity == .rate
                ? "Waiting grows without bound near saturation."
                : "What waits is what does not fit.",
            x: axis, y: Axis("Time", .seconds, spacing: .log),
            series: [
                series("median") { $0.times.firstToken[0.5] },
                series("99 % are faster") { $0.times.firstToken[0.99] },
            ], rules: found)
    }
}

extension FairnessReport {
    /// The picture of fairness: every tenant's service over time, order by order.
    func page() -> Report {
        var report = Report(
            title: "Sharing a machine among tenants", summary: summary,
            parameters: [("costs", cost)], stamp: stamp)
        for run in runs {
            report.append(chart(run))
            report.append(table(run))
        }
        for assumption in assumptions { report.append(prose: assumption) }
        return report
    }

    private var summary: String {
        let parts = runs.map { run in
            "\(run.order.name): Jain's index \(SimulateServeText.number(run.jain))"
        }
        return parts.joined(separator: ", ") + " (1: every tenant has its share)."
    }

    private func chart(_ run: FairnessRun) -> LineChart {
        LineChart(
            title: "Service over time, order \(run.order.name)",
            caption: run.order.name == "fair"
                ? "Tenants that wait rise together, whatever each of them asks for."
                : "The steeper line belongs to who asks for more, at the cost of others.",
            x: Axis("Time", .seconds), y: Axis("Service", .count("tokens, answers twice"), from: 0),
            series: run.tenants.prefix(Self.lines).enumerated().map { index, name in
                Series(
                    name.isEmpty ? "-" : name,
                    run.course.map { .init(Double($0.time) * 1e-9, $0.service[index]) })
            })
    }

    /// Tenants that a chart has lines for.
    private static let lines = 8

    private func table(_ run: FairnessRun) -> ReportTable {
        ReportTable(
            title: "Order \(run.order.name)",
            columns: [
                "Tenant", .number("requests"), .number("service"), .bar("share", of: 1),
                .number("TTFT p50"), .number("TTFT p99"),
            ],
            rows: run.shares.map { share in
                [
                    .init(share.name.isEmpty ? "-" : share.name), .init(share.requests),
                    .init(share.service, .number), .init(share.part, .percent),
                    share.firstToken[0.5].map { .init($0, .seconds) } ?? .missing,
                    share.firstToken[0.99].map { .init($0, .seconds) } ?? .missing,
                ]
            })
    }
}
