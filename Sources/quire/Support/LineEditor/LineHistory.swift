/// The lines entered before, and which of them is shown.
struct LineHistory {
    private var lines: [String] = []
    private var shown: Int?
    private var draft = ""

    /// Adds a line, unless it is empty or the same as the last.
    mutating func append(_ line: String) {
        shown = nil
        if !line.isEmpty, line != lines.last { lines.append(line) }
    }

    /// The line before the shown one; nil at the oldest. `current` is kept as the draft.
    mutating func previous(_ current: String) -> String? {
        let index = (shown ?? lines.count) - 1
        guard index >= 0 else { return nil }
        if shown == nil { draft = current }
        shown = index
        return lines[index]
    }

    /// The line after the shown one, the draft after the newest; nil when the draft is shown.
    mutating func next() -> String? {
        guard let index = shown else { return nil }
        shown = index + 1 < lines.count ? index + 1 : nil
        return shown.map { lines[$0] } ?? draft
    }
}
