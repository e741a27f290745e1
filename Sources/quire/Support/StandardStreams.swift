import Foundation

#if canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#else
    import Darwin
#endif

/// Text to and from the process's streams.
enum StandardStreams {
    /// Writes text to stdout at once, without a line end; ends the process where that fails.
    static func write(_ text: String) {
        guard !text.isEmpty else { return }
        do {
            try FileHandle.standardOutput.write(contentsOf: Data(text.utf8))
        } catch {
            // Nobody can be told anything on stdout any more, and an answer that nobody gets need
            // not be computed. A reader that went away is the quiet end of every filter.
            let cause = cause(of: error)
            if cause.domain != NSPOSIXErrorDomain || cause.code != Int(EPIPE) {
                Terminal.note("error: stdout: \(reason(of: error))")
            }
            exit(1)
        }
    }

    /// Writes a model's text to stdout: as it is into a file or a pipe, without what could command
    /// the terminal on one.
    static func write(answer text: String) {
        guard Terminal.stdoutIsTerminal else { return write(text) }
        var safe = String.UnicodeScalarView()
        safe.append(
            contentsOf: text.unicodeScalars.filter {
                $0.properties.generalCategory != .control || $0 == "\n" || $0 == "\t"
            })
        write(String(safe))
    }

    /// Whether there is a stdin at all.
    static var stdinIsOpen: Bool { fcntl(STDIN_FILENO, F_GETFD) != -1 }

    /// All of stdin.
    ///
    /// - Throws: when it cannot be read.
    static func readAll() throws -> String {
        let data = try FileHandle.standardInput.readToEnd() ?? Data()
        return String(decoding: data, as: UTF8.self)
    }

    /// All of a file, as text; bytes that are not UTF-8 are replaced.
    ///
    /// - Throws: when it cannot be read.
    static func read(file: String) throws -> String {
        do {
            let handle = try FileHandle(forReadingFrom: URL(fileURLWithPath: file))
            return String(decoding: try handle.readToEnd() ?? Data(), as: UTF8.self)
        } catch {
            throw UnreadableFile(path: file, reason: reason(of: error))
        }
    }

    /// The system's own error, where Foundation wrapped it.
    private static func cause(of error: any Error) -> NSError {
        let error = error as NSError
        return error.userInfo[NSUnderlyingErrorKey] as? NSError ?? error
    }

    /// The error in the system's own words.
    static func reason(of error: any Error) -> String {
        let cause = cause(of: error)
        return cause.localizedFailureReason ?? cause.localizedDescription
    }
}

/// An input file that cannot be read.
struct UnreadableFile: Error, CustomStringConvertible {
    let path: String
    let reason: String

    var description: String { "\(path) cannot be read: \(reason)" }
}
