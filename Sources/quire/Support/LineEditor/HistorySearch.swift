/// Looking for an earlier prompt, letter by letter (Ctrl-R).
struct HistorySearch {
    /// What was edited before, to go back to.
    let original: EditedLine
    /// What is looked for.
    private(set) var query = ""
    /// The number of the line that holds it; nil as long as none was found.
    private(set) var match: Int?
    /// What was looked for when it was found.
    private var foundQuery = ""
    /// Whether the query as it is now is nowhere.
    private(set) var hasFailed = false

    /// A search that has not begun.
    init(from original: EditedLine) {
        self.original = original
    }

    /// Looks for a longer query, from the match towards older lines.
    mutating func extend(by text: String, in lines: [String]) {
        query += text
        find(lines.indices.prefix((match ?? lines.count - 1) + 1).reversed(), lines)
    }

    /// Looks for a query that is shorter by a character, from the newest line on.
    mutating func shorten(in lines: [String]) {
        guard !query.isEmpty else { return }
        query.removeLast()
        match = nil
        find(lines.indices.reversed(), lines)
    }

    /// Looks for the next older match.
    mutating func older(in lines: [String]) {
        find(lines.indices.prefix(match ?? lines.count).reversed(), lines)
    }

    /// Looks for the next newer match.
    mutating func newer(in lines: [String]) {
        find(lines.indices.dropFirst(match.map { $0 + 1 } ?? lines.count), lines)
    }

    /// The line to show: the match with the cursor where it begins, or what was edited before.
    func line(in lines: [String]) -> EditedLine {
        guard let match else { return original }
        var line = EditedLine(lines[match])
        if let range = lines[match].firstRange(of: foundQuery) {
            line.move(
                to: lines[match].distance(from: lines[match].startIndex, to: range.lowerBound))
        }
        return line
    }

    /// What stands before the line while it is searched for.
    var prompt: String {
        "(\(hasFailed ? "no " : "")reverse search)`\(query)': "
    }

    private mutating func find(_ indices: some Sequence<Int>, _ lines: [String]) {
        guard !query.isEmpty else {
            hasFailed = false
            return
        }
        let found = indices.first { lines[$0].contains(query) }
        hasFailed = found == nil
        guard let found else { return }
        match = found
        foundQuery = query
    }
}
