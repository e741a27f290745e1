import Foundation

/// A batch's input: requests, one a line.
struct BatchInput {
    /// Bytes of a line at most: a request of some hundred thousand tokens.
    static let maxLineBytes = 16 << 20

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
    func open() throws -> LineReader {
        do {
            let handle = try FileHandle(forReadingFrom: URL(fileURLWithPath: path))
            return LineReader(handle, maxBytes: Self.maxLineBytes)
        } catch {
            throw UnreadableFile(path: path, reason: StandardStreams.reason(of: error))
        }
    }

    /// The next line with something on it.
    func next(_ lines: inout LineReader) throws -> LineReader.Line? {
        do {
            while let line = try lines.next() {
                if !line.isBlank { return line }
            }
            return nil
        } catch {
            throw UnreadableFile(path: path, reason: StandardStreams.reason(of: error))
        }
    }
}
