package import QuireIdentifiers

/// What a record of the file tier says about its block.
package struct TierRecord: Hashable, Sendable {
    /// The block's key.
    package var key: BlockKey

    /// The number of the block's prefix within the file, from 1; equal for its blocks in all
    /// groups, and for no other prefix.
    package var serial: UInt64

    /// The number of the prefix that the block's tokens follow; 0 if they start a sequence.
    package var parent: UInt64

    /// The cache group.
    package var group: Int

    /// What the block may be shared within.
    package var scope: PrefixScope

    /// The block's tokens.
    package var tokens: [TokenID]

    /// Describes a block.
    package init(
        key: BlockKey, serial: UInt64, parent: UInt64, group: Int, scope: PrefixScope,
        tokens: [TokenID]
    ) {
        self.key = key
        self.serial = serial
        self.parent = parent
        self.group = group
        self.scope = scope
        self.tokens = tokens
    }
}

/// Work for the file tier, which is done beside the steps.
package enum TierOperation: Hashable, Sendable {
    /// Writes the page of a host slot to a record.
    case write(slot: Int, record: Int, TierRecord)

    /// Writes the page of a block to a record, while no step runs.
    case save(BlockID, record: Int, TierRecord)

    /// Reads a record into a host slot. It fails unless the record is, byte for byte, what was
    /// written for this block.
    case read(record: Int, TierRecord, slot: Int)
}

/// The end of an operation of the file tier.
package struct TierCompletion: Hashable, Sendable {
    /// What was to be done.
    package var operation: TierOperation

    /// Whether it was done. A failed read has left nothing of use in its slot, a failed write
    /// nothing in its record.
    package var succeeded: Bool

    /// The end of an operation.
    package init(_ operation: TierOperation, succeeded: Bool) {
        self.operation = operation
        self.succeeded = succeeded
    }
}
