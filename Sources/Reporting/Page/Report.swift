/// One self-contained page: what was asked, what came out, and how to have it again.
///
/// The page needs no script and loads nothing. It prints, and it follows the reader's scheme (light
/// or dark) and width. The same report is the same bytes.
///
/// ```swift
/// var report = Report(
///     title: "Eviction policies", summary: "Belady hits twice as often as LRU.",
///     command: "quire simulate cache --trace t.jsonl --policy lru,belady --capacity 1000",
///     parameters: [("trace", "t.jsonl"), ("block", "512 tokens")],
///     stamp: ReportStamp(version: "0.5", traceHash: "9f31c2", seed: 1, clients: .open))
/// report.append(prose: "Each row is one policy at one capacity.")
/// report.append(
///     ReportTable(
///         title: "Hit rates", columns: ["Policy", .number("hits"), .bar("hit rate", of: 1)],
///         rows: [["LRU", .init(60_921), .init(0.211, .percent)]]))
/// report.append(
///     LineChart(
///         title: "Hit rate by capacity", caption: "The gap to Belady closes at 30,000 blocks.",
///         x: Axis("Capacity", .count("blocks"), spacing: .log), y: Axis("Hit rate", .percent),
///         series: [
///             Series("LRU", x: [1e3, 1e4], y: [0.04, 0.21]),
///             Series("Belady", x: [1e3, 1e4], y: [0.19, 0.36], style: .bound),
///         ]))
/// let page = report.html()
/// ```
///
/// A chart alone is a file too: `chart.svg()`. A table on a terminal: `table.lines()`.
package struct Report: Sendable {
    /// A part of the page.
    package enum Section: Sendable {
        /// A heading over the parts that follow.
        case heading(String)

        /// Plain text; an empty line begins a new paragraph.
        case prose(String)

        /// A table.
        case table(ReportTable)

        /// A chart, with the table of its data below it.
        case chart(any Chart)
    }

    /// What the page is about.
    package var title: String

    /// The answer in a sentence or two.
    package var summary: String

    /// The command that repeats it.
    package var command: String

    /// Names and values of what was chosen.
    package var parameters: [(String, String)]

    /// Where the numbers come from; nil: not said.
    package var stamp: ReportStamp?

    /// The parts, in order.
    package private(set) var sections: [Section] = []

    /// A page without parts.
    package init(
        title: String, summary: String, command: String, parameters: [(String, String)],
        stamp: ReportStamp? = nil
    ) {
        self.title = title
        self.summary = summary
        self.command = command
        self.parameters = parameters
        self.stamp = stamp
    }

    /// Adds a part.
    package mutating func append(_ section: Section) { sections.append(section) }

    /// Adds a heading.
    package mutating func append(heading: String) { sections.append(.heading(heading)) }

    /// Adds plain text.
    package mutating func append(prose: String) { sections.append(.prose(prose)) }

    /// Adds a table.
    package mutating func append(_ table: ReportTable) { sections.append(.table(table)) }

    /// Adds a chart.
    package mutating func append(_ chart: any Chart) { sections.append(.chart(chart)) }
}
