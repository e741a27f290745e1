/// Stacked areas under a capacity line: what the memory of the KV cache holds over time.
package struct AreaChart: Chart, Hashable {
    /// What is shown.
    package var title: String

    /// The sentence that says what to see.
    package var caption: String

    /// The horizontal axis.
    package var x: Axis

    /// The vertical axis, linear: only there do heights add up.
    package var y: Axis

    /// What is stacked.
    package var stack: StackedLayers

    /// Lines across the chart: the capacity.
    package var rules: [Rule]

    /// A chart of stacked areas.
    package init(
        title: String, caption: String, x: Axis, y: Axis, stack: StackedLayers, rules: [Rule] = []
    ) {
        precondition(y.spacing == .linear, "heights add up on a linear axis only")
        self.title = title
        self.caption = caption
        self.x = x
        self.y = y
        self.stack = stack
        self.rules = rules
    }

    /// The picture in words.
    package var summary: String {
        let lines = rules.map { " Line: \($0.label)." }.joined()
        return "Stacked area chart. " + stack.summary(x: x, y: y) + lines
    }

    /// The places and layers as rows.
    package var data: ReportTable { stack.data(title: title, x: x, y: y) }

    /// Draws the chart.
    package func draw(on canvas: inout Canvas) {
        canvas.legend(stack.legend.reversed() + rules.compactMap(\.legend))
        let plot = canvas.plot(
            x: PlotAxis(x, extent(stack.places, .place, on: x), .tight),
            y: PlotAxis(y, extent(stack.totals, .level, on: y), .rounded),
            height: canvas.plotHeight)
        if stack.places.count < 2 { canvas.emptyNote(in: plot) }
        stack.draw(in: plot, on: &canvas)
        for rule in rules { canvas.draw(rule, in: plot, x: x, y: y) }
    }

    private func extent(
        _ values: [Double], _ direction: Rule.Direction, on axis: Axis
    ) -> ClosedRange<Double>? {
        axis.extent(of: values + rules.filter { $0.direction == direction }.map(\.value))
    }
}
