/// The area inside of two axes.
struct Plot {
    /// Places of values from left to right.
    let x: Scale

    /// Places of values from the bottom upwards.
    let y: Scale

    var left: Double { x.range.start }
    var right: Double { x.range.end }
    var top: Double { y.range.end }
    var bottom: Double { y.range.start }
}

/// What a plot shows along one direction.
struct PlotAxis {
    let axis: Axis
    let extent: ClosedRange<Double>?
    let fit: AxisFit

    init(_ axis: Axis, _ extent: ClosedRange<Double>?, _ fit: AxisFit) {
        self.axis = axis
        self.extent = extent
        self.fit = fit
    }

    func resolved(_ count: Int) -> ResolvedAxis {
        ResolvedAxis(axis, extent: extent, fit: fit, count: count)
    }
}

extension Canvas {
    /// The height of a plot unless a chart has a reason for another.
    var plotHeight: Double { isNarrow ? 210 : 270 }

    /// Draws grid, ticks and titles of two axes below `bottom` and moves below them.
    mutating func plot(x: PlotAxis, y: PlotAxis, height: Double) -> Plot {
        let vertical = y.resolved(Int(height / 42))
        axisTitle(vertical.title)
        let top = bottom + 8
        let left = tickLabelWidth(vertical) + 12
        let right = width - 12
        let horizontal = horizontalAxis(x, from: left, to: right)
        let plot = Plot(
            x: Scale(horizontal, from: left, to: right),
            y: Scale(vertical, from: top + height, to: top))
        draw(vertical, in: plot)
        draw(horizontal, in: plot, gridTop: top, base: top + height)
        return plot
    }

    /// The title of a vertical axis, above it: upright text is read faster than turned text.
    mutating func axisTitle(_ title: String) {
        guard !title.isEmpty else { return }
        paragraph(title, color: "muted")
    }

    /// A horizontal axis with as many ticks as have room for their labels.
    func horizontalAxis(_ axis: PlotAxis, from left: Double, to right: Double) -> ResolvedAxis {
        var count = min(ReportingLimits.ticks, max(2, Int((right - left) / 50)))
        while count > 1 {
            let resolved = axis.resolved(count)
            let scale = Scale(resolved, from: left, to: right)
            let places = resolved.ticks.map { tickLabelPlace($0, scale) }
            let apart = zip(places, places.dropFirst()).allSatisfy { $0.end + 8 <= $1.start }
            if apart { return resolved }
            count -= 1
        }
        return axis.resolved(1)
    }

    /// Where the label of a tick begins and ends: centred, but never outside of the drawing.
    private func tickLabelPlace(_ tick: Tick, _ scale: Scale) -> (start: Double, end: Double) {
        let half = TextMetrics.width(tick.label, size: Self.labelSize) / 2
        let center = min(max(scale(tick.value), half), width - half - 1)
        return (center - half, center + half)
    }

    /// The width of the widest label of an axis.
    func tickLabelWidth(_ axis: ResolvedAxis) -> Double {
        axis.ticks.map { TextMetrics.width($0.label, size: Self.labelSize) }.max() ?? 0
    }

    /// Lines and labels of a vertical axis.
    mutating func draw(_ axis: ResolvedAxis, in plot: Plot) {
        for tick in axis.ticks {
            let y = plot.y(tick.value)
            var path = PathData()
            path.move(plot.left, y)
            path.line(plot.right, y)
            stroke(path, "grid", style: "q-thin")
            text(tick.label, x: plot.left - 6, y: y + 4, anchor: .end)
        }
    }

    /// Lines and labels of a horizontal axis at `base`; moves below its title.
    mutating func draw(
        _ axis: ResolvedAxis, in plot: Plot, gridTop: Double, base: Double
    ) {
        for tick in axis.ticks {
            let x = plot.x(tick.value)
            var path = PathData()
            path.move(x, gridTop)
            path.line(x, base + 4)
            stroke(path, "grid", style: "q-thin")
            let place = tickLabelPlace(tick, plot.x)
            text(tick.label, x: (place.start + place.end) / 2, y: base + 17, anchor: .middle)
        }
        baseline(in: plot, at: base)
        bottom = base + 22
        centered(axis.title, between: plot.left, plot.right)
    }

    /// The line on which a plot stands.
    mutating func baseline(in plot: Plot, at y: Double) {
        var path = PathData()
        path.move(plot.left, y)
        path.line(plot.right, y)
        stroke(path, "muted", style: "q-thin")
    }

    /// Lines of text below `bottom`, in the middle between two places as far as they have room.
    mutating func centered(_ words: String, between left: Double, _ right: Double) {
        for line in TextMetrics.wrap(words, width: width - 4, size: Self.labelSize) {
            bottom += Self.lineHeight
            let half = TextMetrics.width(line, size: Self.labelSize) / 2
            let center = max(min((left + right) / 2, width - half - 2), half + 2)
            text(line, x: center, y: bottom - 4, anchor: .middle)
        }
    }

    /// Says in the middle of a plot that there is nothing to see.
    mutating func emptyNote(in plot: Plot) {
        text(
            "no data", x: (plot.left + plot.right) / 2, y: (plot.top + plot.bottom) / 2,
            anchor: .middle)
    }
}
