/// A terminal of the VT100 kind in memory: what a person would see of the bytes written to it.
///
/// It wraps lines at its right edge only when another character comes, remembers which rows belong
/// together, and wraps them again when its width changes.
package struct VirtualTerminal {
    package struct Row {
        /// The text of each column; empty for the right half of a wide character.
        var cells: [String]
        /// Whether the text went over the right edge into the next row.
        var isWrapped = false
        /// Whether that left a column free, since a wide character came.
        var hasGap = false
        /// Columns up to the last that was written, if only with a space.
        var used = 0

        var text: String {
            var text = cells.joined()
            while text.last == " " { text.removeLast() }
            return text
        }
    }

    package private(set) var width: Int
    package private(set) var height: Int
    /// Rows that have left the screen at its top, oldest first.
    package private(set) var scrolledOut: [Row] = []
    package private(set) var rows: [Row]
    package private(set) var row = 0
    /// The width where a character at the right edge was the last.
    package private(set) var column = 0
    /// Sequences that it does not know.
    package private(set) var complaints: [String] = []
    /// How often it rang.
    package private(set) var bells = 0
    /// Whether it was asked to mark what is pasted.
    package private(set) var marksPastes = false
    private var sequence: String?

    /// An empty terminal.
    package init(width: Int, height: Int) {
        self.width = width
        self.height = height
        rows = Array(repeating: Self.blank(width), count: height)
    }

    /// The terminal after a change of its width.
    init(
        width: Int, scrolledOut: [Row], rows: [Row], row: Int, column: Int,
        after before: VirtualTerminal
    ) {
        self.width = width
        height = rows.count
        self.scrolledOut = scrolledOut
        self.rows = rows
        (self.row, self.column) = (row, column)
        complaints = before.complaints
        bells = before.bells
        marksPastes = before.marksPastes
    }

    /// The text of every row of the screen.
    package var screen: [String] { rows.map(\.text) }
    /// The text of every row there ever was, but for empty ones at the end.
    package var everything: [String] {
        var all = (scrolledOut + rows).map(\.text)
        while all.last == "" { all.removeLast() }
        return all
    }

    static func blank(_ width: Int) -> Row { Row(cells: Array(repeating: " ", count: width)) }

    /// Shows a text and does what its sequences say.
    package mutating func write(_ text: String) {
        for scalar in text.unicodeScalars {
            if sequence != nil {
                continueSequence(scalar)
            } else {
                switch scalar {
                case "\u{1B}": sequence = ""
                case "\r": column = 0
                case "\n": lineFeed()
                case "\u{7}": bells += 1
                case _ where scalar.value < 0x20: complaints.append("control \(scalar.value)")
                default: put(scalar)
                }
            }
        }
    }

    private mutating func lineFeed() {
        // The pending wrap at the right edge ends.
        column = min(column, width - 1)
        if row + 1 < height {
            row += 1
        } else {
            scrolledOut.append(rows.removeFirst())
            rows.append(Self.blank(width))
        }
    }

    private mutating func put(_ scalar: Unicode.Scalar) {
        if let place = placeBefore, joins(scalar, rows[row].cells[place]) {
            rows[row].cells[place].unicodeScalars.append(scalar)
            // The sign that asks for a picture makes a narrow character wide.
            if scalar == "\u{FE0F}", place + 1 == column, column < width {
                split(at: column)
                rows[row].cells[column] = ""
                column += 1
                rows[row].used = max(rows[row].used, column)
            }
            return
        }
        let columns = Self.columns(of: scalar)
        if column + columns > width {
            rows[row].isWrapped = true
            rows[row].hasGap = column < width
            lineFeed()
            column = 0
        }
        for place in column..<column + columns { split(at: place) }
        rows[row].cells[column] = String(Character(scalar))
        if columns == 2 { rows[row].cells[column + 1] = "" }
        column += columns
        rows[row].used = max(rows[row].used, column)
    }

    /// The column of the character before the cursor.
    private var placeBefore: Int? {
        (0..<column).last { !rows[row].cells[$0].isEmpty }
    }

    private func joins(_ scalar: Unicode.Scalar, _ text: String) -> Bool {
        guard text != " " else { return Self.columns(of: scalar) == 0 }
        var joined = text
        joined.unicodeScalars.append(scalar)
        return joined.count == 1
    }

    /// Half a wide character is no character.
    private mutating func split(at place: Int) {
        if rows[row].cells[place].isEmpty, place > 0 { rows[row].cells[place - 1] = " " }
        if place + 1 < width, rows[row].cells[place + 1].isEmpty {
            rows[row].cells[place + 1] = " "
        }
        rows[row].cells[place] = " "
    }

    /// Columns of the characters that the tests use.
    static func columns(of scalar: Unicode.Scalar) -> Int {
        switch scalar.value {
        case 0x300...0x36F, 0x200B...0x200F, 0x1160...0x11FF, 0xFE00...0xFE0F: 0
        case 0x1100...0x115F, 0x4E00...0x9FFF, 0xAC00...0xD7A3, 0x1F1E6...0x1F1FF,
            0x1F300...0x1FAFF:
            2
        default: 1
        }
    }

    private mutating func continueSequence(_ scalar: Unicode.Scalar) {
        guard let before = sequence else { return }
        let text = before + String(Character(scalar))
        sequence = text
        guard before.isEmpty ? scalar != "[" : (0x40...0x7E).contains(scalar.value) else { return }
        sequence = nil
        run(text)
    }

    private mutating func run(_ text: String) {
        let digits = text.dropFirst().dropLast()
        let number = Int(digits) ?? 1
        switch text.last {
        case "A": row = max(row - number, 0)
        case "h" where digits == "?2004": marksPastes = true
        case "l" where digits == "?2004": marksPastes = false
        case "B": row = min(row + number, height - 1)
        case "C": column = min(column + number, width - 1)
        case "G": column = min(number, width) - 1
        case "H": (row, column) = (0, 0)
        case "K" where digits.isEmpty: eraseRow(from: column)
        case "J" where digits.isEmpty:
            eraseRow(from: column)
            for below in row + 1..<max(height, row + 1) { rows[below] = Self.blank(width) }
        case "J" where digits == "2":
            rows = Array(repeating: Self.blank(width), count: height)
        default: complaints.append(text)
        }
        if "AB".contains(text.last ?? " ") { column = min(column, width - 1) }
    }

    private mutating func eraseRow(from column: Int) {
        if column >= width { complaints.append("erases at the right edge") }
        for place in column..<max(width, column) {
            split(at: place)
        }
        rows[row].isWrapped = false
        rows[row].used = min(rows[row].used, column)
    }
}
