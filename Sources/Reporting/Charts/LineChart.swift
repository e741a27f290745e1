/// Lines over two axes: hit rates over capacities, throughput over load.
///
/// More than `ReportingLimits.linePoints` points of a line are thinned out without changing its
/// outline. A value that is not finite, or not positive on a logarithmic axis, is a gap.
package struct LineChart: Chart, Hashable {
    /// What is shown.
    package var title: String

    /// The sentence that says what to see.
    package var caption: String

    /// The horizontal axis.
    package var x: Axis

    /// The vertical axis.
    package var y: Axis

    /// The lines.
    package var series: [Series]

    /// Lines across the chart.
    package var rules: [Rule]

    /// Places worth seeing.
    package var marks: [Mark]

    /// A chart of lines.
    package init(
        title: String, caption: String, x: Axis, y: Axis, series: [Series], rules: [Rule] = [],
        marks: [Mark] = []
    ) {
        self.title = title
        self.caption = caption
        self.x = x
        self.y = y
        self.series = series
        self.rules = rules
        self.marks = marks
    }

    private var plot: XYPlot { XYPlot(x: x, y: y, series: series, rules: rules, marks: marks) }

    /// The picture in words.
    package var summary: String { "Line chart. " + plot.summary }

    /// The points as rows.
    package var data: ReportTable { plot.data(title: title) }

    /// Draws the chart.
    package func draw(on canvas: inout Canvas) { plot.draw(on: &canvas) }
}
