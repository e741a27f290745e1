import QuireJSON

/// Members with a range, which the message names together with the value.
extension MemberReader {
    /// An integer of a range.
    package mutating func integer(
        _ name: String, in range: ClosedRange<Int>
    ) throws(RequestError) -> Int? {
        let value = try integer(name)
        guard let value, !range.contains(value) else { return value }
        let bounds =
            range.upperBound == .max
            ? "at least \(range.lowerBound)"
            : "between \(range.lowerBound) and \(range.upperBound)"
        throw wrong(name, "is \(value); it must be \(bounds)")
    }

    /// An integer with a least value.
    package mutating func integer(_ name: String, from least: Int) throws(RequestError) -> Int? {
        try integer(name, in: least...(.max))
    }

    /// A number of a range.
    package mutating func double(
        _ name: String, in range: ClosedRange<Double>
    ) throws(RequestError) -> Double? {
        let value = try double(name)
        guard let value, !range.contains(value) else { return value }
        throw wrong(
            name, "is \(value); it must be between \(range.lowerBound) and \(range.upperBound)")
    }

    /// A number above 0.
    package mutating func double(
        _ name: String, above0AndAtMost most: Double
    ) throws(RequestError) -> Double? {
        let value = try double(name)
        guard let value, value <= 0 || value > most else { return value }
        let bounds = most.isFinite ? "above 0 and at most \(most)" : "above 0"
        throw wrong(name, "is \(value); it must be \(bounds)")
    }

    /// One of a few words.
    package mutating func word<Word: RawRepresentable & CaseIterable>(
        _ name: String, as type: Word.Type
    ) throws(RequestError) -> Word? where Word.RawValue == String {
        let words = Word.allCases.map(\.rawValue).joined(separator: ", ")
        return try read(name, "one of \(words)") { $0.string.flatMap { Word(rawValue: $0) } }
    }

    /// A string with a bounded number of bytes, at least 1.
    package mutating func string(
        _ name: String, maxBytes: Int
    ) throws(RequestError) -> String? {
        let text = try string(name)
        guard let text, !(1...maxBytes ~= text.utf8.count) else { return text }
        throw wrong(name, "must have 1 to \(maxBytes) bytes")
    }

    /// Texts that end an answer, or that it must not have: a string or a list.
    mutating func texts(
        _ name: String, maxCount: Int, maxBytes: Int
    ) throws(RequestError) -> [String]? {
        guard let texts = try strings(name) else { return nil }
        guard texts.count <= maxCount else {
            throw wrong(name, "has \(texts.count) strings; it must have at most \(maxCount)")
        }
        guard texts.allSatisfy({ 1...maxBytes ~= $0.utf8.count }) else {
            throw wrong(name, "must have strings of 1 to \(maxBytes) bytes")
        }
        return texts
    }
}
