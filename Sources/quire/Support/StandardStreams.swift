import Foundation

/// Text to and from the process's streams.
enum StandardStreams {
    /// Writes text to stdout at once, without a line end.
    static func write(_ text: String) {
        guard !text.isEmpty else { return }
        FileHandle.standardOutput.write(Data(text.utf8))
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
        String(decoding: try Data(contentsOf: URL(fileURLWithPath: file)), as: UTF8.self)
    }
}
