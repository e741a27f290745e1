internal import CKernels

extension Compute {
    /// Paged attention: every query of `rows` over the keys and values of its request's blocks.
    ///
    /// `q`: [tokens, heads * headDim], `into`: [tokens, heads * valueDim], from the given columns.
    /// A query at position p sees the keys p - window + 1 ... p (from 0), or those of its chunk up
    /// to p. Blocks wholly before
    /// a row's window are never read. Results are the same to the bit for any block size, any
    /// chunking of a request's queries into steps, any plan and any number of threads.
    ///
    /// O(queries x context x heads x headDim).
    ///
    /// - Parameters:
    ///   - terms: what is added to the scores of each head.
    ///   - plan: made for these rows and parameters; nil: one is made.
    package func attention(
        _ q: FloatMatrix, column: Int = 0, rows: [AttentionRow], blockTable: [UInt32],
        parameters: AttentionParameters, terms: HeadTerms = HeadTerms(), placement: KVPlacement,
        arena: KVArena, workspace: AttentionWorkspace, plan: AttentionPlan? = nil,
        into out: FloatMatrix, outColumn: Int = 0
    ) {
        check(parameters, placement, arena, workspace)
        terms.check(parameters.heads)
        let width = parameters.heads * placement.headDim
        for row in rows {
            let tokens = row.queryStart..<row.queryStart + row.queryLength
            check(q, tokens, column, width)
            check(out, tokens, outColumn, parameters.heads * placement.valueDim)
            check(row, blockTable, parameters, placement, arena)
            precondition(
                terms.slopes.isEmpty || row.contextLength <= HeadTerms.slopedContext,
                "a context too long for slopes")
        }
        let plan = plan ?? workspace.planned(rows, parameters, placement, threads: pool.threads)
        precondition(
            plan.rows == rows.count && plan.parameters == parameters
                && plan.kvHeads == placement.kvHeads && plan.headDim == placement.headDim,
            "a plan for another step or layer")
        let layer = AttentionLayer(
            table: table, q: q, column: column, blockTable: blockTable, parameters: parameters,
            terms: terms, placement: placement, arena: arena, workspace: workspace, plan: plan,
            out: out, outColumn: outColumn)
        if plan.isShared {
            pool.run(tasks: plan.items.count, layer)
        } else {
            for index in plan.items.indices { layer.run(task: index, worker: 0) }
        }
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
        precondition(row.contextLength <= Int(QK_ATTENTION_POSITIONS), "a context too long")
        guard row.queryLength > 0 else { return }
        let firstSeen = parameters.firstSeen(row.firstPosition)
        let first = row.tableStart + firstSeen / placement.blockSize
        let last = row.tableStart + (row.contextLength - 1) / placement.blockSize
        precondition(last < blockTable.count, "a context beyond its block table")
        for index in first...last {
            precondition(Int(blockTable[index]) < arena.pages, "a block beyond the arena")
        }
    }
}

/// A layer's attention in a step, which threads share item by item.
private struct AttentionLayer: PoolWork {
    let table: KernelTable
    let q: FloatMatrix
    let column: Int
    let blockTable: [UInt32]
    let parameters: AttentionParameters
    let terms: HeadTerms
    let placement: KVPlacement
    let arena: KVArena
    let workspace: AttentionWorkspace
    let plan: AttentionPlan
    let out: FloatMatrix
    let outColumn: Int

    func run(task: Int, worker: Int) {
        let item = plan.items[task]
        let group = parameters.heads / placement.kvHeads
        let head = item.kvHead * group + item.heads.lowerBound
        unsafe blockTable.withUnsafeBufferPointer { blockTable in
            guard let start = blockTable.baseAddress else { return }
            let keys = placement.headOffset(arena.element, head: item.kvHead, keys: true)
            let values = placement.headOffset(arena.element, head: item.kvHead, keys: false)
            var call = unsafe qk_attention(
                q: q.pointer(item.token, column + head * placement.headDim), q_stride: q.stride,
                out: out.pointer(item.token, outColumn + head * placement.valueDim),
                out_stride: out.stride,
                queries: Int32(item.queries), group: Int32(item.heads.count),
                head_dim: Int32(placement.headDim), value_dim: Int32(placement.latentDim ?? 0),
                first_position: Int64(item.firstPosition),
                window: Int64(parameters.window ?? 0), chunked: parameters.isChunked,
                arena: arena.pointer(page: 0, offset: placement.offset),
                page_bytes: arena.stride, key_offset: keys, value_offset: values,
                table: start + item.tableStart, block_size: Int64(placement.blockSize),
                kv_type: arena.element.code, scale: parameters.scale,
                soft_cap: parameters.softCap ?? 0, sinks: nil, slopes: nil,
                scratch: workspace.memory.pointer(worker), states: nil, left: nil,
                item: Int32(item.share), items: Int32(item.shares), level: Int32(item.level))
            if let states = item.states {
                unsafe call.states = workspace.states.pointer(0, states)
                unsafe call.left = plan.counter(item.counter)
            }
            unsafe terms.withAddresses(from: head) { sinks, slopes in
                unsafe (call.sinks, call.slopes) = (sinks, slopes)
                unsafe table.c.pointee.attention(&call)
            }
        }
    }
}
