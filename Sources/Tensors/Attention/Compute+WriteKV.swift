extension Compute {
    /// Writes the keys and values of a step's tokens into their slots of the arena.
    ///
    /// `keys`, `values`: [tokens, kvHeads * headDim] from the given columns; the token of `row`
    /// at position p goes to slot p % blockSize of block table[row.tableStart + p / blockSize].
    /// All must be written before any attention of the layer reads.
    ///
    /// - Parameter keyShift: as of `KVWrite`.
    package func writeKV(
        keys: FloatMatrix, keyColumn: Int = 0, values: FloatMatrix, valueColumn: Int = 0,
        rows: [AttentionRow], blockTable: [UInt32], placement: KVPlacement, arena: KVArena,
        keyShift: [Float]? = nil
    ) {
        let width = placement.kvHeads * placement.headDim
        for row in rows {
            precondition(row.queryLength >= 0 && row.firstPosition >= 0)
            let rows = row.queryStart..<row.queryStart + row.queryLength
            check(keys, rows, keyColumn, width)
            check(values, rows, valueColumn, width)
            var tokens: [KVToken] = []
            row.appendTokens(to: &tokens)
            let write = KVWrite(
                tokens: tokens, blockTable: blockTable, placement: placement, arena: arena,
                keyShift: keyShift)
            write.withPlaces { places in
                eachRow(
                    rows, cost: 2 * width,
                    WriteKVRows(
                        table: table, places: places, keys: keys.all, keyColumn: keyColumn,
                        values: values.all, valueColumn: valueColumn, firstRow: row.queryStart))
            }
        }
    }
}
