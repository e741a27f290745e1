/// The number of a block of the KV arena.
///
/// Block `b` is page `b` of the arena. 32 bits keep a block table small: a table
/// entry is read once per key tile by the attention kernel.
@frozen
public struct BlockID: RawRepresentable, Hashable, Comparable, Sendable {
    /// The index into the arena, in blocks.
    public let rawValue: UInt32

    /// Wraps an index into the arena.
    @inlinable
    public init(rawValue: UInt32) {
        self.rawValue = rawValue
    }

    /// Wraps an index into the arena.
    @inlinable
    public init(_ rawValue: UInt32) {
        self.rawValue = rawValue
    }

    /// The null block: stands in a table where no block is needed (any more).
    ///
    /// It is never allocated, never written and never read, so its page costs address space only.
    public static let null = BlockID(0)

    /// Orders blocks by their place in the arena.
    @inlinable
    public static func < (left: BlockID, right: BlockID) -> Bool {
        left.rawValue < right.rawValue
    }

    var index: Int { Int(rawValue) }
}

extension BlockID: CustomStringConvertible {
    /// The index as decimal digits.
    public var description: String { String(rawValue) }
}

extension BlockID: ExpressibleByIntegerLiteral {
    /// Wraps a literal index.
    @inlinable
    public init(integerLiteral value: UInt32) {
        self.init(value)
    }
}
