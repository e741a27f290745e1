import Foundation
import Synchronization
import TestSupport

#if canImport(Glibc)
    import Glibc
#else
    import Darwin
#endif

/// The command on a terminal of its own, and what a person would see there.
final class PseudoTerminal: Sendable {
    fileprivate struct Screen {
        var terminal: VirtualTerminal
        var undecoded: [UInt8] = []
        var all: [UInt8] = []
    }

    private let master: Int32
    private let slave: Int32
    private let screen: Mutex<Screen>
    /// The process at the terminal.
    let process: Process
    /// The folder that is its home.
    let home: URL

    /// Starts `quire` with arguments.
    init(
        _ arguments: [String], columns: Int = 80, rows: Int = 24, home: URL,
        environment: [String: String] = [:]
    ) throws {
        var ends: (master: Int32, slave: Int32) = (-1, -1)
        var size = winsize(
            ws_row: UInt16(rows), ws_col: UInt16(columns), ws_xpixel: 0, ws_ypixel: 0)
        guard unsafe openpty(&ends.master, &ends.slave, nil, nil, &size) == 0 else {
            throw POSIXError(.ENXIO)
        }
        _ = fcntl(ends.master, F_SETFD, FD_CLOEXEC)
        (master, slave) = ends
        screen = Mutex(Screen(terminal: VirtualTerminal(width: columns, height: rows)))
        self.home = home
        process = Process()
        process.executableURL = QuireProcess.executable
        process.arguments = arguments
        let variables = [
            "PATH": ProcessInfo.processInfo.environment["PATH"] ?? "/usr/bin:/bin",
            "HOME": home.path, "QUIRE_HOME": home.path, "TERM": "xterm",
        ]
        process.environment = variables.merging(environment) { _, given in given }
        let end = FileHandle(fileDescriptor: slave, closeOnDealloc: false)
        process.standardInput = end
        process.standardOutput = end
        process.standardError = end
        try process.run()
        // Always read, or the process could not write; until both ends are closed.
        Thread.detachNewThread { [self] in
            var buffer = [UInt8](repeating: 0, count: 4096)
            while true {
                let count = unsafe read(master, &buffer, buffer.count)
                guard count > 0 else { return }
                screen.withLock { $0.take(buffer[..<count]) }
            }
        }
    }

    /// Ends the process, if it has not ended.
    func close() {
        if process.isRunning { kill(process.processIdentifier, SIGKILL) }
        process.waitUntilExit()
        closeDescriptor(slave)
    }

    /// What is on the terminal now.
    var terminal: VirtualTerminal { screen.withLock { $0.terminal } }
    /// Everything that was written to it.
    var output: String { screen.withLock { String(decoding: $0.all, as: UTF8.self) } }
    /// Whether the terminal shows what is typed and gathers lines by itself.
    var isCooked: Bool {
        var settings = termios()
        guard unsafe tcgetattr(slave, &settings) == 0 else { return false }
        let flags = tcflag_t(ECHO | ICANON | ISIG)
        return settings.c_lflag & flags == flags && !terminal.marksPastes
    }
    /// Whether the process is stopped.
    var isStopped: Bool {
        let path = "/proc/\(process.processIdentifier)/stat"
        let status = try? String(contentsOfFile: path, encoding: .utf8)
        return status?.contains(") T ") == true
    }

    /// Presses keys.
    func type(_ text: String) throws {
        let handle = FileHandle(fileDescriptor: master, closeOnDealloc: false)
        try handle.write(contentsOf: Data(text.utf8))
    }

    /// Gives the terminal another size.
    func resize(columns: Int, rows: Int) {
        var size = winsize(
            ws_row: UInt16(rows), ws_col: UInt16(columns), ws_xpixel: 0, ws_ypixel: 0)
        screen.withLock { $0.terminal.resize(width: columns, height: rows) }
        _ = unsafe ioctl(master, UInt(TIOCSWINSZ), &size)
        // It is not the terminal of its session, so that nobody else tells it.
        send(SIGWINCH)
    }

    /// Sends a signal.
    func send(_ number: Int32) { kill(process.processIdentifier, number) }

    /// Waits until something holds; false if it does not within a minute.
    func wait(until holds: () -> Bool) -> Bool {
        for _ in 0..<6000 {
            if holds() { return true }
            Thread.sleep(forTimeInterval: 0.01)
        }
        return holds()
    }

    /// Waits until a row of the screen is this one.
    func shows(_ row: String) -> Bool {
        wait { terminal.screen.contains(row) }
    }

    /// Waits for the process's end.
    func ends() -> Bool { wait { !process.isRunning } }
}

extension PseudoTerminal.Screen {
    fileprivate mutating func take(_ data: ArraySlice<UInt8>) {
        all += data
        undecoded += data
        // A character may come in two portions.
        let end = undecoded.lastIndex { $0 < 0x80 }.map { $0 + 1 } ?? 0
        terminal.write(String(decoding: undecoded[..<end], as: UTF8.self))
        undecoded.removeFirst(end)
    }
}

/// Outside of the class, whose own function has the name.
private func closeDescriptor(_ descriptor: Int32) {
    _ = close(descriptor)
}
