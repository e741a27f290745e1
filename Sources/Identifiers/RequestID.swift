/// The number of a request, unique for the life of an engine.
@frozen
public struct RequestID: RawRepresentable, Hashable, Comparable, Sendable, Codable {
    /// A number that grows with each submitted request.
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

    /// Orders requests by submission.
    @inlinable
    public static func < (left: RequestID, right: RequestID) -> Bool {
        left.rawValue < right.rawValue
    }
}

extension RequestID: CustomStringConvertible {
    /// The number as decimal digits.
    public var description: String { String(rawValue) }
}
