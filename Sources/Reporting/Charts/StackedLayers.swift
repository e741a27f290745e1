/// Layers that add up over shared places: what area charts and the lower half of a time line draw.
package struct StackedLayers: Hashable, Sendable {
    /// One layer: how much of the sum it is at each place.
    package struct Layer: Hashable, Sendable {
        /// The name, for the legend.
        package var name: String

        /// The colour, by meaning.
        package var tone: Tone

        /// One value a place; what is negative or not finite counts as nothing.
        package var values: [Double]

        /// A layer.
        package init(_ name: String, _ tone: Tone, _ values: [Double]) {
            self.name = name
            self.tone = tone
            self.values = values
        }
    }

    /// The places, ascending.
    package var places: [Double]

    /// The layers from the bottom upwards.
    package var layers: [Layer]

    /// Whether a value holds until the next place; else values are joined by straight lines.
    package var isStepped: Bool

    /// Layers with one value a place; the places are finite and ascend.
    package init(places: [Double], layers: [Layer], isStepped: Bool = false) {
        precondition(layers.allSatisfy { $0.values.count == places.count }, "one value a place")
        precondition(places.allSatisfy(\.isFinite), "places are finite")
        precondition(zip(places, places.dropFirst()).allSatisfy { $0 <= $1 }, "places ascend")
        self.places = places
        self.layers = layers
        self.isStepped = isStepped
    }

    /// The sum of a layer and those below it at each place; `below` is that of the layers below.
    private static func top(_ layer: Layer, above below: [Double]) -> [Double] {
        zip(below, layer.values).map { $0 + ($1.isFinite ? max(0, $1) : 0) }
    }

    /// The sums of all layers.
    var totals: [Double] {
        layers.reduce([Double](repeating: 0, count: places.count)) { Self.top($1, above: $0) }
    }

    var legend: [LegendEntry] {
        layers.map { LegendEntry(label: $0.name, sample: .area($0.tone)) }
    }

    /// Draws the layers into a plot with a linear vertical axis.
    func draw(in plot: Plot, on canvas: inout Canvas) {
        let kept = Thinning.extremes(totals, limit: ReportingLimits.linePoints)
        var below = [Double](repeating: 0, count: places.count)
        for layer in layers {
            let top = Self.top(layer, above: below)
            canvas.fill(outline(kept, below: below, top: top, in: plot), layer.tone)
            // A line of the ground between layers keeps neighbours apart whatever their colours.
            var edge = PathData()
            trace(kept, top, in: plot, path: &edge)
            canvas.stroke(edge, "ground", style: "q-thin")
            below = top
        }
    }

    private func outline(
        _ kept: [Int], below: [Double], top: [Double], in plot: Plot
    ) -> PathData {
        var path = PathData()
        guard kept.count > 1 else { return path }
        trace(kept, top, in: plot, path: &path)
        var back = PathData()
        trace(kept, below, in: plot, path: &back)
        path.backwards(back)
        path.close()
        return path
    }

    private func trace(_ kept: [Int], _ heights: [Double], in plot: Plot, path: inout PathData) {
        for index in kept {
            let place = (x: plot.x(places[index]), y: plot.y(heights[index]))
            if path.isEmpty {
                path.move(place.x, place.y)
            } else {
                if isStepped, let last = path.last { path.line(place.x, last.y) }
                path.line(place.x, place.y)
            }
        }
    }

    /// The places and layers as rows.
    func data(title: String, x: Axis, y: Axis) -> ReportTable {
        let columns = [.number(x.label)] + layers.map { ReportTable.Column.number($0.name) }
        return .data(title: title, columns: columns, count: places.count) { row in
            [.init(places[row], x.format)] + layers.map { .init($0.values[row], y.format) }
        }
    }

    /// Each layer's largest value, and that of the sum.
    func summary(x: Axis, y: Axis) -> String {
        guard let first = places.first, let last = places.last else { return "No data." }
        let parts = layers.map { layer in
            let largest = layer.values.filter(\.isFinite).max() ?? 0
            return "\(layer.name): at most \(y.format.text(largest))."
        }
        let sum =
            "Together at most \(y.format.text(totals.max() ?? 0)), "
            + "from \(x.format.text(first)) to \(x.format.text(last))."
        return (["Horizontal: \(x.label). Vertical: \(y.label)."] + parts + [sum])
            .joined(separator: " ")
    }
}
