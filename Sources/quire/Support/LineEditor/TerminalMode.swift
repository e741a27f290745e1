import Foundation
import Synchronization

#if canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#else
    import Darwin
#endif

/// The terminal's settings: the one file that asks the system for them or sets them.
enum TerminalMode {
    private struct State {
        /// The settings to go back to; nil where there is nothing to do.
        var before: termios?
        var raw = termios()
    }

    private static let state = Mutex(State())

    /// Terminals mark what is pasted only where they are asked to.
    private static let markPastes = "\u{1B}[?2004h"
    private static let markNoPastes = "\u{1B}[?2004l"

    /// Puts the terminal into raw mode: keys come one by one, unseen, and Ctrl-C is a key. Whatever
    /// way the process exits, the terminal is then put back.
    ///
    /// - Returns: false when the terminal does not let itself be set.
    static func enterRaw() -> Bool {
        var settings = termios()
        guard unsafe tcgetattr(STDIN_FILENO, &settings) == 0 else { return false }
        let before = settings
        settings.c_lflag &= ~tcflag_t(ECHO | ICANON | ISIG | IEXTEN)
        settings.c_iflag &= ~tcflag_t(IXON | ICRNL)
        settings.setWaiting(true)
        let raw = settings
        let isRaw = state.withLock { state in
            state.before = state.before ?? before
            state.raw = raw
            return set(raw)
        }
        guard isRaw else { return false }
        _ = restoresAtExit
        write(markPastes)
        return true
    }

    /// Has reads in raw mode wait for a byte, or take what is there.
    ///
    /// - Returns: false outside of raw mode.
    static func setWaiting(_ waits: Bool) -> Bool {
        state.withLock { state in
            guard state.before != nil else { return false }
            state.raw.setWaiting(waits)
            return set(state.raw)
        }
    }

    /// Columns and rows of the terminal; nil where the descriptor is none.
    static func size(of descriptor: Int32) -> (columns: Int, rows: Int)? {
        var size = winsize()
        guard unsafe ioctl(descriptor, UInt(TIOCGWINSZ), &size) == 0 else { return nil }
        return (Int(size.ws_col), Int(size.ws_row))
    }

    private static let restoresAtExit: Void = {
        atexit { Terminal.restore() }
    }()

    /// At once: waiting until everything is written could take for ever on a stopped terminal.
    private static func set(_ settings: termios) -> Bool {
        var settings = settings
        return unsafe tcsetattr(STDIN_FILENO, TCSANOW, &settings) == 0
    }

    fileprivate static func leaveRaw() {
        // Under the lock, so that no other thread sets raw mode again afterwards.
        let isRaw = state.withLock { state in
            guard let before = state.before else { return false }
            state.before = nil
            return set(before)
        }
        if isRaw { write(markNoPastes) }
    }

    /// A terminal that is gone is no reason to fail.
    private static func write(_ text: String) {
        try? FileHandle.standardOutput.write(contentsOf: Data(text.utf8))
    }
}

extension Terminal {
    /// Puts the terminal back as it was before the prompt took it; does nothing where it has not.
    ///
    /// From any thread, and as often as wanted: for code that is about to end the process.
    static func restore() {
        TerminalMode.leaveRaw()
    }
}

extension termios {
    /// Has a read wait for a byte where none is there, or return at once (VMIN; VTIME is none).
    fileprivate mutating func setWaiting(_ waits: Bool) {
        // The array of the C header is a tuple here.
        #if os(Linux)
            (c_cc.6, c_cc.5) = (waits ? 1 : 0, 0)
        #else
            (c_cc.16, c_cc.17) = (waits ? 1 : 0, 0)
        #endif
    }
}
