package import KVCache
import Scheduling

/// What was measured of a model on a machine, and the settings that it was served with: all that a
/// simulation of that service needs.
package struct MeasuredService: Hashable, Codable, Sendable {
    /// What a layer keeps of a token.
    package struct Layer: Hashable, Codable, Sendable {
        /// Positions that it sees; nil: all.
        package var window: Int?
        /// Heads of keys and values.
        package var heads: Int
        /// Elements of a head.
        package var dimension: Int
    }

    /// What such a file begins with.
    package static let format = "quire step costs 1"

    /// `MeasuredService.format`.
    package var format = MeasuredService.format
    /// What steps take.
    package var costs: MeasuredCosts
    /// The model's layers.
    package var layers: [Layer]
    /// Blocks of the cache that can hold tokens.
    package var blocks: Int
    /// Tokens of a block.
    package var blockSize: Int
    /// Tokens of the longest sequence.
    package var context: Int
    /// Tokens of a prompt that are computed in one step.
    package var chunk: Int
    /// Requests that run at once.
    package var batch: Int
    /// The number format of keys and values; nil: the file is older than this field.
    package var kvDtype: String?

    /// A measurement of a service with this cache.
    package init(costs: MeasuredCosts, layout: CacheLayout, batch: Int) {
        self.costs = costs
        layers = layout.geometry.layers.map { layer in
            let window: Int? =
                switch layer.span {
                case .full: nil
                case .slidingWindow(let window): window
                }
            return Layer(window: window, heads: layer.kvHeads, dimension: layer.headDim)
        }
        blocks = layout.capacity
        blockSize = layout.blockSize
        context = layout.maxModelLength
        chunk = layout.maxChunk
        self.batch = batch
        kvDtype = layout.dtype.rawValue
    }

    /// The layers, as the cache is laid out by.
    package var geometry: KVGeometry {
        KVGeometry(
            layers: layers.map { layer in
                KVLayer(
                    span: layer.window.map { .slidingWindow($0) } ?? .full, kvHeads: layer.heads,
                    headDim: layer.dimension)
            })
    }

    /// Checks what a file brought.
    ///
    /// - Throws: `ServiceError` that names what is wrong.
    package func check() throws(ServiceError) {
        guard format == Self.format else {
            throw ServiceError("its format is \"\(format.prefix(40))\", not \"\(Self.format)\"")
        }
        let extents = 1...KVCacheLimits.maxHeadExtent
        try Self.check(layers.count, "layers", 1...KVCacheLimits.maxLayers)
        for layer in layers {
            try Self.check(layer.heads, "heads", extents)
            try Self.check(layer.dimension, "dimension", extents)
            try Self.check(layer.window ?? 1, "window", 1...KVCacheLimits.maxModelLength)
        }
        try Self.check(blocks, "blocks", ServiceLimits.blocks)
        try Self.check(blockSize, "blockSize", 1...KVCacheLimits.maxBlockSize)
        try Self.check(context, "context", 1...KVCacheLimits.maxModelLength)
        try Self.check(chunk, "chunk", 1...SchedulingLimits.maxStepTokens)
        try Self.check(batch, "batch", 1...SchedulingLimits.maxRunning)
        if let kvDtype, KVDType(rawValue: kvDtype) == nil {
            let all = KVDType.allCases.map(\.rawValue).joined(separator: ", ")
            throw ServiceError(
                "there is no kvDtype \"\(kvDtype.prefix(40))\"; there are \(all)")
        }
        try costs.check()
    }

    private static func check(
        _ value: Int, _ name: String, _ range: ClosedRange<Int>
    ) throws(ServiceError) {
        guard range.contains(value) else {
            throw ServiceError(
                "its \(name) is \(value); it is from \(range.lowerBound) to \(range.upperBound)")
        }
    }
}
