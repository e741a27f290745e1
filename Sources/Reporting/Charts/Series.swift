/// One of several things that a chart compares: its name and its points.
package struct Series: Hashable, Sendable {
    /// A point of a chart.
    package struct Point: Hashable, Sendable {
        /// The place from left to right.
        package var x: Double

        /// The height.
        package var y: Double

        /// What stands beside it; empty: nothing.
        package var label: String

        /// A point.
        package init(_ x: Double, _ y: Double, label: String = "") {
            self.x = x
            self.y = y
            self.label = label
        }
    }

    /// How the points are joined.
    package enum Style: Hashable, Sendable {
        /// By straight lines, with markers where there are few.
        case line

        /// By steps: a value holds until the next one.
        case step

        /// Not at all: markers only.
        case points

        /// By straight lines with an arrow's direction: the points follow each other.
        case path

        /// By a thin dashed line in the colour of text: a limit that nothing passes.
        case bound
    }

    /// The name, for the legend.
    package var name: String

    /// The points, in the order in which they are joined.
    package var points: [Point]

    /// The colour; nil: that of its place among the series.
    package var tone: Tone?

    /// How the points are joined.
    package var style: Style

    /// A series.
    package init(
        _ name: String, _ points: [Point], tone: Tone? = nil, style: Style = .line
    ) {
        self.name = name
        self.points = points
        self.tone = tone
        self.style = style
    }

    /// A series from places and heights, one height a place.
    package init(
        _ name: String, x: [Double], y: [Double], tone: Tone? = nil, style: Style = .line
    ) {
        precondition(x.count == y.count, "each place has one height")
        self.init(name, zip(x, y).map { Point($0, $1) }, tone: tone, style: style)
    }
}

/// A line across a chart at one value: a capacity, a target.
package struct Rule: Hashable, Sendable {
    /// What the line means.
    package enum Meaning: Hashable, Sendable {
        /// A limit of the machine.
        case capacity

        /// What was asked for.
        case target

        /// Something worth seeing: the knee, a moment.
        case note
    }

    /// Where the value lies.
    package enum Direction: Hashable, Sendable {
        /// On the vertical axis: the line lies.
        case level

        /// On the horizontal axis: the line stands.
        case place
    }

    /// The words of the legend, with the value; empty: it is not in the legend.
    package var label: String

    /// The value on its axis.
    package var value: Double

    /// What the line means.
    package var meaning: Meaning

    /// On which axis the value lies.
    package var direction: Direction

    /// A rule; its value is finite.
    package init(
        _ label: String, at value: Double, _ meaning: Meaning = .capacity,
        _ direction: Direction = .level
    ) {
        precondition(value.isFinite, "a rule has a place")
        self.label = label
        self.value = value
        self.meaning = meaning
        self.direction = direction
    }

    /// A limit across the chart.
    package static func capacity(_ label: String, at value: Double) -> Rule {
        Rule(label, at: value, .capacity)
    }

    /// A target on the vertical axis, or on the horizontal one.
    package static func target(
        _ label: String, at value: Double, _ direction: Direction = .level
    ) -> Rule {
        Rule(label, at: value, .target, direction)
    }

    /// A place on the horizontal axis that is worth seeing.
    package static func note(_ label: String, at value: Double) -> Rule {
        Rule(label, at: value, .note, .place)
    }

    var dash: Dash {
        switch meaning {
        case .capacity: .solid
        case .target: .long
        case .note: .short
        }
    }
}

/// A place of a chart that is worth seeing, drawn as a ring and named in the legend.
package struct Mark: Hashable, Sendable {
    /// The words of the legend.
    package var label: String

    /// The place from left to right.
    package var x: Double

    /// The height.
    package var y: Double

    /// A mark.
    package init(_ label: String, x: Double, y: Double) {
        self.label = label
        self.x = x
        self.y = y
    }
}
