internal import CKernels

extension Compute {
    /// Paged attention: every query of `rows` over the keys and values of its request's blocks.
    ///
    /// `q`, `into`: [tokens, heads * headDim] from the given columns. A query at position p sees
    /// the keys p - window + 1 ... p (from 0). Blocks wholly before a row's window are never
    /// read. Results are the same to the bit for any block size, any chunking of a request's
    /// queries into steps, and any number of threads.
    ///
    /// O(queries x context x heads x headDim).
    public func attention(
        _ q: FloatMatrix, column: Int = 0, rows: [AttentionRow], blockTable: [UInt32],
        parameters: AttentionParameters, placement: KVPlacement, arena: KVArena,
        workspace: AttentionWorkspace, into out: FloatMatrix, outColumn: Int = 0
    ) {
        check(parameters, placement, arena, workspace)
        let group = parameters.heads / placement.kvHeads
        let width = parameters.heads * placement.headDim
        let queries = max(1, AttentionWorkspace.rowsPerItem / group)
        var tiles = 0
        var work = 0
        for row in rows {
            let tokens = row.queryStart..<row.queryStart + row.queryLength
            check(q, tokens, column, width)
            check(out, tokens, outColumn, width)
            check(row, blockTable, parameters, placement, arena)
            tiles += (row.queryLength + queries - 1) / queries
            let seen = min(row.contextLength, parameters.window ?? row.contextLength)
            work += row.queryLength * seen * width
        }
        let share = work >= TensorLimits.sharedAttentionWork
        let parts = share ? Self.parts(group, items: tiles * placement.kvHeads, pool.threads) : 1
        func item(_ task: Int, _ worker: Int) {
            let (tile, part) = task.quotientAndRemainder(dividingBy: placement.kvHeads * parts)
            // The last tile of a row sees the most keys; the long ones go first.
            let (row, first) = Self.find(tile: tiles - 1 - tile, in: rows, queries: queries)
            let token = row.queryStart + first
            let (kvHead, cut) = part.quotientAndRemainder(dividingBy: parts)
            let heads = group * cut / parts..<group * (cut + 1) / parts
            let headColumn = (kvHead * group + heads.lowerBound) * placement.headDim
            let headOffset = kvHead * placement.headBytes(arena.element)
            unsafe blockTable.withUnsafeBufferPointer { blockTable in
                guard let start = blockTable.baseAddress else { return }
                var call = unsafe qk_attention(
                    q: q.pointer(token, column + headColumn), q_stride: q.stride,
                    out: out.pointer(token, outColumn + headColumn), out_stride: out.stride,
                    queries: Int32(min(queries, row.queryLength - first)),
                    group: Int32(heads.count),
                    head_dim: Int32(placement.headDim),
                    first_position: Int64(row.firstPosition + first),
                    window: Int64(parameters.window ?? 0),
                    arena: arena.pointer(page: 0, offset: 0), page_bytes: arena.pageBytes,
                    key_offset: placement.keyOffset + headOffset,
                    value_offset: placement.valueOffset + headOffset,
                    table: start + row.tableStart, block_size: Int64(placement.blockSize),
                    kv_type: arena.element.code, scale: parameters.scale,
                    soft_cap: parameters.softCap ?? 0, scratch: workspace.memory.pointer(worker))
                unsafe table.c.pointee.attention(&call)
            }
        }
        let items = tiles * placement.kvHeads * parts
        if share {
            pool.run(tasks: items, item)
        } else {
            for task in 0..<items { item(task, 0) }
        }
    }

    /// Into how many parts a KV head's query heads are cut so that no thread is idle: a single
    /// request decodes with as few items as KV heads. Every part converts the keys and values
    /// for itself; its rows are computed as before.
    static func parts(_ group: Int, items: Int, _ threads: Int) -> Int {
        guard items > 0 else { return 1 }
        return min(group, (threads + items - 1) / items)
    }

    /// The row that a tile of queries belongs to, and the tile's first query in the row.
    private static func find(
        tile: Int, in rows: [AttentionRow], queries: Int
    ) -> (row: AttentionRow, first: Int) {
        var left = tile
        for row in rows {
            let tiles = (row.queryLength + queries - 1) / queries
            if left < tiles { return (row, left * queries) }
            left -= tiles
        }
        preconditionFailure("a tile beyond the rows")
    }

    private func check(
        _ parameters: AttentionParameters, _ placement: KVPlacement, _ arena: KVArena,
        _ workspace: AttentionWorkspace
    ) {
        placement.check(arena)
        precondition(parameters.heads > 0 && parameters.heads % placement.kvHeads == 0)
        precondition(parameters.window.map { $0 > 0 } ?? true, "a window of no keys")
        precondition(parameters.softCap.map { $0 > 0 } ?? true)
        let rows = max(AttentionWorkspace.rowsPerItem, parameters.heads / placement.kvHeads)
        let floats = AttentionWorkspace.floats(placement.headDim, rows: rows)
        precondition(
            workspace.memory.rows >= pool.threads && workspace.memory.columns >= floats,
            "a workspace for fewer threads or a smaller layer")
    }

    /// Every block that the row reads must be a page of the arena.
    private func check(
        _ row: AttentionRow, _ blockTable: [UInt32], _ parameters: AttentionParameters,
        _ placement: KVPlacement, _ arena: KVArena
    ) {
        precondition(row.queryLength >= 0 && row.firstPosition >= 0 && row.tableStart >= 0)
        guard row.queryLength > 0 else { return }
        let firstSeen = max(0, row.firstPosition + 1 - (parameters.window ?? row.contextLength))
        let first = row.tableStart + firstSeen / placement.blockSize
        let last = row.tableStart + (row.contextLength - 1) / placement.blockSize
        precondition(last < blockTable.count, "a context beyond its block table")
        for index in first...last {
            precondition(Int(blockTable[index]) < arena.pages, "a block beyond the arena")
        }
    }
}
