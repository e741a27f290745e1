internal import CKernels

/// A token of a step, as the cache sees it.
package struct KVToken: Hashable, Sendable {
    /// Its position in its request.
    package var position: Int

    /// The index in the flat block table of its request's first block.
    package var tableStart: Int

    /// Describes a token.
    package init(position: Int, tableStart: Int) {
        self.position = position
        self.tableStart = tableStart
    }
}

extension AttentionRow {
    /// Appends the row's tokens, in order. O(queryLength).
    package func appendTokens(to tokens: inout [KVToken]) {
        for offset in 0..<queryLength {
            tokens.append(KVToken(position: firstPosition + offset, tableStart: tableStart))
        }
    }
}

/// Where the keys and values of a step's tokens are kept in one layer.
package struct KVWrite {
    let tokens: [KVToken]
    let blockTable: [UInt32]
    let placement: KVPlacement
    let arena: KVArena
    let keyShift: [Float]?

    /// The token at position p goes to slot p % blockSize of block
    /// `blockTable[tableStart + p / blockSize]`.
    ///
    /// - Parameter keyShift: what int8 keys are kept without: [kvHeads * headDim], the same in
    ///   every write of a cache. A constant in all keys changes no weight, so attention does not
    ///   need it; a large one would take the bits of what differs. Not with a soft cap.
    package init(
        tokens: [KVToken], blockTable: [UInt32], placement: KVPlacement, arena: KVArena,
        keyShift: [Float]? = nil
    ) {
        placement.check(arena)
        precondition(keyShift.map { $0.count == placement.kvHeads * placement.headDim } ?? true)
        self.tokens = tokens
        self.blockTable = blockTable
        self.placement = placement
        self.arena = arena
        self.keyShift = keyShift
    }
}

/// What tasks know of a `KVWrite`: values without a reference, valid in `withPlaces`.
@safe
struct KVPlaces {
    fileprivate let tokens: UnsafeBufferPointer<KVToken>
    fileprivate let blockTable: UnsafeBufferPointer<UInt32>
    fileprivate let keyShift: UnsafePointer<Float>?
    /// The layer in page 0.
    fileprivate let layer: UnsafeMutableRawPointer
    fileprivate let pages: Int
    fileprivate let stride: Int
    fileprivate let element: KVElement
    fileprivate let placement: KVPlacement

    /// Whether values lie beside keys.
    fileprivate var hasValues: Bool { placement.latentDim == nil }

    /// Calls `body` for every head of a token's keys, or values, with its place and slot.
    @unsafe
    fileprivate func forEachHead(
        _ index: Int, keys: Bool, _ body: (inout qk_kv_head, _ column: Int, _ slot: Int) -> Void
    ) {
        unsafe precondition(index >= 0 && index < tokens.count, "a row without a token")
        let token = unsafe tokens[index]
        let entry = token.tableStart + token.position / placement.blockSize
        unsafe precondition(
            entry >= 0 && entry < blockTable.count, "a token beyond its block table")
        let block = unsafe Int(blockTable[entry])
        precondition(block < pages, "a block beyond the arena")
        let page = unsafe layer + block * stride
        for head in 0..<placement.kvHeads {
            let column = head * placement.headDim
            let offset = placement.headOffset(element, head: head, keys: keys)
            var place = unsafe qk_kv_head(
                start: page + offset, keys: keys, kv_type: element.code,
                head_dim: placement.headDim, block_size: placement.blockSize,
                shift: keys ? keyShift.map { unsafe $0 + column } : nil)
            unsafe body(&place, column, token.position % placement.blockSize)
        }
    }
}

extension KVWrite {
    /// Calls `body` with what tasks need.
    func withPlaces(_ body: (KVPlaces) -> Void) {
        unsafe tokens.withUnsafeBufferPointer { tokens in
            unsafe blockTable.withUnsafeBufferPointer { blockTable in
                unsafe (keyShift ?? []).withUnsafeBufferPointer { shift in
                    unsafe body(
                        KVPlaces(
                            tokens: tokens, blockTable: blockTable,
                            keyShift: keyShift == nil ? nil : shift.baseAddress,
                            layer: arena.pointer(page: 0, offset: placement.offset),
                            pages: arena.pages, stride: arena.stride,
                            element: arena.element, placement: placement))
                }
            }
        }
    }
}

/// Prefetches the memory that a token's keys and values go to, which most often is in no cache.
struct PrefetchKVRows: RowWork {
    let places: KVPlaces

    func run(row: Int, worker: Int) {
        unsafe places.forEachHead(row, keys: true) { unsafe qk_kv_prefetch(&$0, $2) }
        guard places.hasValues else { return }
        unsafe places.forEachHead(row, keys: false) { unsafe qk_kv_prefetch(&$0, $2) }
    }
}

/// Writes a token's keys and values into their slots.
struct WriteKVRows: RowWork {
    let table: KernelTable
    let places: KVPlaces
    let keys: FloatRows
    let keyColumn: Int
    /// Not read where values do not lie beside keys.
    let values: FloatRows
    let valueColumn: Int
    /// The row of the first token.
    var firstRow = 0

    func run(row: Int, worker: Int) {
        unsafe places.forEachHead(row - firstRow, keys: true) { place, column, slot in
            unsafe qk_kv_write(table.c, &place, keys.pointer(row, keyColumn + column), slot)
        }
        guard places.hasValues else { return }
        unsafe places.forEachHead(row - firstRow, keys: false) { place, column, slot in
            unsafe qk_kv_write(table.c, &place, values.pointer(row, valueColumn + column), slot)
        }
    }
}
