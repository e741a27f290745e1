import Foundation
import Tensors

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
        StandardOutput.append(text)
        StandardOutput.flush()
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

    /// All of stdin, as text.
    ///
    /// - Parameter lossy: whether bytes that are not UTF-8 are replaced; nil where the command has
    ///   no such option.
    /// - Throws: when it cannot be read or is not UTF-8.
    static func readAll(lossy: Bool? = nil) throws -> String {
        let data: Data
        do {
            data = try FileHandle.standardInput.readToEnd() ?? Data()
        } catch {
            let reason = stdinIsOpen ? reason(of: error) : "it is closed"
            throw UnreadableFile(path: "stdin", reason: reason)
        }
        return try TextInput.text(Array(data), of: "stdin", lossy: lossy)
    }

    /// All of a file, as text.
    ///
    /// - Parameter lossy: whether bytes that are not UTF-8 are replaced; nil where the command has
    ///   no such option.
    /// - Throws: when it cannot be read or is not UTF-8.
    static func read(file: String, lossy: Bool? = nil) throws -> String {
        try TextInput.text(try bytes(file: file), of: file, lossy: lossy)
    }

    /// All of a file.
    ///
    /// - Throws: when it cannot be read.
    static func bytes(file: String) throws -> [UInt8] {
        let handle = try open(file)
        do {
            return Array(try handle.readToEnd() ?? Data())
        } catch {
            throw UnreadableFile(path: file, reason: reason(of: error))
        }
    }

    /// Opens a file to read it.
    ///
    /// - Throws: `UnreadableFile`.
    static func open(_ file: String) throws -> FileHandle {
        let descriptor = FileName.open(file, O_RDONLY | O_CLOEXEC)
        guard descriptor >= 0 else {
            throw UnreadableFile(
                path: file,
                reason: reason(of: NSError(domain: NSPOSIXErrorDomain, code: Int(errno))))
        }
        return FileHandle(fileDescriptor: descriptor, closeOnDealloc: true)
    }

    /// The system's own error, where Foundation wrapped it.
    static func cause(of error: any Error) -> NSError {
        let error = error as NSError
        return error.userInfo[NSUnderlyingErrorKey] as? NSError ?? error
    }

    /// The error in the system's own words.
    static func reason(of error: any Error) -> String {
        let cause = cause(of: error)
        return cause.localizedFailureReason ?? cause.localizedDescription
    }
}

extension StandardStreams {
    /// Whether there was a stdin when the process began.
    static let stdinIsOpen = isOpen(STDIN_FILENO)

    /// Puts something that can be neither read nor written where a standard stream was closed:
    /// the next file that is opened would take its number, and what is meant for the stream.
    static func fillGaps() {
        _ = stdinIsOpen
        _ = gaps
    }

    private static let gaps: [FileHandle] = {
        // The lowest free number is the one given.
        let fillers: [(Int32, (String) -> FileHandle?)] = [
            (STDIN_FILENO, { FileHandle(forWritingAtPath: $0) }),
            (STDOUT_FILENO, { FileHandle(forReadingAtPath: $0) }),
            (STDERR_FILENO, { FileHandle(forWritingAtPath: $0) }),
        ]
        return fillers.compactMap { number, open in isOpen(number) ? nil : open("/dev/null") }
    }()

    private static func isOpen(_ descriptor: Int32) -> Bool { fcntl(descriptor, F_GETFD) != -1 }
}

/// An input file that cannot be read.
struct UnreadableFile: Error, CustomStringConvertible {
    let path: String
    let reason: String

    var description: String { "\(Terminal.plain(path)) cannot be read: \(reason)" }
}
