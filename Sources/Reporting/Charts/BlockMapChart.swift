/// The blocks of a pool over time: a row a moment, a cell a block, coloured by what it holds.
package struct BlockMapChart: Chart, Hashable {
    /// The pool at one moment.
    package struct Moment: Hashable, Sendable {
        /// When.
        package var time: Double

        /// What each block holds, from block 0.
        package var blocks: [Tone]

        /// The pool at one moment.
        package init(at time: Double, _ blocks: [Tone]) {
            precondition(time.isFinite, "a moment has a time")
            self.time = time
            self.blocks = blocks
        }
    }

    /// What is shown.
    package var title: String

    /// The sentence that says what to see.
    package var caption: String

    /// The time axis, which runs downwards: its label and unit.
    package var time: Axis

    /// What a cell stands for: "Block".
    package var blockTitle: String

    /// The moments, from the top; each has the same count of blocks.
    package var moments: [Moment]

    /// The legend's words for tones whose meaning here is narrower.
    package var words: [Tone: String]

    /// A map of blocks.
    package init(
        title: String, caption: String, time: Axis = Axis("Time", .seconds),
        blockTitle: String = "Block", moments: [Moment], words: [Tone: String] = [:]
    ) {
        precondition(
            moments.allSatisfy { $0.blocks.count == moments[0].blocks.count },
            "each moment has the same blocks")
        self.title = title
        self.caption = caption
        self.time = time
        self.blockTitle = blockTitle
        self.moments = moments
        self.words = words
    }

    var blockCount: Int { moments.first?.blocks.count ?? 0 }

    func word(_ tone: Tone) -> String {
        if let word = words[tone] ?? tone.word { return word }
        guard case .series(let index) = tone else { return "" }
        return "\(index + 1)"
    }

    /// The tones that occur, meanings first.
    var tones: [Tone] {
        let used = moments.reduce(into: Set<Tone>()) { $0.formUnion($1.blocks) }
        let series = used.subtracting(Tone.meanings).sorted {
            word($0).count == word($1).count
                ? word($0) < word($1) : word($0).count < word($1).count
        }
        return Tone.meanings.filter(used.contains) + series
    }

    /// The count of blocks of each tone at each moment.
    package var data: ReportTable {
        let tones = tones
        let columns = [.number(time.label)] + tones.map { ReportTable.Column.number(word($0)) }
        return .data(title: title, columns: columns, count: moments.count) { row in
            let moment = moments[row]
            let counts = moment.blocks.reduce(into: [Tone: Int]()) { $0[$1, default: 0] += 1 }
            return [.init(moment.time, time.format)] + tones.map { .init(counts[$0] ?? 0) }
        }
    }

    /// The picture in words.
    package var summary: String {
        guard let first = moments.first, let last = moments.last else { return "No data." }
        let parts = tones.map { tone in
            let count = { (moment: Moment) in moment.blocks.count { $0 == tone } }
            return "\(word(tone)): \(count(first)) blocks at first, \(count(last)) at last."
        }
        return "Map of \(blockCount) blocks at \(moments.count) moments, from "
            + "\(time.format.text(first.time)) to \(time.format.text(last.time)). "
            + parts.joined(separator: " ")
    }

    /// Draws the chart.
    package func draw(on canvas: inout Canvas) {
        canvas.legend(tones.map { LegendEntry(label: word($0), sample: .area($0)) })
        let rows = Thinning.indices(moments.count, limit: ReportingLimits.mapRows)
        let columns = Thinning.indices(blockCount, limit: ReportingLimits.mapColumns)
        let rowHeight = min(16, max(2, (320 / Double(max(1, rows.count))).rounded(.down)))
        let largest = moments.map(\.time.magnitude).max() ?? 0
        let unit = time.format.scaling(largest: largest)
        let labels = rows.map {
            DecimalText.short(moments[$0].time / unit.divisor, significant: 3) + unit.tickSuffix
        }
        canvas.axisTitle(unit.name.isEmpty ? time.label : "\(time.label) (\(unit.name))")
        let widest = labels.map { TextMetrics.width($0, size: Canvas.labelSize) }.max() ?? 0
        let left = widest + 12
        let axis = Axis(blockTitle, from: 0, to: Double(max(1, blockCount)))
        let horizontal = canvas.horizontalAxis(
            PlotAxis(axis, nil, .tight), from: left, to: canvas.width - 12)
        let top = canvas.bottom + 8
        let base = top + max(60, rowHeight * Double(rows.count))
        let vertical = ResolvedAxis(Axis("", from: 0, to: 1), extent: nil, fit: .tight, count: 1)
        let plot = Plot(
            x: Scale(horizontal, from: left, to: canvas.width - 12),
            y: Scale(vertical, from: base, to: top))
        if moments.isEmpty || blockCount == 0 { canvas.emptyNote(in: plot) }
        drawCells(rows, columns, rowHeight: rowHeight, in: plot, on: &canvas)
        let every = max(1, Int((15 / rowHeight).rounded(.up)))
        for (index, label) in labels.enumerated() where index % every == 0 {
            let y = top + rowHeight * (Double(index) + 0.5) + 4
            canvas.text(label, x: left - 6, y: max(y, top + 9), anchor: .end)
        }
        canvas.draw(horizontal, in: plot, gridTop: base, base: base)
        var notes: [String] = []
        if rows.count < moments.count { notes.append("\(rows.count) of \(moments.count) moments") }
        if columns.count < blockCount { notes.append("\(columns.count) of \(blockCount) blocks") }
        guard !notes.isEmpty else { return }
        canvas.paragraph("Drawn: \(notes.joined(separator: ", ")), evenly spaced.")
    }

    /// One path a tone; neighbours of one tone in a row are one rectangle.
    private func drawCells(
        _ rows: [Int], _ columns: [Int], rowHeight: Double, in plot: Plot, on canvas: inout Canvas
    ) {
        guard !columns.isEmpty else { return }
        let cell = (plot.right - plot.left) / Double(columns.count)
        let gap = rowHeight >= 6 ? 1.0 : 0
        var paths: [Tone: PathData] = [:]
        for (row, moment) in rows.enumerated() {
            let blocks = moments[moment].blocks
            var start = 0
            while start < columns.count {
                let tone = blocks[columns[start]]
                var end = start + 1
                // Wide cells stay apart, so that they can be counted.
                while cell < 7, end < columns.count, blocks[columns[end]] == tone { end += 1 }
                paths[tone, default: PathData()].rect(
                    x: plot.left + cell * Double(start), y: plot.top + rowHeight * Double(row),
                    width: cell * Double(end - start) - (cell >= 7 ? 1 : 0),
                    height: rowHeight - gap)
                start = end
            }
        }
        // What is free is left empty, within a frame around the whole.
        for tone in tones where tone != .free {
            canvas.fill(paths[tone] ?? PathData(), tone, textured: rowHeight >= 6 && cell >= 4)
        }
        var frame = PathData()
        frame.rect(
            x: plot.left, y: plot.top, width: plot.right - plot.left,
            height: rowHeight * Double(rows.count))
        canvas.stroke(frame, "muted", style: "q-thin")
    }
}
