import Foundation
import Tensors

#if canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#else
    import Darwin
#endif

/// What is known of the terminal.
enum Terminal {
    /// Whether stdin is a terminal.
    static var stdinIsTerminal: Bool { isatty(STDIN_FILENO) == 1 }
    /// Whether stdout is a terminal.
    static var stdoutIsTerminal: Bool { isatty(STDOUT_FILENO) == 1 }
    /// Whether stderr is a terminal: only then is progress drawn.
    static var stderrIsTerminal: Bool { isatty(STDERR_FILENO) == 1 }

    /// Whether lines can be edited: on terminals that can move their cursor.
    static var canBeDrawnOn: Bool {
        let kind = ProcessInfo.processInfo.environment["TERM"] ?? ""
        return stdinIsTerminal && stdoutIsTerminal && !kind.isEmpty && kind != "dumb"
    }

    /// Columns and rows of the terminal on stdout.
    static var size: TerminalSize { size(of: STDOUT_FILENO) }

    /// Columns for progress on stderr.
    static var width: Int { min(max(size(of: STDERR_FILENO).columns, 20), 400) }

    private static func size(of descriptor: Int32) -> TerminalSize {
        TerminalSize(
            terminal: TerminalMode.size(of: descriptor),
            environment: ProcessInfo.processInfo.environment)
    }

    /// Text that a file brought, on one line and without what could command a terminal.
    static func plain(_ text: String) -> String { PlainText.line(text) }

    /// Text of ours, which may hold what a file or a server said: of what could command a terminal
    /// it keeps line ends and tabs.
    static func withoutCommands(_ text: String) -> String { PlainText.lines(text) }

    /// Writes a line to stderr, without what could command a terminal.
    static func note(_ message: String) {
        write(withoutCommands(message) + "\n")
    }

    /// Writes to stderr as it is. A stderr that is gone is no reason to fail.
    static func write(_ text: String) {
        try? FileHandle.standardError.write(contentsOf: Data(text.utf8))
    }
}
