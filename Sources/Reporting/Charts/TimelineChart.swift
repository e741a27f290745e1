/// Spans on a common time axis: requests in batches, a scheduler's choices, and below them what
/// the KV cache held meanwhile.
package struct TimelineChart: Chart, Hashable {
    /// A stretch of time.
    package struct Span: Hashable, Sendable {
        /// Where it begins, on the chart's axis.
        package var start: Double

        /// Where it ends.
        package var end: Double

        /// What happened meanwhile.
        package var tone: Tone

        /// What is written on it where there is room; empty: nothing.
        package var label: String

        /// A stretch of time; it ends where it begins or later.
        package init(_ start: Double, _ end: Double, _ tone: Tone, label: String = "") {
            precondition(start.isFinite && end.isFinite && start <= end, "a span runs forwards")
            self.start = start
            self.end = end
            self.tone = tone
            self.label = label
        }
    }

    /// A moment that is marked on a row: an arrival, a preemption.
    package struct Moment: Hashable, Sendable {
        /// What happened, for the legend; equal words have equal markers.
        package var label: String

        /// When.
        package var time: Double

        /// A moment.
        package init(_ label: String, at time: Double) {
            precondition(time.isFinite, "a moment has a time")
            self.label = label
            self.time = time
        }
    }

    /// A row: a request, or a slot.
    package struct Row: Hashable, Sendable {
        /// What stands before it.
        package var label: String

        /// What happened, in any order. Where spans overlap, that of the later tone is seen.
        package var spans: [Span]

        /// Marked moments.
        package var moments: [Moment]

        /// A row.
        package init(_ label: String, _ spans: [Span], moments: [Moment] = []) {
            self.label = label
            self.spans = spans
            self.moments = moments
        }
    }

    /// Rows under a heading: one way of batching.
    package struct Panel: Hashable, Sendable {
        /// The heading; empty: none.
        package var title: String

        /// The rows from the top.
        package var rows: [Row]

        /// Rows under a heading.
        package init(_ title: String = "", rows: [Row]) {
            self.title = title
            self.rows = rows
        }
    }

    /// What was in use meanwhile, drawn below the rows on the same time axis.
    package struct Usage: Hashable, Sendable {
        /// The vertical axis.
        package var axis: Axis

        /// What is stacked; its places are times.
        package var stack: StackedLayers

        /// The capacity.
        package var rules: [Rule]

        /// What was in use.
        package init(axis: Axis, stack: StackedLayers, rules: [Rule] = []) {
            precondition(axis.spacing == .linear, "heights add up on a linear axis only")
            self.axis = axis
            self.stack = stack
            self.rules = rules
        }
    }

    /// What is shown.
    package var title: String

    /// The sentence that says what to see.
    package var caption: String

    /// The time axis.
    package var time: Axis

    /// The rows. Of more than `ReportingLimits.timelineRows` the first ones are drawn.
    package var panels: [Panel]

    /// What was in use meanwhile; nil: not shown.
    package var usage: Usage?

    /// The legend's words for tones whose meaning here is narrower: `[.computed: "decoding"]`.
    package var words: [Tone: String]

    /// A time line.
    package init(
        title: String, caption: String, time: Axis = Axis("Time", .seconds), panels: [Panel],
        usage: Usage? = nil, words: [Tone: String] = [:]
    ) {
        self.title = title
        self.caption = caption
        self.time = time
        self.panels = panels
        self.usage = usage
        self.words = words
    }

    var rowCount: Int { panels.reduce(0) { $0 + $1.rows.count } }

    /// The word of a tone.
    func word(_ tone: Tone) -> String {
        if let word = words[tone] ?? tone.word { return word }
        guard case .series(let index) = tone else { return "" }
        return "\(index + 1)"
    }

    /// The tones of all spans, meanings first.
    var tones: [Tone] {
        let used = Set(panels.flatMap { $0.rows.flatMap { $0.spans.map(\.tone) } })
        let series = used.subtracting(Tone.meanings).sorted { word($0) < word($1) }
        return Tone.meanings.filter(used.contains) + series
    }

    /// The labels of all moments, in the order in which they come.
    var momentLabels: [String] {
        var labels: [String] = []
        for moment in panels.flatMap({ $0.rows.flatMap(\.moments) })
        where !labels.contains(moment.label) { labels.append(moment.label) }
        return labels
    }

    /// The time of each row by what happened.
    package var data: ReportTable {
        let hasTitles = panels.contains { !$0.title.isEmpty }
        let rows = panels.flatMap { panel in panel.rows.map { (panel.title, $0) } }
        let tones = tones
        var columns: [ReportTable.Column] = hasTitles ? ["Part"] : []
        columns += ["Row", .number("from"), .number("to")] + tones.map { .number(word($0)) }
        return .data(title: title, columns: columns, count: rows.count) { index in
            let (part, row) = rows[index]
            var cells: [ReportTable.Cell] = hasTitles ? [.init(part)] : []
            let ends = [row.spans.map(\.start).min(), row.spans.map(\.end).max()]
            cells.append(.init(row.label))
            cells += ends.map { $0.map { .init($0, time.format) } ?? .missing }
            return cells
                + tones.map { tone in
                    let spans = row.spans.filter { $0.tone == tone }
                    return .init(spans.reduce(0) { $0 + $1.end - $1.start }, time.format)
                }
        }
    }

    /// The picture in words.
    package var summary: String {
        let parts = panels.map { panel in
            let spans = panel.rows.flatMap(\.spans)
            let end = spans.map(\.end).max() ?? 0
            let name = panel.title.isEmpty ? "Rows" : panel.title
            return "\(name): \(panel.rows.count) rows, the last ends at \(time.format.text(end))."
        }
        let below = usage.map { " Below: " + $0.stack.summary(x: time, y: $0.axis) } ?? ""
        return "Time line. " + parts.joined(separator: " ") + below
    }

    /// Draws the chart.
    package func draw(on canvas: inout Canvas) { TimelineLayout(self).draw(on: &canvas) }
}
