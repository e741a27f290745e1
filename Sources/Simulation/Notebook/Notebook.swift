/// The notebook's functions, drawing from one generator as its cells do after `np.random.seed`.
///
/// ```swift
/// var notebook = Notebook(seed: 0, mode: .legacy)
/// let shape = NotebookShape(sequences: 100, maxLength: 1024, hiddenDim: 64)
/// notebook.simulateTraditionalKVCache(shape).activeSequences  // 78
/// ```
package struct Notebook: Sendable {
    /// With the notebook's defects or without.
    package let mode: NotebookMode

    var generator: MersenneTwister

    /// The functions, as after `np.random.seed(seed)`.
    package init(seed: UInt32, mode: NotebookMode) {
        self.mode = mode
        generator = MersenneTwister(seed: seed)
    }

    /// `compare_memory_efficiency(num_sequences_list, max_seq_length, hidden_dim, page_size=16)`:
    /// for each count what the traditional cache says, then what the paged one does.
    ///
    /// Corrected: both see the same sequences.
    package mutating func compareMemoryEfficiency(
        counts: [Int], maxLength: Int, hiddenDim: Int, pageSize: Int
    ) -> (traditional: [TraditionalStatistics], paged: [PagedStatistics]) {
        var traditional: [TraditionalStatistics] = []
        var paged: [PagedStatistics] = []
        for count in counts {
            let shape = NotebookShape(
                sequences: count, maxLength: maxLength, hiddenDim: hiddenDim)
            switch mode {
            case .legacy:
                traditional.append(simulateTraditionalKVCache(shape))
                paged.append(simulatePagedAttention(shape, pageSize: pageSize))
            case .corrected:
                let workload = NotebookWorkload(shape, using: &generator)
                traditional.append(Self.correctedTraditional(shape, workload))
                paged.append(Self.correctedPaged(shape, pageSize, workload))
            }
        }
        return (traditional, paged)
    }

    /// `analyze_page_size_impact(page_sizes, num_sequences, max_seq_length, hidden_dim)`: what the
    /// paged cache says for each size.
    ///
    /// Corrected: all sizes see the same sequences.
    package mutating func analyzePageSizeImpact(
        pageSizes: [Int], _ shape: NotebookShape
    ) -> [PagedStatistics] {
        switch mode {
        case .legacy:
            return pageSizes.map { simulatePagedAttention(shape, pageSize: $0) }
        case .corrected:
            let workload = NotebookWorkload(shape, using: &generator)
            return pageSizes.map { Self.correctedPaged(shape, $0, workload) }
        }
    }

    /// `simulate_concurrent_requests(max_memory, max_seq_length, hidden_dim, page_size=16)`: how
    /// many sequences `maxMemory` elements hold at once.
    ///
    /// Legacy takes every sequence to be 0.6 of the longest, so that its gain of 1.67 is what was
    /// put in. Corrected takes the lengths that the other functions draw, each as likely as any.
    ///
    /// - Complexity: O(1); corrected O(`maxLength`)
    package func simulateConcurrentRequests(
        maxMemory: Int, maxLength: Int, hiddenDim: Int, pageSize: Int
    ) -> (traditional: Int, paged: Int) {
        precondition(
            maxMemory >= 0 && maxLength >= NotebookShape.shortest && hiddenDim >= 1
                && pageSize >= 1, "a memory of no shape")
        let traditional = maxMemory / (maxLength * hiddenDim)
        let pages = maxMemory / (pageSize * hiddenDim)
        switch mode {
        case .legacy:
            let size = Double(pageSize)
            let each = PythonArithmetic.floorDivide(
                NotebookShape.assumedShare * Double(maxLength) + size - 1, size)
            return (traditional, Int(PythonArithmetic.floorDivide(Double(pages), each)))
        case .corrected:
            let lengths = NotebookShape.shortest...maxLength
            let sum = lengths.reduce(0) { $0 + ($1 + pageSize - 1) / pageSize }
            // In whole numbers: pages / (sum / count), rounded down.
            let product = pages.multipliedFullWidth(by: lengths.count)
            return (traditional, sum.dividingFullWidth(product).quotient)
        }
    }
}
