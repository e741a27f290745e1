import Conversation
import Foundation

/// A batch's input: requests, one a line.
struct BatchInput {
    private let path: String

    /// An input.
    init(path: String) { self.path = path }

    /// Reads all lines, before anything is done, and compares them with results of an earlier run.
    ///
    /// - Parameters:
    ///   - finished: the fingerprints of the lines that have results.
    ///   - model: the name of the model that answers.
    /// - Returns: how many lines have requests.
    /// - Throws: when the file cannot be read, or results are of another input.
    func check(against finished: [Int: UInt64], model: String) throws -> Int {
        let remedy = "give another --output, or take the old one away"
        var requests = 0
        var seen = 0
        var lines = try open()
        while let line = try next(&lines) {
            requests += 1
            guard let fingerprint = finished[line.number] else { continue }
            seen += 1
            guard BatchID(line, model: model).fingerprint == fingerprint else {
                throw BatchError(
                    "the results are of another input or another model: line \(line.number) of "
                        + "\(path) is not what was answered; \(remedy)")
            }
        }
        guard seen == finished.count else {
            throw BatchError(
                "the results are of another input: it had lines that \(path) has not; \(remedy)")
        }
        return requests
    }

    /// A reader from the first line on.
    ///
    /// - Throws: when the file cannot be read, or only once, as a pipe can.
    func open() throws -> LineReader {
        let handle = try StandardStreams.open(path)
        do {
            try handle.seek(toOffset: 0)
        } catch {
            throw BatchError(
                "\(path) is a stream, and a batch reads its input twice: write it to a file first")
        }
        return LineReader(handle, maxBytes: LineReader.maxRequestBytes)
    }

    /// The next line with something on it.
    func next(_ lines: inout LineReader) throws -> LineReader.Line? {
        do {
            return try lines.nextFilled()
        } catch {
            throw UnreadableFile(path: path, reason: StandardStreams.reason(of: error))
        }
    }
}

extension BatchID {
    /// The id of a line that a model is to answer.
    init(_ line: LineReader.Line, model: String) {
        self.init(line: line.number, fingerprint: line.fingerprint, model: model)
    }
}
