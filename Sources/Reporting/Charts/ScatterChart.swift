/// Points over two axes, labels where they have room.
package struct ScatterChart: Chart, Hashable {
    /// What is shown.
    package var title: String

    /// The sentence that says what to see.
    package var caption: String

    /// The horizontal axis.
    package var x: Axis

    /// The vertical axis.
    package var y: Axis

    /// The points; series whose style is a line are drawn as points too, but bounds stay lines.
    package var series: [Series]

    /// Lines across the chart.
    package var rules: [Rule]

    /// A chart of points.
    package init(
        title: String, caption: String, x: Axis, y: Axis, series: [Series], rules: [Rule] = []
    ) {
        self.title = title
        self.caption = caption
        self.x = x
        self.y = y
        self.series = series
        self.rules = rules
    }

    private var plot: XYPlot {
        let points = series.map { series in
            var series = series
            if series.style != .bound { series.style = .points }
            return series
        }
        return XYPlot(x: x, y: y, series: points, rules: rules, roundsX: true)
    }

    /// The picture in words.
    package var summary: String { "Scatter chart. " + plot.summary }

    /// The points as rows.
    package var data: ReportTable { plot.data(title: title) }

    /// Draws the chart.
    package func draw(on canvas: inout Canvas) { plot.draw(on: &canvas) }
}
