import Foundation

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
    static func plain(_ text: String) -> String {
        var safe = ""
        for scalar in text.unicodeScalars {
            switch scalar {
            case "\n": safe += "\\n"
            case "\t": safe += "\\t"
            case _
            where scalar.properties.generalCategory == .control
                || scalar.properties.generalCategory == .format:
                safe += "\\u{\(String(scalar.value, radix: 16))}"
            default: safe.unicodeScalars.append(scalar)
            }
        }
        return safe
    }

    /// Writes a line to stderr.
    static func note(_ message: String) {
        write(message + "\n")
    }

    /// Writes to stderr as it is. A stderr that is gone is no reason to fail.
    static func write(_ text: String) {
        try? FileHandle.standardError.write(contentsOf: Data(text.utf8))
    }
}
