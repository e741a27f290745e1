internal import CKernels

extension Compute {
    /// Writes the keys and values of a step's tokens into their slots of the arena.
    ///
    /// `keys`, `values`: [tokens, kvHeads * headDim] from the given columns; the token of `row`
    /// at position p goes to slot p % blockSize of block table[row.tableStart + p / blockSize].
    /// All must be written before any attention of the layer reads.
    ///
    /// - Parameters:
    ///   - keyShift: what int8 keys are kept without: [kvHeads * headDim], the same in every write
    ///     of a cache. A constant in all keys changes no weight, so attention does not need it; a
    ///     large one would take the bits of what differs. Not with a soft cap.
    public func writeKV(
        keys: FloatMatrix, keyColumn: Int = 0, values: FloatMatrix, valueColumn: Int = 0,
        rows: [AttentionRow], blockTable: [UInt32], placement: KVPlacement, arena: KVArena,
        keyShift: [Float]? = nil
    ) {
        placement.check(arena)
        let width = placement.kvHeads * placement.headDim
        precondition(keyShift.map { $0.count == width } ?? true)
        for row in rows {
            precondition(row.queryLength >= 0 && row.firstPosition >= 0)
            let tokens = row.queryStart..<row.queryStart + row.queryLength
            check(keys, tokens, keyColumn, width)
            check(values, tokens, valueColumn, width)
            eachRow(tokens, cost: 2 * width) { token in
                let position = row.firstPosition + token - row.queryStart
                let block = Int(blockTable[row.tableStart + position / placement.blockSize])
                let slot = position % placement.blockSize
                unsafe store(
                    keys.pointer(token, keyColumn), block, slot, keys: true, placement, arena,
                    keyShift)
                unsafe store(
                    values.pointer(token, valueColumn), block, slot, keys: false, placement, arena)
            }
        }
    }

    /// Stores one token's keys or values: consecutive floats into one slot of every head.
    private func store(
        _ x: UnsafePointer<Float>, _ block: Int, _ slot: Int, keys: Bool,
        _ placement: KVPlacement, _ arena: KVArena, _ shift: [Float]? = nil
    ) {
        for head in 0..<placement.kvHeads {
            let column = head * placement.headDim
            let offset = placement.offset(arena.element, head: head, keys: keys)
            var place = unsafe qk_kv_head(
                start: arena.pointer(page: block, offset: offset), keys: keys,
                kv_type: arena.element.code, head_dim: placement.headDim,
                block_size: placement.blockSize, shift: nil)
            guard let shift else {
                unsafe qk_kv_write(table.c, &place, x + column, slot)
                continue
            }
            unsafe shift.withUnsafeBufferPointer { shift in
                unsafe place.shift = shift.baseAddress.map { unsafe $0 + column }
                unsafe qk_kv_write(table.c, &place, x + column, slot)
            }
        }
    }
}
