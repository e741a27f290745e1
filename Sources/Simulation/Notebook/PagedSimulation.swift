extension Notebook {
    /// `simulate_paged_attention(num_sequences, max_seq_length, hidden_dim, page_size=16)`: every
    /// sequence takes the pages that it fills, from a pool for 0.72 of what the traditional cache
    /// would reserve for all.
    ///
    /// - Complexity: O(pages + sequences x active sequences)
    package mutating func simulatePagedAttention(
        _ shape: NotebookShape, pageSize: Int
    ) -> PagedStatistics {
        switch mode {
        case .legacy: legacyPaged(shape, pageSize)
        case .corrected:
            Self.correctedPaged(shape, pageSize, NotebookWorkload(shape, using: &generator))
        }
    }

    private mutating func legacyPaged(_ shape: NotebookShape, _ pageSize: Int) -> PagedStatistics {
        var simulator = PagedAttentionSimulator(
            pageSize: pageSize, pages: shape.pages(of: pageSize), hiddenDim: shape.hiddenDim,
            mode: .legacy)
        var active: [Int] = []
        for number in 0..<shape.sequences {
            let length = shape.drawLength(using: &generator)
            if simulator.allocate(String(number), length: length) { active.append(number) }
            if !active.isEmpty, generator.random() < NotebookShape.endingChance {
                let ending = active.remove(at: generator.randint(0, active.count))
                _ = simulator.free(String(ending))
            }
        }
        return simulator.statistics
    }

    static func correctedPaged(
        _ shape: NotebookShape, _ pageSize: Int, _ workload: NotebookWorkload
    ) -> PagedStatistics {
        var simulator = PagedAttentionSimulator(
            pageSize: pageSize, pages: shape.pages(of: pageSize), hiddenDim: shape.hiddenDim,
            mode: .corrected)
        for (number, arrival) in workload.arrivals.enumerated() {
            _ = simulator.allocate(String(number), length: arrival.length)
            // One that was refused has nothing to give back.
            if let ending = arrival.ending { _ = simulator.free(String(ending)) }
        }
        return simulator.statistics
    }
}
