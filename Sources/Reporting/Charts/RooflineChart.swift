/// The roofline (Williams, Waterman and Patterson, 2009): what a machine can reach at an arithmetic
/// intensity, and where prefill and decode stand as their batches grow. Both axes are logarithmic.
package struct RooflineChart: Chart, Hashable {
    /// The limits of a machine.
    package struct Roof: Hashable, Sendable {
        /// The machine.
        package var name: String

        /// Bytes a second from memory.
        package var bandwidth: Double

        /// Floating-point operations a second.
        package var peak: Double

        /// The limits of a machine; both positive and finite.
        package init(_ name: String, bandwidth: Double, peak: Double) {
            precondition(bandwidth > 0 && bandwidth.isFinite, "a machine has a bandwidth")
            precondition(peak > 0 && peak.isFinite, "a machine has a peak")
            self.name = name
            self.bandwidth = bandwidth
            self.peak = peak
        }

        /// The intensity from which on arithmetic is the limit, in operations a byte.
        package var ridge: Double { peak / bandwidth }

        /// What can be reached at an intensity, in operations a second.
        package func reach(at intensity: Double) -> Double { min(peak, intensity * bandwidth) }
    }

    /// What is shown.
    package var title: String

    /// The sentence that says what to see.
    package var caption: String

    /// The machines.
    package var roofs: [Roof]

    /// What was reached: intensity (operations a byte) and operations a second, in the order in
    /// which the points move, with labels such as "batch 8".
    package var series: [Series]

    /// A roofline.
    package init(title: String, caption: String, roofs: [Roof], series: [Series]) {
        self.title = title
        self.caption = caption
        self.roofs = roofs
        self.series = series
    }

    private var plot: XYPlot {
        let intensities = series.flatMap { $0.points.map(\.x) }.filter { $0 > 0 && $0.isFinite }
        let all = intensities + roofs.map(\.ridge)
        let low = Elementary.powerOfTen(Elementary.decade(of: all.min() ?? 1))
        let high = Elementary.powerOfTen(Elementary.decade(of: all.max() ?? 100) + 1)
        let lines = roofs.map { roof in
            Series(
                "\(roof.name): ridge at \(DecimalText.short(roof.ridge, significant: 3)) FLOP/B",
                [low, roof.ridge, high].map { Series.Point($0, roof.reach(at: $0)) },
                style: .bound)
        }
        let points = series.enumerated().map { index, series in
            var series = series
            // The roofs come first in the list, and take no colours.
            series.tone = series.tone ?? .series(index)
            if series.style != .points { series.style = .path }
            return series
        }
        return XYPlot(
            x: Axis("Arithmetic intensity", .count("FLOP/B"), spacing: .log, from: low, to: high),
            y: Axis("Performance", .metric("FLOP/s"), spacing: .log), series: points + lines)
    }

    /// The picture in words.
    package var summary: String { "Roofline, both axes logarithmic. " + plot.summary }

    /// The points, and how much of the first machine's limit each reaches.
    package var data: ReportTable {
        let points = series.flatMap { series in series.points.map { (series.name, $0) } }
        var columns: [ReportTable.Column] = [
            "Series", "Point", .number("intensity"), .number("performance"),
        ]
        if let roof = roofs.first { columns.append(.bar("of \(roof.name)", of: 1)) }
        return .data(title: title, columns: columns, count: points.count) { row in
            let (name, point) = points[row]
            let cells: [ReportTable.Cell] = [
                .init(name), .init(point.label), .init(point.x, .count("FLOP/B")),
                .init(point.y, .metric("FLOP/s")),
            ]
            guard let roof = roofs.first else { return cells }
            return cells + [.init(point.y / roof.reach(at: point.x), .percent)]
        }
    }

    /// Draws the chart.
    package func draw(on canvas: inout Canvas) {
        plot.draw(on: &canvas, height: canvas.isNarrow ? 250 : 330)
    }
}
