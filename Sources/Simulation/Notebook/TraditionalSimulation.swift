extension Notebook {
    /// `simulate_traditional_kv_cache(num_sequences, max_seq_length, hidden_dim)`: every sequence
    /// reserves the longest length.
    ///
    /// - Complexity: O(sequences x active sequences)
    package mutating func simulateTraditionalKVCache(
        _ shape: NotebookShape
    ) -> TraditionalStatistics {
        switch mode {
        case .legacy: legacyTraditional(shape)
        case .corrected:
            Self.correctedTraditional(shape, NotebookWorkload(shape, using: &generator))
        }
    }

    private mutating func legacyTraditional(_ shape: NotebookShape) -> TraditionalStatistics {
        var result = TraditionalStatistics(totalAllocated: 0, wastedMemory: 0, activeSequences: 0)
        var active: [Int] = []
        for number in 0..<shape.sequences {
            let length = shape.drawLength(using: &generator)
            result.totalAllocated += shape.maxLength * shape.hiddenDim
            result.wastedMemory += (shape.maxLength - length) * shape.hiddenDim
            active.append(number)
            if number > 0, generator.random() < NotebookShape.endingChance {
                active.remove(at: generator.randint(0, active.count))
            }
        }
        result.activeSequences = active.count
        return result
    }

    static func correctedTraditional(
        _ shape: NotebookShape, _ workload: NotebookWorkload
    ) -> TraditionalStatistics {
        var result = TraditionalStatistics(totalAllocated: 0, wastedMemory: 0, activeSequences: 0)
        for arrival in workload.arrivals {
            result.totalAllocated += shape.maxLength * shape.hiddenDim
            result.wastedMemory += (shape.maxLength - arrival.length) * shape.hiddenDim
            result.activeSequences += 1
            guard let ending = arrival.ending else { continue }
            let length = workload.arrivals[ending].length
            result.totalAllocated -= shape.maxLength * shape.hiddenDim
            result.wastedMemory -= (shape.maxLength - length) * shape.hiddenDim
            result.activeSequences -= 1
        }
        return result
    }
}
