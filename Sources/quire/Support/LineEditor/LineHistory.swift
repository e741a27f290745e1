/// The prompts entered before, oldest first, and which of them is shown.
struct LineHistory {
    private(set) var lines: [String]
    private var shown: Int?
    private var draft = ""

    /// A history that begins with these lines.
    init(_ lines: [String] = []) {
        self.lines = []
        for line in lines { _ = append(line) }
    }

    /// Adds a line, unless it is blank or the same as the last; forgets the oldest of too many.
    ///
    /// - Returns: whether it was added.
    mutating func append(_ line: String) -> Bool {
        shown = nil
        guard !line.allSatisfy(\.isWhitespace), line != lines.last else { return false }
        lines.append(line)
        if lines.count > LineEditorLimits.historyEntries { lines.removeFirst() }
        return true
    }

    /// The line before the shown one; nil at the oldest. `current` is kept as the draft.
    mutating func previous(_ current: String) -> String? {
        let index = (shown ?? lines.count) - 1
        guard index >= 0 else { return nil }
        show(index, instead: current)
        return lines[index]
    }

    /// The line after the shown one, the draft after the newest; nil when the draft is shown.
    mutating func next() -> String? {
        guard let index = shown else { return nil }
        shown = index + 1 < lines.count ? index + 1 : nil
        return shown.map { lines[$0] } ?? draft
    }

    /// Shows no line: the next one back is the newest.
    mutating func showNone() {
        shown = nil
    }

    /// Shows a line; `current` is kept as the draft if that was shown.
    mutating func show(_ index: Int, instead current: String) {
        if shown == nil { draft = current }
        shown = index
    }
}
