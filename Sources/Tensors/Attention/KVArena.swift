internal import CKernels

/// The type of the numbers in a KV arena.
package enum KVElement: String, CaseIterable, Sendable {
    /// IEEE half precision; larger values become its largest, 65,504.
    case f16
    /// The upper half of a 32-bit float.
    case bf16
    /// 32-bit floats, kept exactly.
    case f32
    /// 8-bit integers with a scale for each slot of a head; larger values become 65,504.
    case int8

    /// The bytes of one slot of a head: the numbers, and what else it takes to read them.
    package func slotBytes(_ headDim: Int) -> Int {
        precondition(headDim >= 0, "a head of a negative size")
        return qk_kv_slot_bytes(code, headDim)
    }

    /// Elements of one head of int8 keys and values, at most.
    package static var maxInt8HeadDim: Int { Int(QK_KV_MAX_HEAD_DIM) }

    var code: Int32 {
        switch self {
        case .f16: Int32(QK_KV_F16)
        case .bf16: Int32(QK_KV_BF16)
        case .f32: Int32(QK_KV_F32)
        case .int8: Int32(QK_KV_INT8)
        }
    }
}

/// The memory of the KV cache: pages of equal size, one per block, in one allocation.
///
/// A page is cut into parts of equal size, one for each layer of its block's group, and the same
/// part of all pages lies together: what a layer reads of blocks in any order then is of few pages
/// of the machine's memory, whose places its processor must look up.
///
/// ```
/// part i of block b: the layerBytes bytes from (i * pages + b) * stride on
/// page:              [layer of the block's group][KV head][the head's keys, then its values]
/// ```
///
/// Where the numbers of a head's slots lie is told in CKernels' attention/layout.h.
///
/// Pages cost no memory until they are first written. Sendable is unchecked: the steps of an
/// engine are serial, and within a step every slot is written once, before any is read.
@safe
package final class KVArena: @unchecked Sendable {
    /// The number of pages.
    package let pages: Int

    /// The bytes of a page.
    package let pageBytes: Int

    /// The bytes of a page that lie together, those of a layer.
    package let layerBytes: Int

    /// The type of the numbers.
    package let element: KVElement

    /// The bytes from a layer of one page to the same layer of the next.
    package let stride: Int

    /// The bytes that are mapped.
    package var byteCount: Int { storage.count }

    private let storage: AlignedBuffer

    /// Reserves `pages` x `layers` x `stride` zeroed bytes. Throws `outOfMemory` or `tooLarge`.
    ///
    /// - Parameters:
    ///   - layers: the parts of a page, of `pageBytes / layers` bytes each.
    ///   - stride: the bytes from one page's layer to the next's, as the plan of the cache has
    ///     them; nil: they touch.
    package init(
        pages: Int, pageBytes: Int, layers: Int = 1, stride: Int? = nil, element: KVElement
    ) throws(TensorError) {
        precondition(pages > 0 && pageBytes > 0 && layers > 0 && pageBytes % layers == 0)
        layerBytes = pageBytes / layers
        self.stride = stride ?? layerBytes
        precondition(self.stride >= layerBytes)
        let (page, large) = self.stride.multipliedReportingOverflow(by: layers)
        let (bytes, overflow) = pages.multipliedReportingOverflow(by: page)
        guard !large, !overflow, pages <= Int(UInt32.max) else {
            throw TensorError(
                .tooLarge,
                "a KV cache of \(pages) blocks of \(pageBytes) bytes is too large: use fewer")
        }
        self.pages = pages
        self.pageBytes = pageBytes
        self.element = element
        storage = try AlignedBuffer(count: bytes)
    }

    /// The address of a byte of a page, for kernels; the arena must outlive its use. Bytes of the
    /// same layer follow it, and `stride` bytes on is the same of the next page.
    func pointer(page: Int, offset: Int) -> UnsafeMutableRawPointer {
        precondition(page >= 0 && page < pages && offset >= 0 && offset < pageBytes)
        let (layer, rest) = offset.quotientAndRemainder(dividingBy: layerBytes)
        return unsafe storage.start.unsafelyUnwrapped + ((layer * pages + page) * stride + rest)
    }

    /// Calls `body` with each run of the bytes `range` of pages that lie together, in order.
    func forEachRun(_ range: Range<Int>, _ body: (Range<Int>) -> Void) {
        var start = range.lowerBound
        while start < range.upperBound {
            let end = min(range.upperBound, (start / layerBytes + 1) * layerBytes)
            body(start..<end)
            start = end
        }
    }
}

/// Where the keys and values of one layer lie in a page.
package struct KVPlacement: Hashable, Sendable {
    /// The byte in a page where the layer begins: each KV head's keys and then its values. All of
    /// the layer lies in one part of the page.
    package var offset: Int

    /// KV heads of the layer.
    package var kvHeads: Int

    /// Elements of a head.
    package var headDim: Int

    /// Slots (positions) of a block.
    package var blockSize: Int

    /// How many of the elements that a key begins with are its value (latent attention); nil:
    /// values lie beside keys, and have as many elements.
    package var latentDim: Int?

    /// Describes a layer's place.
    package init(
        offset: Int, kvHeads: Int, headDim: Int, blockSize: Int, latentDim: Int? = nil
    ) {
        self.offset = offset
        self.kvHeads = kvHeads
        self.headDim = headDim
        self.blockSize = blockSize
        self.latentDim = latentDim
    }

    /// Elements of a head's value.
    package var valueDim: Int { latentDim ?? headDim }

    /// What a head has a vector of for each slot: keys, and values beside them.
    private var vectors: Int { latentDim == nil ? 2 : 1 }

    /// The bytes of a KV head's keys, and of its values.
    func headBytes(_ element: KVElement) -> Int { blockSize * element.slotBytes(headDim) }

    /// The byte of the layer where a KV head's keys, or values, begin.
    func headOffset(_ element: KVElement, head: Int, keys: Bool) -> Int {
        (vectors * head + (keys || latentDim != nil ? 0 : 1)) * headBytes(element)
    }

    func check(_ arena: KVArena) {
        precondition(kvHeads > 0 && headDim > 0 && blockSize > 0)
        precondition(arena.element != .int8 || headDim <= KVElement.maxInt8HeadDim)
        precondition(
            latentDim.map { 1...headDim ~= $0 && arena.element != .int8 } ?? true,
            "values that are no part of keys, or of bytes")
        let bytes = vectors * kvHeads * headBytes(arena.element)
        precondition(offset >= 0 && offset + bytes <= arena.pageBytes, "a layer beyond its page")
        precondition(
            offset % arena.layerBytes + bytes <= arena.layerBytes, "a layer in two parts")
    }
}
