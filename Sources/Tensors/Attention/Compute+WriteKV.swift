internal import CKernels

extension Compute {
    /// Writes the keys and values of a step's tokens into their slots of the arena.
    ///
    /// `keys`, `values`: [tokens, kvHeads * headDim] from the given columns; the token of `row`
    /// at position p goes to slot p % blockSize of block table[row.tableStart + p / blockSize].
    /// All must be written before any attention of the layer reads.
    public func writeKV(
        keys: FloatMatrix, keyColumn: Int = 0, values: FloatMatrix, valueColumn: Int = 0,
        rows: [AttentionRow], blockTable: [UInt32], placement: KVPlacement, arena: KVArena
    ) {
        placement.check(arena)
        let width = placement.kvHeads * placement.headDim
        for row in rows {
            precondition(row.queryLength >= 0 && row.firstPosition >= 0)
            let tokens = row.queryStart..<row.queryStart + row.queryLength
            check(keys, tokens, keyColumn, width)
            check(values, tokens, valueColumn, width)
            eachRow(tokens, cost: 2 * width) { token in
                let position = row.firstPosition + token - row.queryStart
                let block = blockTable[row.tableStart + position / placement.blockSize]
                let slot = position % placement.blockSize
                unsafe store(
                    keys.pointer(token, keyColumn), block: Int(block), slot: slot,
                    offset: placement.keyOffset, placement, arena)
                unsafe store(
                    values.pointer(token, valueColumn), block: Int(block), slot: slot,
                    offset: placement.valueOffset, placement, arena)
            }
        }
    }

    /// Stores one token's heads: consecutive floats into one slot of every head.
    private func store(
        _ x: UnsafePointer<Float>, block: Int, slot: Int, offset: Int, _ placement: KVPlacement,
        _ arena: KVArena
    ) {
        let headDim = placement.headDim
        let headBytes = placement.headBytes(arena.element)
        let slotOffset = offset + slot * headDim * arena.element.bytes
        for head in 0..<placement.kvHeads {
            let to = unsafe arena.pointer(page: block, offset: slotOffset + head * headBytes)
            unsafe table.c.pointee.kv_store(x + head * headDim, to, arena.element.code, headDim)
        }
    }
}
