import KVCache
import Scheduling
import Simulation

/// What a simulated service came to, with what it was asked.
struct SimulateServeAnswer {
    let summary: ServiceSummary
    let setup: ServiceSetup
    let trace: Trace
    let stamp: ResultStamp
    /// Stands for all that happened.
    let hash: UInt64
    let assumptions: [String]
    /// Where times are uncertain, how much; nil: they are not.
    let range: ServiceRange?

    /// What a reader must be warned of.
    var warnings: [String] {
        assumptions + [range?.words].compactMap { $0 }
    }
}

extension ServiceRange {
    /// The range for a person.
    var words: String {
        func times(_ values: (low: Double, high: Double)) -> String {
            "\(SimulateServeText.time(values.low)) to \(SimulateServeText.time(values.high))"
        }
        return "warning: requests come at \(SimulateServeText.percent(load)) of the capacity. "
            + "So near to saturation a small error of the costs moves times a lot: with "
            + "steps \(SimulateServeText.percent(error)) faster or slower, TTFT p50 is "
            + "\(times(firstTokenMedian)), p99 \(times(firstTokenTail)), ITL p99 "
            + "\(times(interTokenTail))."
    }
}

/// A simulated service for a person.
struct SimulateServeText {
    let answer: SimulateServeAnswer

    init(_ answer: SimulateServeAnswer) { self.answer = answer }

    var lines: [String] {
        let summary = answer.summary
        var lines = [
            answer.stamp.line,
            "\(answer.setup.costs.name)",
            "\(answer.setup.replicas) x \(Sizes.grouped(answer.setup.layout.capacity)) blocks of "
                + "\(answer.setup.layout.blockSize) tokens, \(settings)", "",
        ]
        lines += counts(summary) + [""] + times(summary).lines
        if let good = summary.goodput, let share = summary.goodShare {
            lines += [
                "",
                "Goodput      \(Self.number(good)) requests/s: \(Self.percent(share)) of all kept "
                    + "\(answer.setup.target); the percentiles "
                    + (summary.isMet == true ? "are kept" : "are missed"),
            ]
        }
        if summary.tenants.count > 1 { lines += [""] + tenants(summary).lines }
        for warning in answer.warnings { lines += ["", warning] }
        return lines
    }

    private var settings: String {
        let scheduling = answer.setup.scheduling
        return "batch \(scheduling.maxRunning), chunk \(scheduling.maxChunk), order "
            + "\(scheduling.order), admission \(scheduling.admission), ITL target "
            + (scheduling.interTokenTarget.map { SimulateServeText.time($0.seconds) } ?? "none")
    }

    private func counts(_ summary: ServiceSummary) -> [String] {
        let ends = ServedRequest.End.allCases.compactMap { end in
            summary.ends[end].map { "\(Sizes.grouped($0)) \(end.rawValue)" }
        }
        let offered = summary.offered.map { ", \(Self.number($0)) a second came" } ?? ""
        return [
            "Requests     \(Sizes.grouped(summary.requests)): \(ends.joined(separator: ", "))"
                + offered,
            "Time         \(Self.number(summary.seconds)) s, \(Sizes.grouped(summary.steps)) steps",
            "Throughput   \(Self.number(summary.outputRate)) output tokens/s, "
                + "\(Self.number(summary.totalRate)) tokens/s, "
                + "\(Self.number(summary.requestRate)) requests/s",
            "Machine      \(Self.percent(summary.busyShare)) computing, "
                + "\(Self.percent(summary.hostShare)) host between steps",
            "Cache        \(Self.percent(summary.hitRate)) of looked-up tokens hit, "
                + "\(Sizes.grouped(summary.preemptions)) preemptions, "
                + "\(Sizes.grouped(summary.recomputedTokens)) tokens computed again",
        ]
    }

    private func times(_ summary: ServiceSummary) -> TextTable {
        var table = TextTable([
            ("TIME", .left), ("MEAN", .right), ("P50", .right), ("P90", .right), ("P99", .right),
            ("MOST", .right),
        ])
        for (name, values) in summary.times.named {
            table.append(
                [name, Self.time(values.mean)]
                    + [0.5, 0.9, 0.99].map { Self.time(values[$0]) } + [Self.time(values.largest)])
        }
        return table
    }

    private func tenants(_ summary: ServiceSummary) -> TextTable {
        var table = TextTable([
            ("TENANT", .left), ("REQUESTS", .right), ("PROMPT", .right), ("OUTPUT", .right),
            ("SERVICE", .right), ("TTFT P50", .right), ("TTFT P99", .right),
        ])
        for tenant in summary.tenants {
            table.append([
                tenant.name.isEmpty ? "-" : Terminal.plain(tenant.name),
                Sizes.grouped(tenant.requests), Sizes.grouped(tenant.promptTokens),
                Sizes.grouped(tenant.outputTokens), Sizes.grouped(tenant.service),
                Self.time(tenant.firstToken[0.5]), Self.time(tenant.firstToken[0.99]),
            ])
        }
        return table
    }
}

extension SimulateServeText {
    /// A time with its unit: 1.25 s, 18.2 ms, 500 us; a dash where there is none.
    static func time(_ seconds: Double?) -> String {
        guard let seconds else { return "-" }
        switch abs(seconds) {
        case 0: return "0 s"
        case ..<0.9995e-3: return "\(number(seconds * 1e6)) us"
        case ..<0.9995: return "\(number(seconds * 1e3)) ms"
        default: return "\(number(seconds)) s"
        }
    }

    /// Three or four digits: 1234, 123.4, 12.34, 1.234.
    static func number(_ value: Double) -> String {
        let size = abs(value)
        let digits = size >= 1000 ? 0 : size >= 100 ? 1 : size >= 10 ? 2 : 3
        let scale = [1.0, 10, 100, 1000][digits]
        let scaled = (value * scale).rounded()
        guard digits > 0 else { return Sizes.grouped(Int(scaled)) }
        let whole = Int(abs(scaled)) / Int(scale)
        let part = String(Int(abs(scaled)) % Int(scale))
        let padded = String(repeating: "0", count: digits - part.count) + part
        return "\(scaled < 0 ? "-" : "")\(whole).\(padded)"
    }

    static func percent(_ share: Double) -> String {
        let tenths = Int((share * 1000).rounded())
        return "\(tenths / 10).\(tenths % 10) %"
    }
}

extension ServiceSummary.Times {
    /// All times with their names, the parts of the first token's indented.
    var named: [(name: String, values: Percentiles)] {
        [
            ("TTFT", firstToken), ("  arrival", arrival), ("  queue", queue),
            ("  prefill", prefill), ("  delivery", delivery), ("ITL", interToken),
            ("end to end", endToEnd),
        ]
    }
}
