/// Bars of categories: beside each other, stacked, or stacked to 100 %.
///
/// Bars stand where the categories' names have room under them, and lie otherwise.
package struct BarChart: Chart, Hashable {
    /// The bars of one colour, one a category.
    package struct Bars: Hashable, Sendable {
        /// The name, for the legend.
        package var name: String

        /// The colour; nil: that of its place.
        package var tone: Tone?

        /// One value a category; what is not finite has no bar.
        package var values: [Double]

        /// Bars of one colour.
        package init(_ name: String, _ values: [Double], tone: Tone? = nil) {
            self.name = name
            self.values = values
            self.tone = tone
        }
    }

    /// How the bars of a category lie to each other.
    package enum Arrangement: Hashable, Sendable {
        /// Beside each other.
        case grouped

        /// On each other; negative values have no bar.
        case stacked

        /// On each other, as shares of their sum; negative values have no bar.
        case share
    }

    /// What is shown.
    package var title: String

    /// The sentence that says what to see.
    package var caption: String

    /// What the categories are.
    package var categoryTitle: String

    /// The names of the categories.
    package var categories: [String]

    /// The axis of the values.
    package var axis: Axis

    /// The bars.
    package var bars: [Bars]

    /// How they lie to each other.
    package var arrangement: Arrangement

    /// Lines across the bars.
    package var rules: [Rule]

    /// A chart of bars with one value a category each.
    package init(
        title: String, caption: String, categoryTitle: String = "", categories: [String],
        axis: Axis, bars: [Bars], arrangement: Arrangement = .grouped, rules: [Rule] = []
    ) {
        precondition(
            bars.allSatisfy { $0.values.count == categories.count }, "one value a category")
        precondition(
            arrangement == .grouped || axis.spacing == .linear,
            "lengths add up on a linear axis only")
        self.title = title
        self.caption = caption
        self.categoryTitle = categoryTitle
        self.categories = categories
        self.axis = axis
        self.bars = bars
        self.arrangement = arrangement
        self.rules = rules
    }

    /// The values as rows; shares of the sum are listed as the values that they came from.
    package var data: ReportTable {
        let title = categoryTitle.isEmpty ? "Category" : categoryTitle
        let columns = [.text(title)] + bars.map { ReportTable.Column.number($0.name) }
        return .data(title: self.title, columns: columns, count: categories.count) { row in
            [.init(categories[row])] + bars.map { .init($0.values[row], axis.format) }
        }
    }

    /// The picture in words.
    package var summary: String {
        let kind =
            switch arrangement {
            case .grouped: "Bar chart"
            case .stacked: "Stacked bar chart"
            case .share: "Bar chart of shares"
            }
        let parts = bars.map { bars in
            let values = zip(categories, bars.values).filter { $0.1.isFinite }
            guard let highest = values.max(by: { $0.1 < $1.1 }),
                let lowest = values.min(by: { $0.1 < $1.1 })
            else { return "\(bars.name): no data." }
            return "\(bars.name): from \(axis.format.text(lowest.1)) (\(lowest.0)) "
                + "to \(axis.format.text(highest.1)) (\(highest.0))."
        }
        return "\(kind) of \(axis.label). " + parts.joined(separator: " ")
            + rules.map { " Line: \($0.label)." }.joined()
    }

    /// Draws the chart.
    package func draw(on canvas: inout Canvas) {
        canvas.legend(
            bars.enumerated().map {
                LegendEntry(label: $1.name, sample: .area(tone($0)))
            } + rules.compactMap(\.legend))
        let layout = BarLayout(self)
        if layout.stands(on: canvas) {
            layout.drawStanding(on: &canvas)
        } else {
            layout.drawLying(on: &canvas)
        }
    }

    func tone(_ index: Int) -> Tone { bars[index].tone ?? .series(index) }
}
