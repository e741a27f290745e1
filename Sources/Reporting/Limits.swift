/// The bounds of what a report draws. What lies beyond one is thinned out or cut off, and the chart
/// says so under its picture.
package enum ReportingLimits {
    /// Points of one line of a chart: more are thinned out, since no screen shows them.
    package static let linePoints = 2000

    /// Rows of the table of data under a chart: of more, evenly spaced ones are listed.
    package static let dataRows = 200

    /// Ticks of an axis.
    package static let ticks = 12

    /// Rows of a time line; the first ones are drawn.
    package static let timelineRows = 400

    /// Spans of one time line, over all of its rows; the first ones are drawn.
    package static let timelineSpans = 50_000

    /// Rows (moments) of a block map; of more, evenly spaced ones are drawn.
    package static let mapRows = 160

    /// Columns (blocks) of a block map; of more, evenly spaced ones are drawn.
    package static let mapColumns = 256

    /// Physical blocks of a block table, and logical blocks of one of its sequences.
    package static let tableBlocks = 96

    /// Nodes of a prefix tree; the rest is left out, deepest last.
    package static let treeNodes = 2000
}
