import DequeModule
import KVCache
import QuireIdentifiers

extension Scheduler {
    /// Admits from the queue while the budget, the batch and the pool last, requests of class
    /// `level` or a better one.
    ///
    /// In the policy's order and without skipping: a request that cannot run yet holds back all
    /// others.
    mutating func admit(upTo level: Int, into plan: inout StepPlan) {
        while waitingCount > 0, step.stop == nil, !step.preempted {
            guard step.tokens > 0, step.outputs > 0, hasPrefillTime else {
                step.stop = .budget
                return
            }
            guard let lane = order.nextLane(of: queueView) else {
                step.stop = .batch
                return
            }
            precondition(laneCounts[lane] > 0, "the order policy chose an empty lane")
            step.lane = lane
            let slot = candidate(of: lane)
            guard currentLevel(slot) <= level else { return }
            table.states[slot].level = currentLevel(slot)
            guard hasPlace(for: slot) else {
                step.stop = .slots
                return
            }
            guard hasRoom(for: slot) else {
                table.states[slot].reason = .blocks
                table.states[slot].consideredStep = step.number
                step.stop = .blocks
                if batch.isEmpty { step.stuckHead = slot }
                return
            }
            start(slot)
            prefill(slot, into: &plan)
        }
        if step.preempted, step.stop == nil { step.stop = .blocks }
    }

    var queueView: QueueView { QueueView(waiting: laneCounts, running: step.runningAtStart) }

    /// Whether a prompt would get any token.
    private var hasPrefillTime: Bool {
        guard let seconds = step.prefillSeconds else { return true }
        return step.minPrefill > 0 || stepTime.tokens(within: seconds, from: 0, atMost: 1) > 0
    }

    /// The class of the request that is next; nil when none waits.
    mutating func headLevel() -> Int? {
        guard waitingCount > 0, step.stop == nil, !step.preempted else { return nil }
        guard let lane = order.nextLane(of: queueView) else {
            step.stop = .batch
            return nil
        }
        return lanes[lane].first.map { currentLevel($0) }
    }

    func currentLevel(_ slot: Int) -> Int {
        order.level(
            of: table.states[slot].request, arrival: table.states[slot].arrival, now: step.now)
    }

    /// The request of a lane that the policy picks.
    private mutating func candidate(of lane: Int) -> Int {
        let window = min(order.window, lanes[lane].count)
        guard window > 1 else { return lanes[lane][0] }
        step.candidates.removeAll(keepingCapacity: true)
        for place in 0..<window {
            let slot = lanes[lane][place]
            let waited = step.now - table.states[slot].arrival
            let cached =
                cache.configuration.prefixCaching
                ? table.states[slot].match(in: cache).tokens : 0
            step.candidates.append(
                OrderCandidate(
                    waited: waited, cachedTokens: cached, tokens: table.states[slot].total))
        }
        let pick = order.pick(among: step.candidates)
        precondition(pick >= 0 && pick < window, "the order policy picked nobody")
        return lanes[lane][pick]
    }

    /// Moves a request from the queue into the batch. It has no blocks yet: `prefill` takes what
    /// the cache has.
    private mutating func start(_ slot: Int) {
        let first = table.states[slot].preemptions == 0
        var cached = 0
        table.states[slot].makeRoom(in: cache)
        if first, cache.configuration.prefixCaching {
            cached = table.states[slot].match(in: cache).tokens
        }
        dequeue(slot)
        order.note(
            .left(
                lane: table.states[slot].lane,
                prompt: first ? table.states[slot].request.prompt.count : 0, cached: cached))
        table.states[slot].announced = false
        table.states[slot].cachedTokens = 0
        enter(slot)
    }

    /// Whether the batch has a place, if need be taken from a worse class.
    private mutating func hasPlace(for slot: Int) -> Bool {
        if batch.count < configuration.maxRunning { return true }
        guard configuration.classPreemption == .blocksAndSlots,
            let victim = victim(below: table.states[slot].level)
        else { return false }
        guard canFit(slot, without: [victim]) else { return false }
        preempt(victim, .prioritySlot)
        return true
    }

    /// Whether the pool has room, if need be taken from worse classes: only if they have enough.
    private mutating func hasRoom(for slot: Int) -> Bool {
        if canFit(slot, without: []) { return true }
        // Held requests wait for running ones to be computed: when none runs, they only take room.
        if batch.isEmpty {
            while dropHeld() { if canFit(slot, without: []) { return true } }
        }
        guard configuration.classPreemption != .none else { return false }
        let level = table.states[slot].level
        let worse = batch.filter { isVictim($0, below: level) }
        guard !worse.isEmpty, canFit(slot, without: worse) else { return false }
        while !canFit(slot, without: []) {
            guard let victim = victim(below: level) else { return false }
            preempt(victim, .priorityBlocks)
        }
        return true
    }
}
