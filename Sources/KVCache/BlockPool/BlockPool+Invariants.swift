extension BlockPool {
    /// Traps unless every block but the null block is either free and unheld or used and held.
    ///
    /// - Complexity: O(`blockCount`): for tests.
    package func checkInvariants() {
        free.checkInvariants()
        precondition(referenceCounts[0] == 0, "the null block is held")
        precondition(!free.contains(.null), "the null block is free")
        for index in 1..<UInt32(blockCount) {
            let isFree = free.contains(BlockID(index))
            precondition(
                isFree == (referenceCounts[Int(index)] == 0),
                "block \(index) is \(isFree ? "free" : "used") "
                    + "with \(referenceCounts[Int(index)]) holders")
        }
        precondition(freeCount + usedCount + 1 == blockCount, "a block is lost")
    }
}
