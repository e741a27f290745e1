/// Series over two axes: what line, distribution and roofline charts have in common.
struct XYPlot {
    var x: Axis
    var y: Axis
    var series: [Series]
    var rules: [Rule] = []
    var marks: [Mark] = []

    /// The points of a series that have a place on both axes, cut where one is missing.
    private func runs(_ series: Series) -> [[Series.Point]] {
        var runs: [[Series.Point]] = [[]]
        for point in series.points {
            if x.takes(point.x), y.takes(point.y) {
                runs[runs.count - 1].append(point)
            } else if runs.last?.isEmpty == false {
                runs.append([])
            }
        }
        return runs.filter { !$0.isEmpty }
    }

    private func extent(
        _ axis: Axis, _ value: KeyPath<Series.Point, Double>, _ direction: Rule.Direction,
        _ mark: KeyPath<Mark, Double>
    ) -> ClosedRange<Double>? {
        let points = series.flatMap { $0.points }
            .filter { x.takes($0.x) && y.takes($0.y) }.map { $0[keyPath: value] }
        let rules = rules.filter { $0.direction == direction }.map(\.value)
        return axis.extent(of: points + rules + marks.map { $0[keyPath: mark] })
    }

    func draw(on canvas: inout Canvas, height: Double? = nil) {
        canvas.legend(legend)
        let plot = canvas.plot(
            x: PlotAxis(x, extent(x, \.x, .place, \.x), .tight),
            y: PlotAxis(y, extent(y, \.y, .level, \.y), .rounded),
            height: height ?? canvas.plotHeight)
        if series.allSatisfy({ runs($0).isEmpty }) { canvas.emptyNote(in: plot) }
        // Bounds lie behind what they bound.
        let order =
            series.enumerated().filter { $0.element.style == .bound }
            + series.enumerated().filter { $0.element.style != .bound }
        for (index, series) in order {
            draw(series, index: index, in: plot, on: &canvas)
        }
        for rule in rules { canvas.draw(rule, in: plot, x: x, y: y) }
        for mark in marks where x.takes(mark.x) && y.takes(mark.y) {
            canvas.ring(x: plot.x(mark.x), y: plot.y(mark.y))
        }
        drawLabels(in: plot, on: &canvas)
    }

    private func look(_ index: Int) -> SeriesLook {
        let bounds = series[..<index].count { $0.style == .bound }
        return SeriesLook(series[index], index: index, bound: bounds)
    }

    private var legend: [LegendEntry] {
        series.enumerated().map { index, series in
            let look = look(index)
            return LegendEntry(label: series.name, sample: look.sample)
        } + rules.compactMap(\.legend) + marks.map { LegendEntry(label: $0.label, sample: .ring) }
    }

    private func draw(_ series: Series, index: Int, in plot: Plot, on canvas: inout Canvas) {
        let look = look(index)
        for run in runs(series) {
            let places = run.map { (x: plot.x($0.x), y: plot.y($0.y)) }
            if look.isLine {
                var path = PathData()
                for (index, place) in Thinning.line(places).enumerated() {
                    if index == 0 {
                        path.move(place.x, place.y)
                    } else if series.style == .step, let last = path.last {
                        path.line(place.x, last.y)
                        path.line(place.x, place.y)
                    } else {
                        path.line(place.x, place.y)
                    }
                }
                canvas.stroke(path, look.key, dash: look.dash)
                if series.style == .path { drawDirection(places, look.key, on: &canvas) }
            }
            if look.showsMarkers || run.count == 1 {
                let size = places.count > 300 ? 2.0 : 4.0
                for place in places {
                    canvas.marker(look.marker, x: place.x, y: place.y, key: look.key, size: size)
                }
            }
        }
    }

    /// Arrow heads in the middle of stretches that have room for one.
    private func drawDirection(
        _ places: [(x: Double, y: Double)], _ key: String, on canvas: inout Canvas
    ) {
        for (start, end) in zip(places, places.dropFirst()) {
            let (dx, dy) = (end.x - start.x, end.y - start.y)
            let length = (dx * dx + dy * dy).squareRoot()
            guard length > 26 else { continue }
            let (ux, uy) = (dx / length * 5, dy / length * 5)
            let (x, y) = ((start.x + end.x) / 2, (start.y + end.y) / 2)
            var path = PathData()
            path.move(x - ux - uy, y - uy + ux)
            path.line(x + ux, y + uy)
            path.line(x - ux + uy, y - uy - ux)
            canvas.stroke(path, key)
        }
    }

    private func drawLabels(in plot: Plot, on canvas: inout Canvas) {
        var labels = LabelPlacer(in: plot)
        let points = series.flatMap { $0.points }.filter { x.takes($0.x) && y.takes($0.y) }
        guard points.contains(where: { !$0.label.isEmpty }) else { return }
        for point in points { labels.avoid(x: plot.x(point.x), y: plot.y(point.y)) }
        for run in series.filter({ $0.style != .points }).flatMap(runs) {
            let places = run.map { (x: plot.x($0.x), y: plot.y($0.y)) }
            for (start, end) in zip(places, places.dropFirst()) {
                labels.avoid(from: start, to: end)
            }
        }
        for point in points where !point.label.isEmpty {
            let place = (plot.x(point.x), plot.y(point.y))
            guard let spot = labels.place(point.label, beside: place) else { continue }
            canvas.text(point.label, x: spot.x, y: spot.y, color: "ink", size: 11, halo: true)
        }
    }
}

/// How a series is drawn.
struct SeriesLook {
    let key: String
    let dash: Dash
    let marker: Marker
    let isLine: Bool
    let showsMarkers: Bool

    /// The look of the n-th series.
    ///
    /// - Parameter bound: how many bounds come before it: bounds have no colours, so that their
    ///   dashes tell them apart.
    init(_ series: Series, index: Int, bound: Int = 0) {
        let isBound = series.style == .bound
        key = isBound ? "ink" : (series.tone ?? .series(index)).lineKey
        dash =
            isBound
            ? [Dash.short, .long, .mixed][bound % 3]
            : Dash.allCases[index / Palette.seriesCount % Dash.allCases.count]
        marker = Marker(series: index)
        isLine = series.style != .points
        // More markers than this run into each other.
        showsMarkers =
            series.style == .points
            || (series.points.count <= 40 && (series.style == .line || series.style == .path))
    }

    var sample: LegendEntry.Sample {
        isLine
            ? .line(key: key, dash, showsMarkers ? marker : nil) : .point(key: key, marker)
    }
}

extension Rule {
    /// The entry of the legend; nil: the rule has no words of its own.
    var legend: LegendEntry? {
        label.isEmpty ? nil : LegendEntry(label: label, sample: .line(key: "ink", dash, nil))
    }
}

extension Canvas {
    /// A rule across a plot, if its value has a place there.
    mutating func draw(_ rule: Rule, in plot: Plot, x: Axis, y: Axis) {
        var path = PathData()
        switch rule.direction {
        case .level:
            guard y.takes(rule.value) else { return }
            path.move(plot.left, plot.y(rule.value))
            path.line(plot.right, plot.y(rule.value))
        case .place:
            guard x.takes(rule.value) else { return }
            path.move(plot.x(rule.value), plot.bottom)
            path.line(plot.x(rule.value), plot.top)
        }
        stroke(path, "ink", style: "q-rule", dash: rule.dash)
    }
}
