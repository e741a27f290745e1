/// Where the rows of a time line lie.
struct TimelineLayout {
    private let chart: TimelineChart
    private let rowHeight: Double
    private let panels: [TimelineChart.Panel]
    private let tones: [Tone]
    private let momentLabels: [String]

    /// What lies between rows.
    private var gap: Double { rowHeight >= 14 ? 2 : rowHeight >= 7 ? 1 : 0 }

    init(_ chart: TimelineChart) {
        self.chart = chart
        panels = Self.drawn(chart)
        tones = chart.tones
        momentLabels = chart.momentLabels
        // Rows keep the whole picture at about one screen as long as they can be seen.
        switch chart.rowCount {
        case ...24: rowHeight = 20
        case ...48: rowHeight = 14
        case ...120: rowHeight = 7
        default: rowHeight = 4
        }
    }

    /// The first rows and spans, as many as the limits allow.
    private static func drawn(_ chart: TimelineChart) -> [TimelineChart.Panel] {
        var rowsLeft = ReportingLimits.timelineRows
        var spansLeft = ReportingLimits.timelineSpans
        return chart.panels.map { panel in
            let rows = panel.rows.prefix(rowsLeft).map { row in
                var row = row
                row.spans = Array(row.spans.prefix(spansLeft))
                spansLeft -= row.spans.count
                return row
            }
            rowsLeft -= rows.count
            return TimelineChart.Panel(panel.title, rows: rows)
        }
    }

    func draw(on canvas: inout Canvas) {
        canvas.legend(legend)
        let left = leftEdge(on: canvas)
        let right = canvas.width - 12
        let horizontal = canvas.horizontalAxis(
            PlotAxis(chart.time, extent, .tight), from: left, to: right)
        let x = Scale(horizontal, from: left, to: right)
        let top = canvas.bottom + 4
        let rowsEnd = top + max(40, panels.reduce(0) { $0 + height($1) })
        let base = rowsEnd + 4
        let none = ResolvedAxis(Axis("", from: 0, to: 1), extent: nil, fit: .tight, count: 1)
        let plot = Plot(x: x, y: Scale(none, from: base, to: top))
        var grid = PathData()
        for tick in horizontal.ticks {
            grid.move(x(tick.value), top)
            grid.line(x(tick.value), base)
        }
        canvas.stroke(grid, "grid", style: "q-thin")
        var y = top
        for panel in panels {
            draw(panel, top: y, in: plot, on: &canvas)
            y += height(panel)
        }
        canvas.bottom = base
        if chart.rowCount == 0 { canvas.emptyNote(in: plot) }
        if let usage = chart.usage {
            drawUsage(usage, horizontal, left: left, on: &canvas)
        } else {
            canvas.draw(horizontal, in: plot, gridTop: base, base: base)
        }
        if let cut { canvas.paragraph(cut) }
    }

    /// What is not drawn, for a reader; nil: all is.
    var cut: String? {
        let rows = panels.reduce(0) { $0 + $1.rows.count }
        var (spans, all) = (0, 0)
        for (drawn, whole) in zip(panels, chart.panels) {
            // The rows that are drawn come first.
            for (row, original) in zip(drawn.rows, whole.rows) {
                spans += row.spans.count
                all += original.spans.count
            }
        }
        let ofRows = "The first \(rows) of \(chart.rowCount) rows"
        let ofSpans = "the first \(spans) of \(all) spans"
        switch (rows < chart.rowCount, spans < all) {
        case (false, false): return nil
        case (true, false): return ofRows + "."
        case (false, true): return "T" + ofSpans.dropFirst() + "."
        case (true, true): return ofRows + ", and of these \(ofSpans)."
        }
    }

    /// One entry a tone: where rows and areas call it differently, it has both words.
    private var legend: [LegendEntry] {
        var words = tones.map { (tone: $0, words: [chart.word($0)]) }
        for layer in chart.usage?.stack.layers ?? [] {
            guard let index = words.firstIndex(where: { $0.tone == layer.tone }) else {
                words.append((layer.tone, [layer.name]))
                continue
            }
            if !words[index].words.contains(layer.name) { words[index].words.append(layer.name) }
        }
        let labelled = labelledTones
        let areas = words.map {
            LegendEntry(
                label: $0.words.joined(separator: " · "),
                sample: .area($0.tone, faint: labelled.contains($0.tone)))
        }
        let moments = momentLabels.enumerated().map { index, label in
            LegendEntry(label: label, sample: .point(key: "ink", Self.marker(index)))
        }
        return areas + moments + (chart.usage?.rules.compactMap(\.legend) ?? [])
    }

    /// The tones on which words stand: they are drawn faint.
    private var labelledTones: Set<Tone> {
        guard rowHeight >= 14 else { return [] }
        return Set(
            chart.panels.flatMap(\.rows).flatMap(\.spans).filter { !$0.label.isEmpty }.map(\.tone))
    }

    private static func marker(_ index: Int) -> Marker {
        [Marker.down, .diamond, .cross, .triangle, .square, .circle][index % 6]
    }

    private var extent: ClosedRange<Double>? {
        let spans = chart.panels.flatMap { $0.rows.flatMap(\.spans) }
        let moments = chart.panels.flatMap { $0.rows.flatMap { $0.moments.map(\.time) } }
        let places = chart.usage?.stack.places ?? []
        return chart.time.extent(of: spans.map(\.start) + spans.map(\.end) + moments + places)
    }

    private func leftEdge(on canvas: Canvas) -> Double {
        let labels = panels.flatMap(\.rows).map {
            TextMetrics.width($0.label, size: Canvas.labelSize)
        }
        var left = min(labels.max() ?? 0, canvas.width * 0.26)
        if let usage = chart.usage {
            left = max(left, canvas.tickLabelWidth(usageAxis(usage)))
        }
        return left + 12
    }

    private func height(_ panel: TimelineChart.Panel) -> Double {
        (panel.title.isEmpty ? 6 : 24) + rowHeight * Double(panel.rows.count)
    }

    // MARK: - Rows

    private func draw(
        _ panel: TimelineChart.Panel, top: Double, in plot: Plot, on canvas: inout Canvas
    ) {
        var y = top + 6
        if !panel.title.isEmpty {
            y = top + 24
            let title = TextMetrics.truncated(
                panel.title, width: canvas.width * 0.92, size: Canvas.labelSize)
            canvas.text(title, x: 2, y: top + 17, color: "ink", bold: true)
        }
        fill(panel.rows, top: y, in: plot, on: &canvas)
        // Names of thin rows would lie on each other: every k-th one is written.
        let every = max(1, Int((13 / rowHeight).rounded(.up)))
        for (index, row) in panel.rows.enumerated() {
            draw(row, top: y, in: plot, on: &canvas)
            if index % every == 0 {
                let label = TextMetrics.shortened(
                    row.label, width: plot.left - 10, size: Canvas.labelSize)
                canvas.text(
                    label, x: plot.left - 6, y: y + min(rowHeight, 20) / 2 + 4, anchor: .end)
            }
            y += rowHeight
        }
    }

    /// One area a tone over all rows; those on which words stand are faint.
    private func fill(
        _ rows: [TimelineChart.Row], top: Double, in plot: Plot, on canvas: inout Canvas
    ) {
        var full: [Tone: PathData] = [:]
        var faint: [Tone: PathData] = [:]
        for (index, row) in rows.enumerated() {
            for span in row.spans {
                let start = plot.x(span.start)
                let length = plot.x(span.end) - start
                let isFaint = !span.label.isEmpty && rowHeight >= 14
                var part = PathData()
                part.rect(
                    x: start, y: top + rowHeight * Double(index),
                    width: length > 4 ? length - 1 : max(length, 0.75), height: rowHeight - gap)
                if isFaint {
                    faint[span.tone, default: PathData()].append(part)
                } else {
                    full[span.tone, default: PathData()].append(part)
                }
            }
        }
        for tone in tones {
            canvas.fill(
                full[tone] ?? PathData(), tone, outlined: rowHeight >= 7,
                textured: rowHeight >= 7)
            canvas.fill(faint[tone] ?? PathData(), tone, opacity: Canvas.faint, outlined: true)
        }
    }

    private func draw(
        _ row: TimelineChart.Row, top: Double, in plot: Plot, on canvas: inout Canvas
    ) {
        let height = rowHeight - gap
        for span in row.spans where !span.label.isEmpty && rowHeight >= 14 {
            let start = plot.x(span.start)
            let length = plot.x(span.end) - start
            guard TextMetrics.width(span.label, size: 11) + 6 <= length else { continue }
            canvas.text(
                span.label, x: start + length / 2, y: top + height / 2 + 4, anchor: .middle,
                color: "ink", size: 11, halo: true)
        }
        for moment in row.moments {
            guard let index = momentLabels.firstIndex(of: moment.label) else { continue }
            canvas.marker(
                Self.marker(index), x: plot.x(moment.time), y: top + height / 2, key: "ink",
                size: rowHeight >= 14 ? 4.5 : 2.5)
        }
    }

    // MARK: - Usage

    private func usageAxis(_ usage: TimelineChart.Usage) -> ResolvedAxis {
        let levels = usage.rules.filter { $0.direction == .level }.map(\.value)
        let extent = usage.axis.extent(of: usage.stack.totals + levels)
        return ResolvedAxis(usage.axis, extent: extent, fit: .rounded, count: 4)
    }

    private func drawUsage(
        _ usage: TimelineChart.Usage, _ horizontal: ResolvedAxis, left: Double,
        on canvas: inout Canvas
    ) {
        let vertical = usageAxis(usage)
        canvas.bottom += 6
        canvas.axisTitle(vertical.title)
        let top = canvas.bottom + 8
        let base = top + (canvas.isNarrow ? 90 : 110)
        let plot = Plot(
            x: Scale(horizontal, from: left, to: canvas.width - 12),
            y: Scale(vertical, from: base, to: top))
        canvas.draw(vertical, in: plot)
        canvas.draw(horizontal, in: plot, gridTop: top, base: base)
        usage.stack.draw(in: plot, on: &canvas)
        for rule in usage.rules {
            canvas.draw(rule, in: plot, x: chart.time, y: usage.axis)
        }
    }
}
