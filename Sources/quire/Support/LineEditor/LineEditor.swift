import Foundation

#if canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#else
    import Darwin
#endif

/// Reads lines from a person: arrows, history, Ctrl-A/E/U/W/K; Ctrl-C drops the line, Ctrl-D on an
/// empty line ends.
///
/// Where stdin or stdout is no terminal, lines are read as they come.
struct LineEditor {
    private var history = LineHistory()

    /// The next line; nil at the end of the input.
    mutating func readLine(prompt: String) -> String? {
        guard Terminal.stdinIsTerminal, Terminal.stdoutIsTerminal,
            let cooked = TerminalMode.enterRaw()
        else { return Swift.readLine() }
        defer { cooked.restore() }
        var line = EditedLine()
        let keys = KeyDecoder {
            (try? FileHandle.standardInput.read(upToCount: 1))?.first
        }
        while true {
            StandardStreams.write(line.drawing(prompt: prompt, width: Terminal.width))
            let key = keys.next()
            switch key {
            case .enter:
                StandardStreams.write("\r\n")
                history.append(line.text)
                return line.text
            case .endOfInput where line.characters.isEmpty:
                StandardStreams.write("\r\n")
                return nil
            case .endOfInput: _ = line.apply(.delete)
            case .interrupt:
                StandardStreams.write("^C\r\n")
                line = EditedLine()
            case .up: line = history.previous(line.text).map(EditedLine.init) ?? line
            case .down: line = history.next().map(EditedLine.init) ?? line
            default: _ = line.apply(key)
            }
        }
    }
}

/// The terminal's settings before it was put into raw mode.
struct TerminalMode {
    private let saved: termios

    /// Puts the terminal into raw mode: keys come one by one, unseen, and Ctrl-C is a key.
    ///
    /// - Returns: the settings to go back to; nil when the terminal does not say.
    static func enterRaw() -> TerminalMode? {
        var settings = termios()
        guard unsafe tcgetattr(STDIN_FILENO, &settings) == 0 else { return nil }
        let mode = TerminalMode(saved: settings)
        settings.c_lflag &= ~tcflag_t(ECHO | ICANON | ISIG | IEXTEN)
        settings.c_iflag &= ~tcflag_t(IXON | ICRNL)
        guard unsafe tcsetattr(STDIN_FILENO, TCSADRAIN, &settings) == 0 else { return nil }
        return mode
    }

    /// Goes back.
    func restore() {
        var settings = saved
        _ = unsafe tcsetattr(STDIN_FILENO, TCSADRAIN, &settings)
    }
}
