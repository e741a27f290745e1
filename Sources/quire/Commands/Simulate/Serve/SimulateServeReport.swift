import KVCache
import Reporting
import Simulation

/// The pictures of a simulated service.
struct SimulateServeReport {
    let answer: SimulateServeAnswer
    let result: ServiceResult

    /// Requests whose course is drawn one by one.
    private static let rows = 40
    /// Points of a distribution.
    private static let points = 500

    func report() -> Report {
        let summary = answer.summary
        var report = Report(
            title: "A simulated service",
            summary:
                "\(summary.requests) requests, \(SimulateServeText.number(summary.outputRate)) "
                + "output tokens a second.",
            parameters: [
                ("trace", answer.trace.name), ("costs", answer.setup.costs.name),
                ("machines", "\(answer.setup.replicas)"),
                ("blocks", "\(answer.setup.layout.capacity)"),
                ("tokens of a block", "\(answer.setup.layout.blockSize)"),
            ], stamp: answer.stamp)
        report.append(course)
        report.append(firstTokens)
        report.append(gaps)
        report.append(load)
        for warning in answer.warnings { report.append(prose: warning) }
        return report
    }

    /// Seconds of a number of nanoseconds.
    private func seconds(_ nanoseconds: Int64) -> Double { Double(nanoseconds) * 1e-9 }

    /// The first requests, from their arrival to their end, over the memory in use meanwhile.
    private var course: TimelineChart {
        let shown = result.requests.prefix(Self.rows)
        let rows = shown.enumerated().map { index, request in
            var spans: [TimelineChart.Span] = []
            let arrival = seconds(request.arrival)
            let start = seconds(request.scheduled ?? request.finished)
            let first = seconds(request.firstToken ?? request.finished)
            let end = seconds(request.finished)
            spans.append(.init(arrival, max(arrival, start), .idle))
            spans.append(.init(min(start, first), first, .computed))
            spans.append(.init(first, max(first, end), .decoded))
            return TimelineChart.Row("\(index + 1)", spans)
        }
        let until = shown.map { seconds($0.finished) }.max() ?? 0
        let blocks = Double(answer.setup.layout.capacity * answer.setup.replicas)
        return TimelineChart(
            title: "Who runs when",
            caption: "The first \(shown.count) requests: hatched while they wait, then their "
                + "prompts, then their answers, over the blocks in use.",
            panels: [.init(rows: rows)],
            usage: .init(
                axis: Axis("Blocks in use", .count("blocks"), from: 0),
                stack: StackedLayers(
                    places: places(until: until),
                    layers: [.init("held by requests", .computed, means(\.usedBlocks, until))]),
                rules: [.capacity("all blocks", at: blocks)]),
            words: [.idle: "waits", .computed: "prefill", .decoded: "decode"])
    }

    private func places(until end: Double) -> [Double] {
        let width = seconds(result.course.width)
        return result.course.intervals.indices.map { (Double($0) + 0.5) * width }
            .filter { $0 <= end }
    }

    /// The mean of something over each interval.
    private func means(
        _ value: KeyPath<ServiceCourse.Interval, Double>, _ end: Double
    ) -> [Double] {
        let width = Double(result.course.width)
        return result.course.intervals.prefix(places(until: end).count).map {
            $0[keyPath: value] / width
        }
    }

    private func distribution(_ name: String, _ values: Percentiles) -> CDFChart.Distribution {
        let count = min(Self.points, max(1, values.count))
        return CDFChart.Distribution(
            name,
            (0..<count).compactMap { values[count == 1 ? 0.5 : Double($0) / Double(count - 1)] })
    }

    private func rule(_ bound: ServiceTarget.Bound?, _ name: String) -> [Rule] {
        bound.map { [.target("target, \(name)", at: $0.seconds, .place)] } ?? []
    }

    private var firstTokens: CDFChart {
        let times = answer.summary.times
        return CDFChart(
            title: "Time to the first token",
            caption: "Time to the first token, and two of its parts: waiting in the queue and "
                + "computing the prompt.",
            x: Axis("Time", .seconds, spacing: .log),
            distributions: [
                distribution("first token", times.firstToken),
                distribution("queue", times.queue), distribution("prefill", times.prefill),
            ], rules: rule(answer.setup.target.firstToken, "first token"))
    }

    private var gaps: CDFChart {
        CDFChart(
            title: "Time between tokens",
            caption: "Steps that compute prompts beside the answers are the slow part.",
            x: Axis("Time", .seconds, spacing: .log),
            distributions: [distribution("between tokens", answer.summary.times.interToken)],
            rules: rule(answer.setup.target.interToken, "between tokens"))
    }

    private var load: LineChart {
        let end = Double.infinity
        let places = places(until: end)
        func series(_ name: String, _ path: KeyPath<ServiceCourse.Interval, Double>) -> Series {
            Series(name, zip(places, means(path, end)).map { .init($0, $1) })
        }
        return LineChart(
            title: "Requests over time",
            caption: "Where more wait than run, the service has fallen behind.",
            x: Axis("Time", .seconds), y: Axis("Requests", .count("requests")),
            series: [series("running", \.running), series("waiting", \.waiting)])
    }
}
