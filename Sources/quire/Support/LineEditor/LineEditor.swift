import Foundation

#if canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#else
    import Darwin
#endif

/// Reads prompts from a person: `PromptMachine` between a terminal and the process's signals.
///
/// Where stdin or stdout is no terminal, or one that cannot move its cursor (TERM=dumb), lines are
/// read as they come.
struct LineEditor {
    private static let ending = [SIGINT, SIGTERM, SIGHUP, SIGQUIT]

    private let historyFile: HistoryFile?
    private let isComplete: (String) -> Bool
    private var machine: PromptMachine
    private var stop = Stop.none

    /// Where the prompt is between a stop of the process and its going on.
    private enum Stop {
        case none
        /// The terminal was given back: SIGCONT will say that the process goes on.
        case suspended
        /// SIGCONT did not come in time, as in a process group without a shell to continue it.
        case takenBack
    }

    /// - Parameters:
    ///   - historyFile: where prompts are kept for the next time; nil to keep them nowhere.
    ///   - isComplete: whether Enter ends a text; if not, the text goes on in another line.
    init(historyFile: HistoryFile?, isComplete: @escaping (String) -> Bool = { _ in true }) {
        self.historyFile = historyFile
        self.isComplete = isComplete
        machine = PromptMachine(
            history: LineHistory(historyFile?.load() ?? []), isComplete: isComplete)
    }

    /// The next prompt, of one line or of several; nil at the end of the input.
    mutating func readLine(prompt: String) -> String? {
        guard Terminal.canBeDrawnOn, TerminalMode.enterRaw() else {
            return readPlainLine(prompt: prompt)
        }
        let watch = SignalWatch(Self.ending + [SIGTSTP, SIGCONT, SIGWINCH])
        defer {
            watch.end()
            Terminal.restore()
        }
        guard let text = edit(prompt, watch) else { return nil }
        historyFile?.append(text)
        return text
    }

    private func readPlainLine(prompt: String) -> String? {
        let isSeen = Terminal.stdinIsTerminal && Terminal.stdoutIsTerminal
        if isSeen { StandardStreams.write(prompt) }
        guard var text = Swift.readLine() else { return nil }
        while !isComplete(text) {
            if isSeen { StandardStreams.write(PromptMachine.continuation) }
            guard let more = Swift.readLine() else { break }
            text += "\n" + more
        }
        return text
    }

    private mutating func edit(_ prompt: String, _ watch: SignalWatch) -> String? {
        machine.begin(prompt: prompt, size: Terminal.size)
        var isPasting = false
        while true {
            switch machine.advance() {
            case .accepted(let text):
                StandardStreams.write(machine.take())
                return text
            case .ended:
                StandardStreams.write(machine.take())
                return nil
            case .suspended:
                suspend(watch)
                continue
            case nil: break
            }
            if !isPasting, stop != .suspended { StandardStreams.write(machine.draw()) }
            switch TerminalEvents.shared.next(within: patience(isPasting)) {
            case .bytes(let bytes):
                machine.feed(bytes)
                isPasting = bytes.count >= LineEditorLimits.typedBytes
            case .end: return nil
            case .signal(let number): obey(number, prompt, watch)
            case nil where stop == .suspended:
                takeBack(prompt, watch)
                stop = .takenBack
            case nil:
                machine.flush()
                isPasting = false
            }
        }
    }

    private func patience(_ isPasting: Bool) -> Duration? {
        if stop == .suspended { return LineEditorLimits.stopTime }
        if machine.holdsEscape { return LineEditorLimits.escapeTime }
        return isPasting ? LineEditorLimits.drainTime : nil
    }

    private mutating func obey(_ number: Int32, _ prompt: String, _ watch: SignalWatch) {
        switch number {
        case SIGWINCH where stop != .suspended:
            StandardStreams.write(machine.resize(to: Terminal.size))
        case SIGWINCH: break
        case SIGTSTP: suspend(watch)
        case SIGCONT where stop == .takenBack:
            _ = TerminalMode.enterRaw()
            stop = .none
        case SIGCONT:
            takeBack(prompt, watch)
            stop = .none
        default:
            // A terminal that has hung up takes no more text.
            if number != SIGHUP { StandardStreams.write(machine.leave()) }
            Terminal.restore()
            watch.endProcess(by: number)
        }
    }

    /// Stops the process and its group, as Ctrl-Z does outside of the prompt.
    private mutating func suspend(_ watch: SignalWatch) {
        StandardStreams.write(machine.leave())
        Terminal.restore()
        watch.stopGroup()
        stop = .suspended
    }

    private mutating func takeBack(_ prompt: String, _ watch: SignalWatch) {
        watch.resume()
        _ = TerminalMode.enterRaw()
        machine.begin(prompt: prompt, size: Terminal.size)
    }
}
