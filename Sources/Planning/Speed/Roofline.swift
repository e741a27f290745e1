package import KVCache

/// Bounds of speed from what a step must read and what it must compute, whichever takes longer
/// (Williams et al., Roofline, CACM 52(4), 2009). No machine is quicker; a good engine comes near.
package struct Roofline: Hashable, Sendable {
    /// The model.
    package var shape: ModelShape
    /// The number format of keys and values.
    package var dtype: KVDType
    /// Bytes of a weight.
    package var weightBytes: Double
    /// Bytes that are read in a second.
    package var bandwidth: Double
    /// Operations in a second.
    package var operations: Double

    /// A roofline of a model on a machine.
    package init(
        shape: ModelShape, dtype: KVDType, weightBytes: Double, bandwidth: Double,
        operations: Double
    ) {
        self.shape = shape
        self.dtype = dtype
        self.weightBytes = weightBytes
        self.bandwidth = bandwidth
        self.operations = operations
    }

    /// What bounds a step.
    package enum Bound: String, Hashable, Sendable {
        /// Reading takes longer.
        case memory
        /// Computing takes longer.
        case compute
    }

    /// One step on the roofline.
    package struct Point: Hashable, Sendable {
        /// Tokens that the step computes.
        package let tokens: Int
        /// Bytes that it reads at least.
        package let bytes: Double
        /// Operations that it takes.
        package let operations: Double
        /// Seconds that it takes at least.
        package let seconds: Double
        /// What bounds it.
        package let bound: Bound

        /// Operations a byte.
        package var intensity: Double { operations / bytes }
        /// Tokens a second at most.
        package var tokensPerSecond: Double { Double(tokens) / seconds }
    }

    /// Operations a byte at which both take equally long.
    package var ridge: Double { operations / bandwidth }

    /// A step that decodes a token of each of `batch` sequences of `context` tokens.
    package func decode(batch: Int, context: Int) -> Point {
        let weights = shape.parametersRead(batch: batch) * weightBytes
        let keyValues =
            Double(batch) * Double(shape.kvGeometry.bytesRead(context: context, dtype))
        return point(
            tokens: batch, bytes: weights + keyValues,
            operations: Double(batch) * shape.decodeOperations(context: context))
    }

    /// A prompt of `tokens`, computed at once and alone.
    ///
    /// It reads the weights once, and its keys and values once, as a fused kernel does at best.
    package func prefill(tokens: Int) -> Point {
        let weights = shape.parametersRead(batch: tokens) * weightBytes
        let keyValues = Double(tokens) * Double(shape.kvGeometry.bytesPerToken(dtype))
        return point(
            tokens: tokens, bytes: weights + keyValues,
            operations: shape.prefillOperations(tokens: tokens))
    }

    /// The fewest sequences of `context` tokens with which decoding is bound by compute; nil:
    /// their keys and values alone take longer to read than the step to compute, however many.
    ///
    /// - Complexity: O(layers x log batch): more sequences share the weights, so that a step's
    ///   operations a byte only grow.
    package func turningBatch(context: Int) -> Int? {
        guard decode(batch: PlanningLimits.batch, context: context).bound == .compute else {
            return nil
        }
        var (memory, compute) = (0, PlanningLimits.batch)
        while compute - memory > 1 {
            let middle = memory + (compute - memory) / 2
            if decode(batch: middle, context: context).bound == .compute {
                compute = middle
            } else {
                memory = middle
            }
        }
        return compute
    }

    private func point(tokens: Int, bytes: Double, operations: Double) -> Point {
        let reading = bytes / bandwidth
        let computing = operations / self.operations
        return Point(
            tokens: tokens, bytes: bytes, operations: operations,
            seconds: max(reading, computing), bound: computing >= reading ? .compute : .memory)
    }
}
