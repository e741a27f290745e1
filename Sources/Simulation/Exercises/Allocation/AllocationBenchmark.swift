import KVCache

/// Exercise 6: what it costs to get memory for a sequence, measured here and now.
package struct AllocationBenchmark: Hashable, Sendable {
    /// Lengths that are measured, in tokens.
    package var lengths = [256, 512, 1024, 2048, 4096]
    /// 16-bit elements of a token's key, and of its value: one head of one layer.
    package var hiddenSize = 128
    /// Times that each way is measured.
    package var iterations = 20
    /// Times that growing by copies is measured, which takes long.
    package var growIterations = 1
    /// Tokens of a block of the pool.
    package var blockSize = 16
    /// Requests of which the total is told.
    package var requests = 1000

    /// The lesson's settings: its lengths, and a width that takes a second or two.
    package init() {}

    /// What one length took.
    package struct Row: Hashable, Sendable {
        /// Tokens of the sequence.
        package let length: Int
        /// Seconds of each allocation of cleared buffers.
        package let allocate: [Double]
        /// Seconds of each allocation from the pool.
        package let pool: [Double]
        /// Seconds of each growth by copies.
        package let grow: [Double]
        /// Tokens that one growth copies.
        package let tokenCopies: Int
        /// Blocks that the pool hands out.
        package let blocks: Int
    }

    /// Measures all lengths.
    ///
    /// - Complexity: O(longest² x width) for growing by copies.
    package func run() -> [Row] {
        lengths.map { length in
            Row(
                length: length,
                allocate: benchmarkAllocation(
                    iterations: iterations, sequenceLength: length, hiddenSize: hiddenSize),
                pool: benchmarkPool(iterations: iterations, sequenceLength: length),
                grow: (0..<growIterations).map { _ in
                    Self.seconds {
                        let grown = GrowByCopy.run(tokens: length, width: 2 * hiddenSize)
                        precondition(
                            grown.copies == GrowByCopy.tokenCopies(tokens: length)
                                && grown.sum == length * 2 * hiddenSize, "a token was lost")
                    }
                },
                tokenCopies: GrowByCopy.tokenCopies(tokens: length),
                blocks: (length + blockSize - 1) / blockSize)
        }
    }

    /// The lesson's `benchmark_allocation(num_iterations, seq_length, hidden_size)`: seconds of
    /// each allocation of cleared buffers for the keys and the values of a sequence.
    package func benchmarkAllocation(
        iterations: Int, sequenceLength: Int, hiddenSize: Int
    ) -> [Double] {
        (0..<iterations).map { iteration in
            Self.seconds {
                let keys = [UInt16](repeating: 0, count: sequenceLength * hiddenSize)
                let values = [UInt16](repeating: 0, count: sequenceLength * hiddenSize)
                // Read somewhere, or the compiler may find that nobody needs them.
                let place = iteration % max(keys.count, 1)
                precondition(Self.opaque(keys)[place] == Self.opaque(values)[place])
            }
        }
    }

    /// Seconds of each allocation of the same sequence from the engine's block pool.
    package func benchmarkPool(iterations: Int, sequenceLength: Int) -> [Double] {
        let count = (sequenceLength + blockSize - 1) / blockSize
        var pool = BlockPool(blockCount: count + 1)
        var blocks: [BlockID] = []
        blocks.reserveCapacity(count)
        return (0..<iterations).map { _ in
            let seconds = Self.seconds {
                let taken = pool.allocate(count, into: &blocks)
                precondition(taken, "the pool has as many blocks as the sequence")
            }
            pool.release(blocks.reversed())
            blocks.removeAll(keepingCapacity: true)
            return seconds
        }
    }

    private static func seconds(_ work: () -> Void) -> Double {
        let time = ContinuousClock().measure(work)
        let parts = time.components
        return Double(parts.seconds) + Double(parts.attoseconds) * 1e-18
    }

    /// The same array; the compiler cannot see that.
    @inline(never)
    private static func opaque(_ array: [UInt16]) -> [UInt16] { array }
}

extension AllocationBenchmark.Row {
    /// The middle one of the times, in seconds.
    package static func median(_ seconds: [Double]) -> Double {
        let sorted = seconds.sorted()
        guard !sorted.isEmpty else { return 0 }
        return (sorted[(sorted.count - 1) / 2] + sorted[sorted.count / 2]) / 2
    }
}
