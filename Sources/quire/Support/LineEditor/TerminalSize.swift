/// Columns and rows of a terminal.
struct TerminalSize: Hashable {
    let columns: Int
    let rows: Int

    /// A size in which one wide character can be drawn.
    init(columns: Int, rows: Int) {
        self.columns = max(columns, 2)
        self.rows = max(rows, 1)
    }

    /// What the terminal says, or else the environment, or else what terminals once had: some say
    /// that they have no columns at all.
    init(terminal: (columns: Int, rows: Int)?, environment: [String: String]) {
        func size(_ told: Int?, _ variable: String, _ usual: Int) -> Int {
            if let told, told > 0 { return told }
            return environment[variable].flatMap { Int($0) }.flatMap { $0 > 0 ? $0 : nil } ?? usual
        }
        self.init(
            columns: size(terminal?.columns, "COLUMNS", 80),
            rows: size(terminal?.rows, "LINES", 24))
    }
}
