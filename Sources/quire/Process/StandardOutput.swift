import Foundation
import Synchronization

#if canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#else
    import Darwin
#endif

/// Writes a line to stdout, without what could command a terminal.
///
/// It stands before the language's own `print` in this module, which loses what cannot be written
/// without a word.
func print(_ text: String = "", terminator: String = "\n") {
    StandardOutput.append(Terminal.withoutCommands(text) + terminator)
}

/// The one way to stdout. What cannot be written ends the process with a message and status 1.
enum StandardOutput {
    /// Bytes that wait at most: some hundred lines.
    private static let bufferSize = 1 << 16

    private static let pending = Mutex<[UInt8]>([])

    /// Writes text: at once on a terminal, elsewhere in larger pieces.
    static func append(_ text: String) {
        let isDue = pending.withLock { pending in
            pending += Array(text.utf8)
            return pending.count >= bufferSize
        }
        if isDue || Terminal.stdoutIsTerminal { flush() }
    }

    /// Writes what waits.
    static func flush() {
        let bytes = pending.withLock { pending in
            defer { pending = [] }
            return pending
        }
        guard !bytes.isEmpty else { return }
        do {
            try FileHandle.standardOutput.write(contentsOf: Data(bytes))
        } catch {
            fail(error)
        }
    }

    /// Has everything written and checked when the process exits, in whatever way it does: the
    /// parser of the arguments prints its help by itself.
    static func checkAtExit() {
        atexit {
            StandardOutput.flush()
            guard fflush(nil) != 0 else { return }
            StandardOutput.fail(NSError(domain: NSPOSIXErrorDomain, code: Int(errno)))
        }
    }

    private static func fail(_ error: any Error) -> Never {
        // Nothing more can be written to stdout, and an answer that has no reader need not be
        // computed. A closed pipe is the quiet end of every filter.
        let cause = StandardStreams.cause(of: error)
        if cause.domain != NSPOSIXErrorDomain || cause.code != Int(EPIPE) {
            Terminal.note("error: stdout cannot be written: \(StandardStreams.reason(of: error))")
        }
        // Not `exit`, which would come here again.
        _exit(1)
    }
}
