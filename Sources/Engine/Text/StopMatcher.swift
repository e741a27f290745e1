/// Cuts a stream of text before the first stop string, and holds back what may become one.
///
/// Only as much is held back as could still be the beginning of a stop string, so a stream without
/// any is never delayed. What it decides does not depend on how the text is cut into pieces: the
/// stop string that *ends* first wins, the longest of those that end together.
///
/// Works on UTF-8 bytes: `String` would compare by canonical equivalence, and a stop string would
/// match text that the model did not write.
package struct StopMatcher {
    private let stops: [[UInt8]]
    private let included: Bool
    private var held: [UInt8] = []

    /// A matcher.
    ///
    /// - Parameters:
    ///   - stops: the stop strings, none of them empty.
    ///   - included: whether the stop string is part of the text.
    package init(_ stops: [String], included: Bool = false) {
        self.stops = stops.map { Array($0.utf8) }
        self.included = included
    }

    /// Takes the next piece: the text that is certain now, and the stop string if one is complete.
    /// After a stop string nothing more must come.
    ///
    /// - Parameter mayStop: whether a stop string may end with this piece; one that ends with a
    ///   piece where it may not is text.
    /// - Complexity: O(bytes of the piece x bytes of the stop strings).
    package mutating func append(
        _ piece: String, mayStop: Bool = true
    ) -> (text: String, stop: String?) {
        guard !stops.isEmpty else { return (text: piece, stop: nil) }
        for byte in piece.utf8 {
            held.append(byte)
            if mayStop, let stop = longestStopAtEnd() {
                let kept = held.dropLast(included ? 0 : stop.count)
                let text = String(decoding: kept, as: UTF8.self)
                held.removeAll()
                return (text: text, stop: String(decoding: stop, as: UTF8.self))
            }
        }
        let keep = longestBeginningAtEnd()
        let text = String(decoding: held.dropLast(keep), as: UTF8.self)
        held.removeFirst(held.count - keep)
        return (text: text, stop: nil)
    }

    /// The end of the stream: what was held back is text after all.
    package mutating func finish() -> String {
        defer { held.removeAll() }
        return String(decoding: held, as: UTF8.self)
    }

    private func longestStopAtEnd() -> [UInt8]? {
        stops.filter { held.count >= $0.count && held.suffix($0.count).elementsEqual($0) }
            .max { $0.count < $1.count }
    }

    /// How many of the last bytes are a beginning of some stop string.
    private func longestBeginningAtEnd() -> Int {
        var longest = 0
        for stop in stops {
            var length = min(stop.count - 1, held.count)
            while length > longest, !held.suffix(length).elementsEqual(stop.prefix(length)) {
                length -= 1
            }
            longest = max(longest, length)
        }
        return longest
    }
}
