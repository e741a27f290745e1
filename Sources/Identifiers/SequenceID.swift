/// The number of a sequence in a scheduler, unique for the life of an engine.
///
/// A request is one sequence while its prompt is computed, and as many as it has answers, or
/// beams, afterwards.
@frozen
public struct SequenceID: RawRepresentable, Hashable, Comparable, Sendable, Codable {
    /// A number that grows with each sequence.
    public let rawValue: UInt64

    /// Wraps a number.
    @inlinable
    public init(rawValue: UInt64) {
        self.rawValue = rawValue
    }

    /// Wraps a number.
    @inlinable
    public init(_ rawValue: UInt64) {
        self.rawValue = rawValue
    }

    /// Orders sequences by their beginning.
    @inlinable
    public static func < (left: SequenceID, right: SequenceID) -> Bool {
        left.rawValue < right.rawValue
    }
}

extension SequenceID: CustomStringConvertible {
    /// The number as decimal digits.
    public var description: String { String(rawValue) }
}
