/// Blocks that several sequences hold with and without sharing, summed over steps.
package struct SharingSavings: Hashable, Sendable {
    /// Block-steps where every sequence has blocks of its own.
    package var unshared = 0
    /// Block-steps where equal tokens lie in one block.
    package var shared = 0

    /// None yet.
    package init() {}

    /// The share of the blocks that sharing saves; 0 where there are none.
    package var saved: Double {
        unshared == 0 ? 0 : Double(unshared - shared) / Double(unshared)
    }

    /// Adds what another has counted.
    package static func += (left: inout SharingSavings, right: SharingSavings) {
        left.unshared += right.unshared
        left.shared += right.shared
    }
}
