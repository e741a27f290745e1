/// Draws a picture over the one before it with as little as is needed.
///
/// The terminal is told of places relative to the first row of the picture, wherever on the screen
/// that is. Rows that belong together are written through the right edge, so that the terminal
/// keeps them as one line when its width changes or a person copies them.
struct ScreenPainter {
    private let width: Int
    private var drawn: ScreenPicture?
    /// Rows from the first one on that the terminal is known to have below it.
    private var reach = 1
    private var row = 0
    /// Where the next character goes; the width if it goes to the next row.
    private var column = 0
    private var output = ""

    /// A painter whose first row is where the cursor is, with nothing in it.
    init(width: Int) {
        self.width = width
    }

    /// The text that turns what is drawn into a picture.
    mutating func paint(_ picture: ScreenPicture) -> String {
        guard picture != drawn else { return "" }
        output = ""
        let old = drawn?.rows ?? []
        for index in picture.rows.indices {
            paint(index, of: picture, over: old)
        }
        if old.count > picture.rows.count {
            move(toRow: picture.rows.count, 0)
            output += "\u{1B}[J"
        }
        move(toRow: picture.cursorRow, picture.cursorColumn)
        drawn = picture
        return output
    }

    /// The text that takes away what is drawn, and all below it, in a terminal that has become
    /// `width` columns wide and has wrapped its lines again.
    func erase(atWidth width: Int) -> String {
        let rows = drawn?.rowsAboveCursor(atWidth: width) ?? 0
        return "\r" + (rows > 0 ? "\u{1B}[\(rows)A" : "") + "\u{1B}[J"
    }

    private mutating func paint(
        _ index: Int, of picture: ScreenPicture, over old: [ScreenPicture.Row]
    ) {
        let new = picture.rows[index]
        let before = index < old.count ? old[index] : ScreenPicture.Row()
        var same = zip(new.cells, before.cells).prefix { $0 == $1 }.count
        if index < old.count, new.continues != before.continues {
            // Its last character is written again, with or without the next row following it.
            same = min(same, max(new.cells.count - 1, 0))
        }
        let flows =
            index > 0 && row == index - 1 && flows(from: picture.rows[index - 1], into: new)
        let joins = flows && !(index <= old.count && old[index - 1].continues)
        if joins { same = 0 }
        guard same < max(new.cells.count, before.cells.count) || joins else { return }
        let start = new.cells.prefix(same).reduce(0) { $0 + $1.columns }
        if flows, same == 0 {
            reach = max(reach, index + 1)
            (row, column) = (index, 0)
        } else {
            move(toRow: index, start)
        }
        // Erased before its end, a row forgets that it went on. The terminal is in a row that flows
        // only after a character of it.
        var forgets = before.continues && !new.continues
        if forgets, !flows || same > 0 { erase(&forgets) }
        for cell in new.cells.dropFirst(same) {
            write(cell)
            if forgets, column < width { erase(&forgets) }
        }
        if new.columns < width, before.columns > new.columns { output += "\u{1B}[K" }
    }

    private mutating func erase(_ isDue: inout Bool) {
        output += "\u{1B}[K"
        isDue = false
    }

    /// Whether the row before was just written to its end and the terminal goes on by itself.
    private func flows(from before: ScreenPicture.Row, into new: ScreenPicture.Row) -> Bool {
        guard before.continues, column == before.columns, !output.isEmpty,
            before.cells.last?.isContested == false
        else { return false }
        return column == width || new.cells.first?.isContested == false
    }

    private mutating func write(_ cell: ScreenCell) {
        output += cell.text
        column += cell.columns
        if cell.isContested, column < width { output += "\u{1B}[\(column + 1)G" }
    }

    private mutating func move(toRow target: Int, _ place: Int) {
        guard target != row || place != column || column >= width else { return }
        output += "\r"
        let known = min(target, reach - 1)
        if known < row { output += "\u{1B}[\(row - known)A" }
        if known > row { output += "\u{1B}[\(known - row)B" }
        output += String(repeating: "\n", count: target - known)
        if place > 0 { output += "\u{1B}[\(place)C" }
        reach = max(reach, target + 1)
        (row, column) = (target, place)
    }
}
