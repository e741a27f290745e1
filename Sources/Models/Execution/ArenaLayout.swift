package import KVCache
package import Tensors

/// How the CPU lays a KV cache out in memory: strides, padding, and each layer's place in a page.
///
/// The arena is kept part by part: the first part of all pages, each `partStride` bytes after the
/// one before, then the next part. A page of a group holds, for its block's tokens:
///
/// ```
/// [part][layer in the part][kv head][K, then V][slot 0 ..< blockSize][headDim] of dtype
/// ```
///
/// How the slots of one head's keys, or values, are laid out is the kernels' own affair.
package struct ArenaLayout: Hashable, Sendable {
    /// The cache: its blocks, and what each of them holds.
    package let cache: CacheLayout

    /// The layout of a cache, in this machine's memory or in a tier of it.
    package init(_ cache: CacheLayout) {
        self.cache = cache
    }

    /// The bytes from a part of one page to the same part of the next.
    package var partStride: Int { Self.partStride(ofBytes: cache.partBytes) }

    /// The bytes that are mapped for a page.
    package var pageStride: Int { cache.partsPerPage * partStride }

    /// The arena of all blocks as it is mapped: the null block's page, and the room between large
    /// parts (at most 3 %), included.
    package var arenaBytes: Int { cache.blockCount * pageStride }

    /// The distance at which the same part of all pages is best laid out.
    ///
    /// Large ones lie an odd number of KiB apart: at a distance of 2^n, the same keys of all blocks
    /// would share a few sets of a cache, and push each other out before they are read.
    package static func partStride(ofBytes partBytes: Int) -> Int {
        guard ModelLimits.spreadPartBytes.contains(partBytes) else { return partBytes }
        return (partBytes + 1023) / 1024 * 1024 | 1024
    }

    /// Where in a page of its group a layer's keys and values lie.
    package func placement(ofLayer layer: Int) -> KVPlacement {
        let (place, kept) = (cache.locations[layer], cache.geometry.layers[layer])
        return KVPlacement(
            offset: place.part * cache.partBytes + place.bytesBefore * cache.blockSize,
            kvHeads: kept.kvHeads, headDim: kept.headDim, blockSize: cache.blockSize,
            latentDim: kept.latentRank)
    }

    /// Reserves pages: those of the blocks, or of a tier that they move to. Throws `outOfMemory`
    /// or `tooLarge`.
    package func makeArena(pages: Int) throws(TensorError) -> KVArena {
        try KVArena(
            pages: pages, pageBytes: cache.pageBytes, layers: cache.partsPerPage,
            stride: partStride, element: cache.dtype.element)
    }
}

extension KVDType {
    /// The same number format, as the kernels name it.
    package var element: KVElement {
        switch self {
        case .f16: .f16
        case .bf16: .bf16
        case .f32: .f32
        case .int8: .int8
        }
    }
}
