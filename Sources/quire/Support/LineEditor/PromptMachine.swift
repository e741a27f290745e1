/// The prompt as a machine: bytes of a terminal go in, text for the terminal and finished lines
/// come out. It calls nothing of the system's.
struct PromptMachine {
    /// What the caller has to do next.
    enum Outcome: Hashable {
        case accepted(String)
        case ended
        case suspended
    }

    /// What stands before the second line of a text and those after it.
    static let continuation = ". "

    private var prompt = ""
    private var size = TerminalSize(columns: 80, rows: 24)
    private var editing: LineEditing
    private var decoder = KeyDecoder()
    private var unread: ArraySlice<UInt8> = []
    private var painter: ScreenPainter
    private var output = ""

    /// A machine that has nothing to do before `begin`.
    ///
    /// - Parameters:
    ///   - history: the lines that Up and Ctrl-R find.
    ///   - isComplete: whether Enter ends a text; if not, it puts a line break into it.
    init(
        history: LineHistory = LineHistory(),
        isComplete: @escaping (String) -> Bool = { _ in true }
    ) {
        editing = LineEditing(history: history, isComplete: isComplete)
        painter = ScreenPainter(width: size.columns)
    }

    /// Whether the last byte was ESC, which `flush` takes for the Escape key.
    var holdsEscape: Bool { decoder.holdsEscape }

    /// What the terminal shows once everything is drawn.
    var shown: ScreenPicture {
        picture(editing.search?.prompt ?? prompt, editing.shown)
    }

    /// Begins in the terminal's row: with the next line, or again with this one after other
    /// programs have written to the terminal.
    mutating func begin(prompt: String, size: TerminalSize) {
        self.prompt = prompt
        self.size = size
        painter = ScreenPainter(width: size.columns)
        output += "\r\u{1B}[J"
    }

    /// Takes bytes in.
    mutating func feed(_ bytes: [UInt8]) {
        unread += bytes
    }

    /// Does what the bytes say, up to a key that needs the caller; nil when none is left.
    mutating func advance() -> Outcome? {
        while let byte = unread.popFirst() {
            if let key = decoder.feed(byte), let outcome = apply(key) { return outcome }
        }
        return nil
    }

    /// Takes an ESC that nothing has followed for the Escape key.
    mutating func flush() {
        if let key = decoder.flush() { _ = apply(key) }
    }

    /// What is to be written so that the terminal shows the line as it is now; called when no more
    /// bytes are waiting, so that a paste is drawn once.
    mutating func draw() -> String {
        output += painter.paint(shown)
        return take()
    }

    /// What was to be written up to an outcome.
    mutating func take() -> String {
        defer { output = "" }
        return output
    }

    /// Draws for a terminal of another size, which has wrapped what it shows again.
    mutating func resize(to size: TerminalSize) -> String {
        if size != self.size {
            self.size = size
            output += painter.erase(atWidth: size.columns)
            painter = ScreenPainter(width: size.columns)
        }
        return draw()
    }

    /// What is to be written before other programs write: the cursor goes below the line.
    mutating func leave() -> String {
        finish(editing.shown.text, "")
        return take()
    }

    private mutating func apply(_ key: Key) -> Outcome? {
        switch editing.apply(key) {
        case .edited: return nil
        case .refused: output += "\u{7}"
        case .cleared:
            output += "\u{1B}[H\u{1B}[2J"
            painter = ScreenPainter(width: size.columns)
        case .dropped(let text): finish(text, "^C")
        case .accepted(let text):
            finish(text, "")
            return .accepted(text)
        case .ended:
            finish("", "")
            return .ended
        case .suspended: return .suspended
        }
        return nil
    }

    /// Leaves a line on the screen as it is and goes below it.
    private mutating func finish(_ text: String, _ mark: String) {
        output += painter.paint(picture(prompt, EditedLine(text))) + mark + "\r\n"
        painter = ScreenPainter(width: size.columns)
    }

    private func picture(_ prompt: String, _ line: EditedLine) -> ScreenPicture {
        let whole = ScreenPicture(
            prompt: prompt, continuation: Self.continuation, line: line, width: size.columns)
        return whole.window(height: size.rows)
    }
}
