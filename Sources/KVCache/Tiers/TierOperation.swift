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
package struct TierOperation: Hashable, Sendable {
    /// Between what the page moves.
    package enum Kind: Hashable, Sendable {
        /// Writes the page of a host slot to the record.
        case write(slot: Int)

        /// Writes the page of a block to the record, while no step runs.
        case save(BlockID)

        /// Reads the record into a host slot. It fails unless the record is, byte for byte, what
        /// was written for this block.
        case read(slot: Int)
    }

    /// What the completion hands back.
    package var ticket: TierTicket

    /// Between what the page moves.
    package var kind: Kind

    /// The number of the record.
    package var number: Int

    /// What the record says about its block.
    package var record: TierRecord

    /// Describes work.
    package init(ticket: TierTicket, kind: Kind, number: Int, record: TierRecord) {
        self.ticket = ticket
        self.kind = kind
        self.number = number
        self.record = record
    }
}

/// The end of an operation of the file tier.
package struct TierCompletion: Hashable, Sendable {
    /// The ticket of what was to be done.
    package var ticket: TierTicket

    /// Whether it was done. A failed read has left nothing of use in its slot, a failed write
    /// nothing in its record.
    package var succeeded: Bool

    /// The end of an operation.
    package init(_ operation: TierOperation, succeeded: Bool) {
        ticket = operation.ticket
        self.succeeded = succeeded
    }
}
