/// Where the cells and links of block tables lie: a sequence above the pool, the next one below it,
/// in turns, so that links of two sequences never cross a table.
struct BlockTableLayout {
    private let chart: BlockTableChart

    /// A cell's place.
    private struct Cell {
        let x: Double
        let y: Double
    }

    private static let height = 34.0
    private static let linkRoom = 40.0

    init(_ chart: BlockTableChart) { self.chart = chart }

    func draw(on canvas: inout Canvas) {
        let used = Set(chart.pictures.flatMap { $0.pool.map(\.tone) })
        var legend = Tone.meanings.filter(used.contains).map {
            LegendEntry(label: $0.word ?? "", sample: .area($0, faint: true))
        }
        if chart.pictures.contains(where: { $0.pool.contains(where: \.isChanged) }) {
            legend.append(LegendEntry(label: "changed", sample: .frame))
        }
        canvas.legend(legend)
        if chart.pictures.isEmpty { canvas.paragraph("no data") }
        for picture in chart.pictures { draw(picture, on: &canvas) }
        canvas.paragraph(
            "A cell of a table names the physical block; ×n counts the sequences that refer to it; "
                + "a cell is as full as its block of \(chart.blockSize) slots.")
    }

    /// The width of cells: as wide as the longest line allows, within limits.
    private func cellWidth(_ canvas: Canvas) -> Double {
        let longest =
            chart.pictures.flatMap { picture in
                [picture.pool.count] + picture.sequences.map(\.table.count)
            }.max() ?? 1
        let room = (canvas.width - leftEdge(canvas) - 4) / Double(max(1, longest))
        return min(64, max(canvas.isNarrow ? 32 : 44, room.rounded(.down)))
    }

    /// Where cells begin, after the names.
    private func leftEdge(_ canvas: Canvas) -> Double {
        let names = chart.pictures.flatMap { $0.sequences.map(\.name) } + ["pool"]
        let widest = names.map { TextMetrics.width($0, size: Canvas.labelSize) }.max() ?? 0
        return min(widest, canvas.width * 0.25) + 12
    }

    private func lines(_ count: Int, _ perLine: Int) -> Double {
        Double(max(1, (count + perLine - 1) / perLine))
    }

    private func draw(_ picture: BlockTableChart.Picture, on canvas: inout Canvas) {
        canvas.bottom += 4
        canvas.paragraph(picture.title, color: "ink", bold: true)
        let left = leftEdge(canvas)
        let width = cellWidth(canvas)
        let perLine = max(1, Int((canvas.width - left - 4) / width))
        let line = Self.height + 4
        // Even sequences stand above the pool, odd ones below it.
        let above = picture.sequences.indices.filter { $0 % 2 == 0 }
        let below = picture.sequences.indices.filter { $0 % 2 == 1 }
        var tops = [Double](repeating: 0, count: picture.sequences.count)
        var y = canvas.bottom + 6
        for index in above {
            tops[index] = y
            y += lines(picture.sequences[index].table.count, perLine) * line + 8
        }
        y += Self.linkRoom - 8
        let poolTop = y
        y += lines(picture.pool.count, perLine) * line
        if !below.isEmpty { y += Self.linkRoom }
        for index in below {
            tops[index] = y
            y += lines(picture.sequences[index].table.count, perLine) * line + 8
        }
        let place = { (index: Int, top: Double) in
            Cell(
                x: left + Double(index % perLine) * width,
                y: top + Double(index / perLine) * line)
        }
        for (index, sequence) in picture.sequences.enumerated() {
            for (logical, physical) in sequence.table.enumerated() {
                link(place(logical, tops[index]), place(physical, poolTop), on: &canvas)
            }
        }
        for (index, sequence) in picture.sequences.enumerated() {
            name(sequence.name, at: tops[index], left: left, on: &canvas)
            for (logical, physical) in sequence.table.enumerated() {
                draw(
                    place(logical, tops[index]), filled: chart.filled(sequence, logical),
                    picture.pool[physical].tone, upper: "→ \(physical)", lower: "",
                    on: &canvas)
            }
        }
        name("pool", at: poolTop, left: left, on: &canvas)
        for (index, block) in picture.pool.enumerated() {
            let cell = place(index, poolTop)
            draw(
                cell, filled: block.filled, block.tone, upper: "\(index)",
                lower: block.references > 0 ? "×\(block.references)" : "", on: &canvas)
            guard block.isChanged else { continue }
            canvas.emphasis(
                x: cell.x + 1, y: cell.y, width: cellWidth(canvas) - 4, height: Self.height)
        }
        canvas.bottom = y + 6
    }

    private func name(_ name: String, at top: Double, left: Double, on canvas: inout Canvas) {
        let label = TextMetrics.shortened(name, width: left - 10, size: Canvas.labelSize)
        canvas.text(label, x: left - 8, y: top + Self.height / 2 + 4, anchor: .end)
    }

    private func draw(
        _ cell: Cell, filled: Int, _ tone: Tone, upper: String, lower: String,
        on canvas: inout Canvas
    ) {
        let width = cellWidth(canvas) - 2
        canvas.rect(x: cell.x, y: cell.y, width: width, height: Self.height, fill: .free)
        let level = Self.height * Double(filled) / Double(chart.blockSize)
        if tone != .free {
            canvas.rect(
                x: cell.x, y: cell.y + Self.height - level, width: width, height: level,
                fill: tone, opacity: Canvas.faint, outlined: true)
        }
        let middle = cell.x + width / 2
        let offset = lower.isEmpty ? 4.0 : -2
        canvas.text(
            upper, x: middle, y: cell.y + Self.height / 2 + offset, anchor: .middle, color: "ink",
            halo: true)
        canvas.text(
            lower, x: middle, y: cell.y + Self.height / 2 + 12, anchor: .middle, color: "ink",
            size: 11, halo: true)
    }

    /// A curve between the sides of two cells that face each other.
    private func link(_ from: Cell, _ to: Cell, on canvas: inout Canvas) {
        let half = (cellWidth(canvas) - 2) / 2
        let isDown = from.y < to.y
        let start = isDown ? from.y + Self.height : from.y
        let end = isDown ? to.y : to.y + Self.height
        let middle = (start + end) / 2
        var path = PathData()
        path.move(from.x + half, start)
        path.curve(to.x + half, end, by: (from.x + half, middle), (to.x + half, middle))
        canvas.stroke(path, "muted", style: "q-thin")
    }
}
