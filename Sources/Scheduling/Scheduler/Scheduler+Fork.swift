import KVCache
import QuireIdentifiers

extension Scheduler {
    /// Splits a sequence: the children share its blocks and have a token of their own.
    ///
    /// A child stands where its parent stands in the order. One for which the batch has no place
    /// waits as if it had been preempted.
    mutating func fork(_ slot: Int, own: TokenID?, _ forks: [Fork]) {
        // It may wait already, if it was held meanwhile.
        let waits = table.states[slot].phase == .waiting
        precondition(
            waits || table.states[slot].pending == 0,
            "request \(table.states[slot].id) was forked before its last position")
        let branches = max(1, table.states[slot].request.branches - forks.count)
        var freed = own == nil
        for fork in forks {
            // The parent that ends leaves its place to a child.
            let fits = !waits && (batch.count < configuration.maxRunning || freed)
            if batch.count >= configuration.maxRunning { freed = false }
            bear(fork, of: slot, inBatch: fits)
        }
        if let own {
            table.states[slot].request.branches = branches
            table.states[slot].reservation = peakBlocks(
                of: table.states[slot].request, limit: table.states[slot].lengthLimit)
            table.states[slot].forked = table.states[slot].forked || (!waits && !forks.isEmpty)
            append(own, to: slot, waiting: waits)
        } else {
            remove(slot)
        }
    }

    /// Makes one child.
    private mutating func bear(_ fork: Fork, of parent: Int, inBatch: Bool) {
        precondition(
            table.slot(of: fork.sequence) == nil, "fork \(fork.sequence) is waiting or running")
        var child = table.states[parent]
        child = RequestState(child, forkedAs: fork, serial: nextSerial)
        nextSerial += 1
        let longest = cache.layout.maxModelLength
        let prompt = child.request.prompt.count
        child.lengthLimit = prompt + min(child.request.maxTokens, longest - prompt)
        child.reservation = peakBlocks(of: child.request, limit: child.lengthLimit)
        if inBatch {
            child.blocks = cache.fork(table.states[parent].blocks)
        } else {
            child.blocks = cache.makeSequence()
            child.computed = 0
            child.preemptions += 1
            child.forked = false
        }
        child.room = 0
        let slot = table.insert(child)
        if inBatch {
            enter(slot)
        } else {
            enqueue(slot)
            counts.preemptions[.forkedIntoFullBatch, default: 0] += 1
            actions.append(
                .preempted(
                    fork.sequence,
                    Preemption(
                        reason: .forkedIntoFullBatch, how: .recompute, recomputedTokens: 0)))
        }
        append(fork.token, to: slot, waiting: !inBatch)
    }

    /// Takes a child's own token in, wherever the child is.
    private mutating func append(_ token: TokenID, to slot: Int, waiting: Bool) {
        guard waiting else { return append(token, to: slot) }
        table.states[slot].tokens.append(token)
        waitingTokens += 1
        noteGenerated(1, by: slot)
        if table.states[slot].total >= table.states[slot].lengthLimit { end(slot, .length) }
    }
}

extension RequestState {
    /// A parent's state under a child's name.
    init(_ parent: RequestState, forkedAs fork: Fork, serial: UInt64) {
        self = RequestState(
            request: parent.request, tokens: parent.tokens, computed: parent.computed,
            phase: parent.phase, blocks: parent.blocks, keys: parent.keys,
            lengthLimit: parent.lengthLimit, nextOutput: parent.nextOutput,
            queued: parent.queued, started: parent.started, cachedTokens: parent.cachedTokens,
            serial: serial, position: parent.position, lane: parent.lane, level: parent.level,
            forked: true, announced: parent.announced, mostComputed: parent.mostComputed)
        request.id = fork.sequence
        request.branches = 1
        if let maxTokens = fork.maxTokens { request.maxTokens = maxTokens }
    }
}
