/// A whole page that the executor moves before the step's first write.
///
/// Transfers are done in the order in which they are given: a block may be stored first, then
/// loaded or copied over, then written by the step.
package enum BlockTransfer: Hashable, Sendable {
    /// Copies a block's page to another block, which will then be written: copy-on-write.
    case copy(from: BlockID, to: BlockID)

    /// Copies a block's page to a slot of the host tier.
    case store(BlockID, slot: Int)

    /// Copies a slot of the host tier to a block's page.
    case load(slot: Int, into: BlockID)
}
