/// Sequences in buffers of the longest length, and the same sequences in blocks.
package struct FullLengthBuffers: Hashable, Sendable {
    /// Tokens of each sequence, at most `maxLength`.
    package let lengths: [Int]
    /// Tokens that are set aside for each of them.
    package let maxLength: Int
    /// Buffers that are set aside, taken or not.
    package let buffers: Int

    /// Sequences in `buffers` buffers, one for each where nothing else is said.
    ///
    /// - Precondition: there is a buffer for every sequence, and every sequence fits into it.
    package init(lengths: [Int], maxLength: Int, buffers: Int? = nil) {
        precondition(maxLength >= 1, "buffers of no token")
        precondition(
            lengths.allSatisfy { (0...maxLength).contains($0) }, "a sequence beyond its buffer")
        self.lengths = lengths
        self.maxLength = maxLength
        self.buffers = buffers ?? lengths.count
        precondition(self.buffers >= lengths.count, "more sequences than buffers")
    }

    /// Tokens that are held.
    package var used: Int { lengths.reduce(0, +) }
    /// Tokens that are set aside.
    package var allocated: Int { buffers * maxLength }
    /// Tokens that are set aside and hold nothing.
    package var wasted: Int { allocated - used }
    /// The share of what is set aside that holds tokens.
    package var utilization: Double { allocated == 0 ? 0 : Double(used) / Double(allocated) }
    /// The share that holds nothing.
    package var waste: Double { allocated == 0 ? 0 : Double(wasted) / Double(allocated) }

    /// The same sequences in blocks.
    package struct Paged: Hashable, Sendable {
        /// Tokens of a block.
        package let blockSize: Int
        /// Blocks of all sequences.
        package let blocks: Int
        /// Tokens that these blocks have room for.
        package let slots: Int
        /// The share of that room that holds nothing.
        package let waste: Double
    }

    /// The same sequences in blocks of `blockSize` tokens.
    package func paged(blockSize: Int) -> Paged {
        precondition(blockSize >= 1, "blocks of no token")
        let blocks = lengths.reduce(0) { $0 + ($1 + blockSize - 1) / blockSize }
        let slots = blocks * blockSize
        return Paged(
            blockSize: blockSize, blocks: blocks, slots: slots,
            waste: slots == 0 ? 0 : Double(slots - used) / Double(slots))
    }
}
