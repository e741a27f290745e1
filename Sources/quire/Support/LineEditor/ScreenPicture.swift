/// A prompt and its line as rows of a terminal.
///
/// ```
/// > a line that is longer than the ter     continues
/// minal is wide_
/// ```
struct ScreenPicture: Hashable {
    /// A row of the terminal.
    struct Row: Hashable {
        var cells: [ScreenCell] = []
        var columns = 0
        /// Whether the text goes on in the next row without a line break.
        var continues = false
    }

    private(set) var rows = [Row()]
    private(set) var cursorRow = 0
    private(set) var cursorColumn = 0
    private let width: Int

    /// The whole text.
    ///
    /// - Parameters:
    ///   - prompt: before the text.
    ///   - continuation: before its second line and those after it.
    ///   - width: columns of the terminal, at least the two of a wide character.
    init(prompt: String, continuation: String, line: EditedLine, width: Int) {
        precondition(width >= 2, "a wide character needs two columns")
        self.width = width
        for character in prompt { append(cells(of: character)) }
        for (place, character) in line.characters.enumerated() {
            if character == "\n" {
                if place == line.cursor { putCursorHere() }
                rows.append(Row())
                for character in continuation { append(cells(of: character)) }
            } else {
                let cells = cells(of: character)
                makeRoom(for: cells)
                if place == line.cursor { putCursorHere() }
                append(cells)
            }
        }
        // The cursor can stand behind a full row only in a new one, on something.
        let isFull = rows[rows.count - 1].columns == width
        if isFull { wrap() }
        if line.cursor == line.characters.count { putCursorHere() }
        if isFull { append([ScreenCell(text: " ", columns: 1)]) }
    }

    /// The rows around the cursor that fit a terminal of so many rows.
    func window(height: Int) -> ScreenPicture {
        let height = max(height, 1)
        guard rows.count > height else { return self }
        let top = min(max(cursorRow - height / 2, 0), rows.count - height)
        var window = self
        window.rows = Array(rows[top..<top + height])
        window.rows[height - 1].continues = false
        window.cursorRow = cursorRow - top
        return window
    }

    /// Rows above the cursor after a terminal that shows this has become `width` columns wide and
    /// has wrapped its lines again; rather too few than too many where terminals differ.
    func rowsAboveCursor(atWidth width: Int) -> Int {
        var above = 0
        var column = 0
        for index in 0...cursorRow {
            if index > 0, !rows[index - 1].continues { (above, column) = (above + 1, 0) }
            var place = 0
            for cell in rows[index].cells {
                // A tab was drawn as spaces, which wrap one by one.
                let parts = cell.columns > 2 ? cell.columns : 1
                for _ in 0..<parts {
                    let columns = cell.columns / parts
                    let isCursor = index == cursorRow && place >= cursorColumn
                    if column + columns > width { (above, column) = (above + 1, 0) }
                    if isCursor { return above }
                    column += columns
                    place += columns
                }
            }
        }
        return above
    }

    /// In a full row that a line break ends, the cursor stands on the last character.
    private mutating func putCursorHere() {
        cursorRow = rows.count - 1
        cursorColumn = min(rows[rows.count - 1].columns, width - 1)
    }

    private mutating func wrap() {
        rows[rows.count - 1].continues = true
        rows.append(Row())
    }

    private mutating func makeRoom(for cells: [ScreenCell]) {
        guard let first = cells.first else { return }
        if rows[rows.count - 1].columns + first.columns > width { wrap() }
    }

    private mutating func append(_ cells: [ScreenCell]) {
        for cell in cells {
            makeRoom(for: [cell])
            rows[rows.count - 1].cells.append(cell)
            rows[rows.count - 1].columns += cell.columns
        }
    }

    /// The cells of a character if it came next.
    private func cells(of character: Character) -> [ScreenCell] {
        guard character == "\t" else { return ScreenCell.cells(of: character) }
        let column = rows[rows.count - 1].columns % width
        let stop = LineEditorLimits.tabColumns - column % LineEditorLimits.tabColumns
        let columns = min(stop, width - column)
        return [ScreenCell(text: String(repeating: " ", count: columns), columns: columns)]
    }
}
