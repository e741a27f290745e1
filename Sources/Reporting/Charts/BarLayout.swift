/// Where the bars of a chart lie.
struct BarLayout {
    /// A bar of one category: its colour, and the values between which it lies.
    private struct Bar {
        let series: Int
        let from: Double
        let to: Double
    }

    private static let labelSize = 11.0

    private let chart: BarChart
    private let axis: Axis

    init(_ chart: BarChart) {
        self.chart = chart
        self.axis =
            chart.arrangement == .share
            ? Axis(chart.axis.label, .percent, from: 0, to: 1) : chart.axis
    }

    private var isStacked: Bool { chart.arrangement != .grouped }

    /// Bars that lie beside each other in one category.
    private var lanes: Int { isStacked ? 1 : max(1, chart.bars.count) }

    private func bars(of category: Int) -> [Bar] {
        let values = chart.bars.map { $0.values[category] }
        guard isStacked else {
            // On a logarithmic axis bars begin at its lower end: the scale holds places inside.
            let base = axis.spacing == .linear ? 0 : Double.leastNormalMagnitude
            return values.enumerated().filter { axis.takes($0.element) }
                .map { Bar(series: $0.offset, from: base, to: $0.element) }
        }
        let parts = values.map { $0.isFinite ? max(0, $0) : 0 }
        let sum = parts.reduce(0, +)
        let divisor = chart.arrangement == .share && sum > 0 ? sum : 1
        var from = 0.0
        return parts.enumerated().map { index, part in
            defer { from += part / divisor }
            return Bar(series: index, from: from, to: from + part / divisor)
        }
    }

    private var valueAxis: PlotAxis {
        let tops = chart.categories.indices.flatMap { bars(of: $0).map(\.to) }
        return PlotAxis(axis, axis.extent(of: tops + chart.rules.map(\.value)), .rounded)
    }

    // MARK: - Standing

    /// Whether each name has room under its bars, and each bar a width.
    func stands(on canvas: Canvas) -> Bool {
        guard !chart.categories.isEmpty else { return true }
        let band = (canvas.width - 70) / Double(chart.categories.count)
        guard band / Double(lanes) >= 9 else { return false }
        return chart.categories.allSatisfy { name in
            TextMetrics.wrap(name, width: band - 6, size: Canvas.labelSize).count <= 2
                && name.split(separator: " ").allSatisfy {
                    TextMetrics.width(String($0), size: Canvas.labelSize) <= band - 6
                }
        }
    }

    func drawStanding(on canvas: inout Canvas) {
        // The horizontal axis has no values; names stand where its ticks would.
        let count = max(1, chart.categories.count)
        let vertical = valueAxis.resolved(Int(canvas.plotHeight / 42))
        canvas.axisTitle(vertical.title)
        let top = canvas.bottom + 8
        let base = top + canvas.plotHeight
        let left = canvas.tickLabelWidth(vertical) + 12
        let none = ResolvedAxis(
            Axis("", from: 0, to: Double(count)), extent: nil, fit: .tight, count: 1)
        let plot = Plot(
            x: Scale(none, from: left, to: canvas.width - 12),
            y: Scale(vertical, from: base, to: top))
        canvas.draw(vertical, in: plot)
        if chart.categories.isEmpty { canvas.emptyNote(in: plot) }
        let band = (plot.right - plot.left) / Double(count)
        var lines = 1
        for (index, name) in chart.categories.enumerated() {
            let start = plot.left + band * Double(index)
            drawStanding(index, from: start, band: band, in: plot, on: &canvas)
            let words = TextMetrics.wrap(name, width: band - 6, size: Canvas.labelSize)
            lines = max(lines, words.count)
            for (line, word) in words.enumerated() {
                canvas.text(
                    word, x: start + band / 2, y: base + 17 + Double(line) * 15, anchor: .middle)
            }
        }
        canvas.baseline(in: plot, at: plot.y(axis.spacing == .linear ? 0 : vertical.low))
        for rule in chart.rules { canvas.draw(rule, in: plot, x: axis, y: axis) }
        drawStandingValues(in: plot, band: band, on: &canvas)
        canvas.bottom = base + 7 + Double(lines) * 15
        canvas.centered(chart.categoryTitle, between: plot.left, plot.right)
    }

    private func drawStanding(
        _ category: Int, from start: Double, band: Double, in plot: Plot, on canvas: inout Canvas
    ) {
        let room = min(band * 0.78, Double(lanes) * 64)
        let lane = room / Double(lanes)
        let left = start + (band - room) / 2
        for bar in bars(of: category) {
            let x = left + (isStacked ? 0 : Double(bar.series) * lane)
            let from = plot.y(bar.from)
            let to = plot.y(bar.to)
            canvas.rect(
                x: x + 0.5, y: min(from, to), width: lane - 1,
                height: separated((from - to).magnitude), fill: chart.tone(bar.series),
                outlined: !isStacked)
        }
    }

    /// Values over the bars, as far as they have room.
    private func drawStandingValues(in plot: Plot, band: Double, on canvas: inout Canvas) {
        guard !isStacked else { return }
        let lane = min(band * 0.78 / Double(lanes), 64)
        for category in chart.categories.indices {
            let middle = plot.left + band * (Double(category) + 0.5)
            for bar in bars(of: category) {
                let label = axis.format.text(bar.to)
                guard TextMetrics.width(label, size: Self.labelSize) <= lane + 2 else { continue }
                canvas.text(
                    label, x: middle + (Double(bar.series) + 0.5 - Double(lanes) / 2) * lane,
                    y: valuePlace(bar, in: plot),
                    anchor: .middle, color: "ink", size: Self.labelSize, halo: true)
            }
        }
    }

    /// The baseline of a value: beyond its bar, or on the other side of zero where the plot ends.
    private func valuePlace(_ bar: Bar, in plot: Plot) -> Double {
        guard bar.to < bar.from else { return plot.y(bar.to) - 4 }
        let below = plot.y(bar.to) + 12
        return below <= plot.bottom ? below : plot.y(bar.from) - 4
    }

    // MARK: - Lying

    /// The room that the widest value needs behind its bar.
    private var widestValue: Double {
        let values = chart.categories.indices.flatMap { bars(of: $0).map(\.to) }
        return values.map {
            TextMetrics.width(axis.format.text($0), size: Self.labelSize)
        }.max() ?? 0
    }

    func drawLying(on canvas: inout Canvas) {
        let names = chart.categories.map { TextMetrics.width($0, size: Canvas.labelSize) }
        let widest = (names.max() ?? 0) + 12
        let isBeside = widest <= canvas.width * 0.32
        let left = isBeside ? widest : 6
        let right = canvas.width - (isStacked ? 12 : min(12 + widestValue, canvas.width * 0.25))
        let horizontal = canvas.horizontalAxis(valueAxis, from: left, to: right)
        let scale = Scale(horizontal, from: left, to: right)
        let lane = isStacked ? 18.0 : max(8, 18 - Double(lanes) * 1.5)
        let nameHeight = isBeside ? 0.0 : 16.0
        let band = nameHeight + lane * Double(lanes) + 8
        let top = canvas.bottom + 4
        let base = top + band * Double(chart.categories.count) + 4
        let vertical = ResolvedAxis(Axis("", from: 0, to: 1), extent: nil, fit: .tight, count: 1)
        let plot = Plot(x: scale, y: Scale(vertical, from: base, to: top))
        canvas.draw(horizontal, in: plot, gridTop: top, base: base)
        let starts = chart.categories.indices.map { top + band * Double($0) + 4 }
        for (index, start) in starts.enumerated() {
            drawBars(index, top: start + nameHeight, lane: lane, in: plot, on: &canvas)
        }
        for rule in chart.rules {
            let turned = Rule(rule.label, at: rule.value, rule.meaning, .place)
            canvas.draw(turned, in: plot, x: axis, y: axis)
        }
        for (index, start) in starts.enumerated() {
            let middle = start + nameHeight + lane * Double(lanes) / 2
            let name = TextMetrics.shortened(
                chart.categories[index], width: canvas.width - 12, size: Canvas.labelSize)
            canvas.text(
                name, x: isBeside ? left - 8 : left, y: isBeside ? middle + 4 : start + 11,
                anchor: isBeside ? .end : .start, color: "ink", halo: true)
            drawValues(index, top: start + nameHeight, lane: lane, in: plot, on: &canvas)
        }
    }

    private func drawBars(
        _ category: Int, top: Double, lane: Double, in plot: Plot, on canvas: inout Canvas
    ) {
        for bar in bars(of: category) {
            let y = top + (isStacked ? 0 : Double(bar.series) * lane)
            let from = plot.x(bar.from)
            let to = plot.x(bar.to)
            canvas.rect(
                x: min(from, to), y: y + 0.5, width: separated((to - from).magnitude),
                height: lane - 1, fill: chart.tone(bar.series), outlined: !isStacked)
        }
    }

    private func drawValues(
        _ category: Int, top: Double, lane: Double, in plot: Plot, on canvas: inout Canvas
    ) {
        guard !isStacked, lane >= 11 else { return }
        for bar in bars(of: category) {
            let label = axis.format.text(bar.to)
            let x = max(plot.x(bar.from), plot.x(bar.to)) + 5
            guard x + TextMetrics.width(label, size: Self.labelSize) <= canvas.width else {
                continue
            }
            canvas.text(
                label, x: x, y: top + Double(bar.series) * lane + lane / 2 + 4, color: "ink",
                size: Self.labelSize, halo: true)
        }
    }

    /// The length of a bar, a little shorter in a stack, so that neighbours stay apart.
    private func separated(_ length: Double) -> Double {
        isStacked && length > 2 ? length - 1 : length
    }
}
