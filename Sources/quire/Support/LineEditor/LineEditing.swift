/// What keys do to a prompt: the editor without its terminal.
struct LineEditing {
    /// What a key led to.
    enum Outcome: Hashable {
        /// The line may have changed: nothing else is to be done.
        case edited
        /// The key could not be obeyed.
        case refused
        /// The line is finished.
        case accepted(String)
        /// The line was given up (Ctrl-C).
        case dropped(String)
        /// There will be no more lines (Ctrl-D).
        case ended
        /// The process is to be stopped (Ctrl-Z).
        case suspended
        /// The screen is to be cleared (Ctrl-L).
        case cleared
    }

    private var line = EditedLine()
    private(set) var history: LineHistory
    private(set) var search: HistorySearch?
    private var killed = ""
    private var killedLast = false

    /// Whether Enter ends a text, or puts a line break into it.
    private let isComplete: (String) -> Bool

    /// An empty line.
    init(history: LineHistory = LineHistory(), isComplete: @escaping (String) -> Bool) {
        self.history = history
        self.isComplete = isComplete
    }

    /// The line to be seen: the one edited, or the one that a search has found.
    var shown: EditedLine { search?.line(in: history.lines) ?? line }

    /// Does what a key says.
    mutating func apply(_ key: Key) -> Outcome {
        if search != nil, let outcome = applyToSearch(key) { return outcome }
        let killedBefore = killedLast
        killedLast = false
        switch key {
        case .character(let character): return insert(String(character))
        case .paste(let text): return insert(Self.pasted(text))
        case .newline: return insert("\n")
        case .yank: return insert(killed)
        case .enter:
            return isComplete(line.text) ? accept() : insert("\n")
        case .interrupt:
            defer { line = EditedLine() }
            history.showNone()
            return .dropped(line.text)
        case .deleteOrEnd where line.characters.isEmpty: return .ended
        case .suspend: return .suspended
        case .clearScreen: return .cleared
        case .search: search = HistorySearch(from: line)
        case .up: goUp()
        case .down: goDown()
        default:
            if let place = target(of: key) {
                line.move(to: place)
            } else if let range = killRange(of: key) {
                kill(range, afterKill: killedBefore)
            } else {
                erase(key)
            }
        }
        return .edited
    }

    private mutating func insert(_ text: String) -> Outcome {
        guard line.characters.count + text.utf8.count <= LineEditorLimits.characters else {
            return .refused
        }
        line.insert(text)
        return .edited
    }

    /// The line break at the end of a paste is that of the selection and not meant.
    private static func pasted(_ text: String) -> String {
        let clean = EditedLine.clean(text)
        return clean.hasSuffix("\n") ? String(clean.dropLast()) : clean
    }

    private mutating func accept() -> Outcome {
        let text = line.text
        _ = history.append(text)
        line = EditedLine()
        return .accepted(text)
    }

    private mutating func goUp() {
        if let place = line.placeAbove {
            line.move(to: place)
        } else if let text = history.previous(line.text) {
            line = EditedLine(text)
        }
    }

    private mutating func goDown() {
        if let place = line.placeBelow {
            line.move(to: place)
        } else if let text = history.next() {
            line = EditedLine(text)
        }
    }

    private mutating func erase(_ key: Key) {
        let cursor = line.cursor
        switch key {
        case .backspace where cursor > 0: line.remove(cursor - 1..<cursor)
        case .delete where cursor < line.characters.count,
            .deleteOrEnd where cursor < line.characters.count:
            line.remove(cursor..<cursor + 1)
        default: break
        }
    }

    /// Where a key moves the cursor; nil for keys that do not.
    private func target(of key: Key) -> Int? {
        switch key {
        case .left: line.cursor - 1
        case .right: line.cursor + 1
        case .wordLeft: line.startOfWord
        case .wordRight: line.endOfWord
        case .home: line.startOfLine
        case .end: line.endOfLine
        default: nil
        }
    }
}

extension LineEditing {
    /// What a key cuts out; nil for keys that do not.
    private func killRange(of key: Key) -> Range<Int>? {
        let cursor = line.cursor
        switch key {
        case .killLine: return line.startOfLine..<cursor
        case .killToEnd:
            // At the end of a line the line break goes, so that the next line comes up.
            let end = line.endOfLine
            return cursor..<(end == cursor ? min(end + 1, line.characters.count) : end)
        case .killBlankWord: return line.startOfBlankWord..<cursor
        case .killWordLeft: return line.startOfWord..<cursor
        case .killWordRight: return cursor..<line.endOfWord
        default: return nil
        }
    }

    /// Cuts a text out for Ctrl-Y; what is cut at one go stays together.
    private mutating func kill(_ range: Range<Int>, afterKill: Bool) {
        killedLast = afterKill
        guard !range.isEmpty else { return }
        let isBefore = range.upperBound == line.cursor
        let text = line.remove(range)
        if !afterKill { killed = "" }
        killed = isBefore ? text + killed : killed + text
        killedLast = true
    }

    /// What a key does to a search; nil if it ends the search and then does what it always does.
    private mutating func applyToSearch(_ key: Key) -> Outcome? {
        guard var search else { return nil }
        let lines = history.lines
        switch key {
        case .character(let character): search.extend(by: String(character), in: lines)
        case .paste(let text): search.extend(by: Self.pasted(text), in: lines)
        case .backspace: search.shorten(in: lines)
        case .search: search.older(in: lines)
        case .searchForward: search.newer(in: lines)
        case .abort, .interrupt:
            line = search.original
            self.search = nil
            return .edited
        default:
            line = search.line(in: lines)
            if let match = search.match { history.show(match, instead: search.original.text) }
            self.search = nil
            return key == .escape ? .edited : nil
        }
        self.search = search
        return .edited
    }
}
