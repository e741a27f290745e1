import DequeModule
import KVCache
import QuireIdentifiers

extension Scheduler {
    /// Makes the next step; empty when there is nothing to do.
    ///
    /// After a plan that is not empty comes `complete(_:elapsed:)` or `abandon()`.
    ///
    /// - Parameters:
    ///   - plan: takes the step; what it held is dropped and its memory used again.
    ///   - now: the caller's clock; it never goes back.
    /// - Complexity: O(rows + block table entries of the rows + tenants for each admission).
    package mutating func plan(into plan: inout StepPlan, now: Duration) {
        precondition(inFlight.isEmpty, "the step before is not completed")
        plan.removeAll()
        begin(now: now)
        injectPreemption()
        step.runningAtStart = batch.count
        // Not `batch` itself: preempted requests leave it, admitted ones enter it.
        step.batch.removeAll(keepingCapacity: true)
        step.batch.append(contentsOf: batch)
        measureDecodes()
        var start = 0
        while true {
            let queueLevel = headLevel()
            let admitted = nextTicket
            let batchLevel = start < step.batch.count ? table.states[step.batch[start]].level : nil
            guard queueLevel != nil || batchLevel != nil else { break }
            let level = min(queueLevel ?? .max, batchLevel ?? .max)
            var end = start
            while end < step.batch.count, table.states[step.batch[end]].level <= level { end += 1 }
            // Decodes first: answers that have begun keep their pace, whatever prompts arrive.
            for place in start..<end { decode(step.batch[place], into: &plan) }
            for place in start..<end { prefill(step.batch[place], into: &plan) }
            start = end
            admit(upTo: level, into: &plan)
            // A policy that picks a request of a worse class than its lane's head must wait until
            // that class is planned.
            if batchLevel == nil, nextTicket == admitted { break }
        }
        if plan.rows.isEmpty { finishStuck() }
        cache.takeTransfers(into: &plan.transfers)
    }

    /// The next step, in memory of its own.
    package mutating func plan(now: Duration) -> StepPlan {
        var plan = StepPlan(groups: cache.layout.groups.count)
        self.plan(into: &plan, now: now)
        return plan
    }

    private mutating func begin(now: Duration) {
        cache.refresh(now: now)
        step.number += 1
        step.now = now
        step.tokens = configuration.maxStepTokens
        step.outputs = configuration.maxStepOutputs
        step.prefillSeconds = nil
        step.minPrefill = configuration.minPrefill
        step.plannedTokens = 0
        step.attended = 0
        step.drafted = 0
        step.preempted = false
        step.stop = nil
        step.stuckHead = nil
        step.firstUnseen = nextSerial
        step.leading.removeAll(keepingCapacity: true)
        step.borrowers.removeAll(keepingCapacity: true)
        if levelsChange { refreshLevels() }
    }

    /// Gives running requests the classes that they have by now, as waiting ones have theirs: a
    /// class that stood still would fall behind that of a request which waits, and the two would
    /// take each other's place for ever.
    private mutating func refreshLevels() {
        var isSorted = true
        var before: (level: Int, ticket: UInt64)?
        for slot in batch {
            let here = (level: currentLevel(slot), ticket: table.states[slot].ticket)
            table.states[slot].level = here.level
            if let before { isSorted = isSorted && before < here }
            before = here
        }
        guard !isSorted else { return }
        batch = batch.sorted { one, other in
            (table.states[one].level, table.states[one].ticket)
                < (table.states[other].level, table.states[other].ticket)
        }
    }

    /// Gives a request that decodes its token.
    private mutating func decode(_ slot: Int, into plan: inout StepPlan) {
        // One that was preempted in this step and came back in it, in a better class, has its row.
        guard table.states[slot].phase == .running, table.states[slot].isDecoding,
            table.states[slot].consideredStep != step.number
        else { return }
        table.states[slot].consideredStep = step.number
        guard step.tokens > 0, step.outputs > 0 else {
            table.states[slot].reason = .budget
            return
        }
        if !table.states[slot].drafts.isEmpty, decodeDrafts(slot, into: &plan) { return }
        let start = table.states[slot].computed
        // Of 16 decoded tokens 15 need no block.
        let hasRoom = start < table.states[slot].room && !table.states[slot].forked && !hasWindows
        guard hasRoom || grow(slot, from: start, to: start + 1) else {
            table.states[slot].reason = .blocks
            return
        }
        emitDecode(slot, at: start, into: &plan)
    }

    /// Writes the row of a request that decodes: what `emit` does for one token without drafts.
    private mutating func emitDecode(_ slot: Int, at start: Int, into plan: inout StepPlan) {
        // The last known token: `computed` is one behind `total`.
        guard table.states[slot].request.maxTokens > 0, table.states[slot].nextOutput <= start
        else { return emit(slot, from: start, to: start + 1, into: &plan) }
        plan.appendDecode(
            table.states[slot].request.id, token: table.states[slot].tokens[start], at: start)
        if plan.hasBlockTables { plan.appendTables(table.states[slot].blocks) }
        table.states[slot].scheduled = 1
        table.states[slot].reason = nil
        if table.states[slot].started == nil { table.states[slot].started = step.now }
        inFlight.append(slot)
        step.tokens -= 1
        step.outputs -= 1
        step.plannedTokens += 1
        step.attended += start + 1
        if (start + 1) % cache.layout.blockSize == 0, cache.configuration.prefixCaching {
            table.states[slot].commit(in: &cache, upTo: start + 1)
        }
    }

    /// Makes the blocks for tokens that are about to be written, if need be at the cost of others;
    /// false when it must wait.
    mutating func grow(_ slot: Int, from start: Int, to end: Int) -> Bool {
        cache.trim(&table.states[slot].blocks, computed: start)
        let writesFrom = table.states[slot].forked ? start : nil
        while !cache.grow(&table.states[slot].blocks, tokens: end, from: writesFrom) {
            guard makeWay(for: slot) else { return false }
        }
        table.states[slot].noteRoom(blockSize: cache.layout.blockSize)
        return true
    }

    /// Writes a request's row, whose last tokens may be drafts.
    mutating func emit(
        _ slot: Int, from start: Int, to end: Int, drafts: Int = 0, into plan: inout StepPlan
    ) {
        let count = end - start
        let known = end - drafts
        if drafts > 0 {
            let proposed = table.states[slot].drafts
            table.states[slot].tokens.append(contentsOf: proposed.prefix(drafts))
        }
        let outputs = min(count, max(0, end - table.states[slot].nextOutput))
        let total = table.states[slot].total - drafts
        plan.append(
            table.states[slot].id, tokens: table.states[slot].tokens[start..<end], at: start,
            blocks: table.states[slot].blocks, outputs: outputs,
            samples: known == total && table.states[slot].request.maxTokens > 0, drafts: drafts)
        if drafts > 0 {
            table.states[slot].tokens.removeLast(drafts)
            table.states[slot].drafted = drafts
            step.drafted += drafts
        }
        table.states[slot].scheduled = count
        table.states[slot].fetches = 0
        table.states[slot].reason = nil
        if table.states[slot].started == nil { table.states[slot].started = step.now }
        inFlight.append(slot)
        step.tokens -= count
        step.outputs -= outputs
        step.plannedTokens += count
        step.attended += count * start + count * (count + 1) / 2
        let blockSize = cache.layout.blockSize
        if start / blockSize != known / blockSize, cache.configuration.prefixCaching {
            table.states[slot].commit(in: &cache, upTo: known)
        }
    }

    /// Notes what the decoding requests will cost, when there is a target to keep.
    private mutating func measureDecodes() {
        guard let target = configuration.interTokenTarget else { return }
        var decodes = 0
        var attended = 0
        for slot in batch where table.states[slot].isDecoding {
            decodes += 1
            attended += table.states[slot].total
        }
        guard decodes > 0 else { return }
        // Until the model is fitted, prompts go by the least share.
        step.prefillSeconds =
            stepTime.isFitted
            ? max(0, target.seconds - stepTime.seconds(tokens: decodes, attended: attended)) : 0
    }

    /// Ends a request that cannot go on though all others have made room for it, because pins hold
    /// the blocks that it was promised at its submission: no other request would ever free them.
    private mutating func finishStuck() {
        guard let slot = batch.first ?? step.stuckHead, table.states[slot].reason == .blocks else {
            return
        }
        var needed = cache.layout.peakBlocks(
            tokens: table.states[slot].total, chunk: configuration.maxChunk)
        if configuration.admission.kind == .reserve, table.states[slot].phase == .waiting {
            // All its branches must fit before it begins.
            let copies = copies(of: table.states[slot].request)
            needed = max(needed, table.states[slot].reservation + copies)
        }
        if needed > cache.layout.capacity - cache.gauges.pinned { end(slot, .failed) }
    }
}

extension RequestState {
    /// Whether all but its last token is computed: the next step can give it a token.
    var isDecoding: Bool { total - computed == 1 }
}

extension Duration {
    /// As a floating-point number.
    var seconds: Double {
        let parts = components
        return Double(parts.seconds) + Double(parts.attoseconds) * 1e-18
    }
}
