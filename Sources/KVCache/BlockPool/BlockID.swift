/// The number of a block of the KV arena.
///
/// Block `b` is page `b` of the arena. 32 bits keep a block table small: a table
/// entry is read once per key tile by the attention kernel.
@frozen
package struct BlockID: RawRepresentable, Hashable, Comparable, Sendable {
    /// The index into the arena, in blocks.
    package let rawValue: UInt32

    /// Wraps an index into the arena.
    @inlinable
    package init(rawValue: UInt32) {
        self.rawValue = rawValue
    }

    /// Wraps an index into the arena.
    @inlinable
    package init(_ rawValue: UInt32) {
        self.rawValue = rawValue
    }

    /// The null block: stands in a table where no block is needed (any more).
    ///
    /// It is never allocated, never written and never read, so its page costs address space only.
    package static let null = BlockID(0)

    /// Orders blocks by their place in the arena.
    @inlinable
    package static func < (left: BlockID, right: BlockID) -> Bool {
        left.rawValue < right.rawValue
    }

    var index: Int { Int(rawValue) }
}

extension BlockID: CustomStringConvertible {
    /// The index as decimal digits.
    package var description: String { String(rawValue) }
}

extension BlockID: ExpressibleByIntegerLiteral {
    /// Wraps a literal index.
    @inlinable
    package init(integerLiteral value: UInt32) {
        self.init(value)
    }
}
