import KVCache

extension Scheduler {
    /// Whether a waiting request may be admitted, if the given running ones were preempted.
    ///
    /// If all running requests and this one fit at their longest, it is admitted under every
    /// policy: the policies differ in what else they admit.
    ///
    /// - Complexity: O(blocks of its prompt + running requests, sorted).
    mutating func canFit(_ slot: Int, without victims: [Int]) -> Bool {
        // A swapped request shares only what happens to be still there.
        let match =
            cache.configuration.prefixCaching && table.states[slot].swap == nil
            ? table.states[slot].match(in: cache) : nil
        let freed = victims.reduce(0) { $0 + table.states[$1].privateBlocks(in: cache) }
        let available = cache.gauges.allocatable + freed
        // Hits on referenced blocks cost nothing; hits on unreferenced ones take them from the free
        // blocks.
        let hits = match?.heldHits ?? 0
        let now = max(0, peak(slot, after: 0) - hits)
        guard now <= available else { return false }
        let others = batch.count - victims.count
        switch configuration.admission.kind {
        case .reserve: break
        case .fixed(let headroom):
            if others == 0 { return true }
            if now + spare(headroom) + returnMargin(slot, others) <= available { return true }
        case .growth(let headroom):
            if others == 0 { return true }
            if now + spare(headroom) + returnMargin(slot, others) <= available {
                prepareForecast(slot, needs: now, without: victims)
                let pool = Double(cache.gauges.allocatable + cache.gauges.used)
                let limit = pool - Double(spare(headroom))
                if forecast.bound <= limit || forecast.peak() <= limit { return true }
            }
        }
        guard now + neededInStep(besides: slot, without: victims) <= available else { return false }
        let returning = cache.returningBlocks
        let needed = promised(slot, match, returning: returning, without: victims)
        return needed <= available + returning
    }

    /// Blocks that all running requests may still take, the one to be admitted included.
    ///
    /// Of its hits those do not count that it may lose: blocks that the step being planned fills,
    /// because the step may fail, and blocks held only by a copy.
    private func promised(
        _ slot: Int, _ match: PrefixMatch?, returning: Int, without victims: [Int]
    ) -> Int {
        let hits = max(0, (match?.heldHits ?? 0) - (match?.pendingHits ?? 0) - returning)
        var promised = max(0, table.states[slot].reservation - hits)
        // Blocks of a window that it will share no longer count as owned by the other request.
        promised += match?.soleWindowHits ?? 0
        promised += copiesOfForks(slot)
        for other in batch where !victims.contains(other) {
            promised += table.states[other].unreserved(in: cache) + copiesOfForks(other)
        }
        for other in heldWithBlocks {
            promised += table.states[other].unreserved(in: cache) + copiesOfForks(other)
        }
        return promised
    }

    /// Held requests that were promised anything: one that gave up its blocks is admitted anew.
    var heldWithBlocks: [Int] { held.filter { table.states[$0].blocks.liveCount > 0 } }

    /// Whether every request still has the blocks that it was promised when a running request
    /// shares what was matched.
    ///
    /// Without a reservation nothing was promised.
    func keepsPromises(_ slot: Int, _ match: PrefixMatch) -> Bool {
        guard configuration.admission.kind == .reserve, match.soleWindowHits > 0 else {
            return true
        }
        let promised = (batch + heldWithBlocks).reduce(0) {
            $0 + table.states[$1].unreserved(in: cache)
        }
        return promised + match.soleWindowHits - match.heldHits
            <= cache.gauges.allocatable + cache.returningBlocks
    }

    /// Blocks that copies hold until a step is done, while a request's branches part.
    private func copiesOfForks(_ slot: Int) -> Int {
        table.states[slot].forked
            ? cache.layout.groups.count : copies(of: table.states[slot].request)
    }

    /// Blocks that copies will hold when a request is forked.
    func copies(of request: Request) -> Int {
        request.branches > 1 ? cache.layout.groups.count : 0
    }

    /// Free blocks that running requests were promised: whoever else takes one breaks the promise.
    ///
    /// - Complexity: O(blocks of the running requests) under `reserve`.
    var promisedBlocks: Int {
        guard configuration.admission.kind == .reserve else { return 0 }
        let promised = (batch + heldWithBlocks).reduce(0) {
            $0 + table.states[$1].unreserved(in: cache) + copiesOfForks($1)
        }
        return max(0, promised - cache.returningBlocks)
    }

    /// Blocks that running requests which have not been planned in this step may take in it.
    func neededInStep(besides slot: Int, without victims: [Int] = []) -> Int {
        var needed = 0
        for other in batch
        where table.states[other].consideredStep != step.number && other != slot
            && !victims.contains(other)
        {
            if table.states[other].swap != nil {
                needed += peak(other, after: 0)
            } else {
                let computed = table.states[other].computed
                needed += cache.blocksToGrow(
                    table.states[other].blocks,
                    tokens: min(table.states[other].total, computed + configuration.maxChunk),
                    from: table.states[other].forked ? computed : nil)
            }
        }
        return needed
    }

    private func spare(_ headroom: Double) -> Int {
        Int(headroom * Double(cache.layout.capacity))
    }

    /// A preempted request returns only when every request could grow by a block: otherwise it
    /// would be preempted again at once.
    private func returnMargin(_ slot: Int, _ others: Int) -> Int {
        table.states[slot].preemptions > 0 ? (others + 1) * cache.layout.groups.count : 0
    }

    /// Lists what every request holds and will take, shared blocks divided among their holders.
    private mutating func prepareForecast(_ slot: Int, needs now: Int, without victims: [Int]) {
        let held = batch.reduce(0) { $0 + table.states[$1].blocks.liveCount }
        let share = held == 0 ? 1 : Double(min(held, cache.gauges.used)) / Double(held)
        forecast.removeAll()
        for other in batch where !victims.contains(other) {
            let live = table.states[other].blocks.liveCount
            let known = peak(other, after: 0)
            forecast.append(
                held: Double(live) * share + Double(max(0, known - live)),
                growth: growth(other, from: known))
        }
        let known = peak(slot, after: 0)
        forecast.append(held: Double(now), growth: growth(slot, from: known))
    }

    private func peak(_ slot: Int, after tokens: Int) -> Int {
        cache.layout.peakBlocks(
            tokens: table.states[slot].total + tokens, chunk: configuration.maxChunk)
    }

    /// Blocks that a request is expected to take until its end, of all its branches.
    private func growth(_ slot: Int, from known: Int) -> AdmissionForecast.Growth {
        // Not a copy of the state: it is large, and there is one for each running request.
        let left = max(0, table.states[slot].lengthLimit - 1 - table.states[slot].total)
        let generated = table.states[slot].generated
        let expected = min(left, Int(answerLengths.remaining(after: generated)))
        let blocks = max(0, peak(slot, after: expected) - known)
        return .init(steps: expected, blocks: Double(blocks * table.states[slot].request.branches))
    }
}

extension RequestState {
    /// Blocks that the request was promised and does not hold for good.
    ///
    /// It holds a block for good when it is the only holder, or when the block is full and its
    /// group keeps all: a shared block that it will write must be copied, and one that leaves the
    /// window is given back while others still hold it.
    func unreserved(in cache: PagedCache) -> Int {
        var held = 0
        for (index, table) in blocks.tables.enumerated() {
            let isFull = cache.layout.groups[index].isFull
            let whole = isFull ? min(table.blocks.count, computed / cache.layout.blockSize) : 0
            held += whole
            for entry in max(whole, table.released)..<table.blocks.count
            where cache.pool.referenceCount(of: table.blocks[entry]) == 1 {
                held += 1
            }
        }
        return max(0, reservation - held)
    }

    /// Blocks that no other request holds: what its preemption frees.
    func privateBlocks(in cache: PagedCache) -> Int {
        var count = 0
        for table in blocks.tables {
            for entry in table.released..<table.blocks.count
            where cache.pool.referenceCount(of: table.blocks[entry]) == 1 {
                count += 1
            }
        }
        return count
    }
}
