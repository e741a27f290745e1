/// The number of a token in a model's vocabulary.
///
/// Vocabularies have a few hundred thousand entries at most; 32 bits keep token ids small.
@frozen
public struct TokenID: RawRepresentable, Hashable, Comparable, Sendable, Codable {
    /// The index into the vocabulary, from 0.
    public let rawValue: UInt32

    /// Wraps an index into the vocabulary.
    @inlinable
    public init(rawValue: UInt32) {
        self.rawValue = rawValue
    }

    /// Wraps an index into the vocabulary.
    @inlinable
    public init(_ rawValue: UInt32) {
        self.rawValue = rawValue
    }

    /// Orders ids by their index.
    @inlinable
    public static func < (left: TokenID, right: TokenID) -> Bool {
        left.rawValue < right.rawValue
    }
}

extension TokenID: ExpressibleByIntegerLiteral {
    /// Wraps a literal index.
    @inlinable
    public init(integerLiteral value: UInt32) {
        self.init(value)
    }
}

extension TokenID: CustomStringConvertible {
    /// The index as decimal digits.
    public var description: String { String(rawValue) }
}
