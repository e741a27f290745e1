import DequeModule
import KVCache
import QuireIdentifiers

extension Scheduler {
    /// Queues a request.
    ///
    /// - Parameters:
    ///   - request: what to do.
    ///   - now: the caller's clock.
    /// - Throws: `SchedulingError`, when the request can never run or too many wait.
    /// - Complexity: O(log n + requests behind it in its lane).
    package mutating func submit(_ request: Request, now: Duration) throws(SchedulingError) {
        let limit = try lengthLimit(of: request)
        let reservation = peakBlocks(of: request, limit: limit)
        // Without a reservation only one branch must fit, since they are preempted one by one. With
        // one, what `canFit` will ask for when nobody else runs.
        let needed =
            configuration.admission.kind == .reserve
            ? reservation + copies(of: request)
            : cache.layout.peakBlocks(
                tokens: max(request.prompt.count, limit - 1), chunk: configuration.maxChunk)
        guard needed <= cache.layout.capacity else {
            throw SchedulingError(
                .tooManyBlocks,
                "the request may take \(needed) blocks (\(request.prompt.count) tokens of prompt, "
                    + "\(limit - request.prompt.count) of answer, \(request.branches) branches) "
                    + "and the cache has \(cache.layout.capacity) in all; ask for fewer tokens or "
                    + "branches, or enlarge the cache")
        }
        guard waitingCount < configuration.maxWaiting else {
            throw SchedulingError(
                .queueFull,
                "\(waitingCount) requests are waiting, which is the bound; try again later")
        }
        let tokens = waitingTokens + request.prompt.count
        guard waitingCount == 0 || tokens <= configuration.maxWaitingTokens else {
            throw SchedulingError(
                .queueFull,
                "\(waitingTokens) tokens of prompts are waiting and \(request.prompt.count) more "
                    + "are over the bound of \(configuration.maxWaitingTokens); try again later")
        }
        let arrival = request.arrival ?? now
        var state = RequestState(
            request: request, tokens: request.prompt, blocks: cache.makeSequence(),
            keys: PrefixKeys(scope: request.scope), lengthLimit: limit,
            nextOutput: request.firstOutput, queued: now, serial: nextSerial,
            position: order.position(of: request, arrival: arrival),
            lane: order.lane(of: request))
        state.reservation = reservation
        nextSerial += 1
        enqueue(table.insert(state))
    }

    private func lengthLimit(of request: Request) throws(SchedulingError) -> Int {
        let longest = cache.layout.maxModelLength
        guard !request.prompt.isEmpty else {
            throw SchedulingError(
                .emptyPrompt, "the prompt has no tokens; give at least one to start from")
        }
        guard request.maxTokens >= 0, request.prompt.indices.contains(request.firstOutput) else {
            throw SchedulingError(
                .invalidRequest,
                "\(request.maxTokens) new tokens with logits from position \(request.firstOutput) "
                    + "on make no request; the first must not be negative and the second lie in "
                    + "the prompt of \(request.prompt.count) tokens")
        }
        guard request.weight > 0, request.weight.isFinite else {
            throw SchedulingError(
                .invalidRequest, "a weight of \(request.weight) shares nothing; give one above 0")
        }
        guard 1...SchedulingLimits.maxBranches ~= request.branches else {
            throw SchedulingError(
                .invalidRequest,
                "\(request.branches) branches are not between 1 and "
                    + "\(SchedulingLimits.maxBranches)")
        }
        guard request.prompt.count + min(request.maxTokens, 1) <= longest else {
            throw SchedulingError(
                .promptTooLong,
                "the prompt (\(request.prompt.count) tokens) plus at least "
                    + "\(min(request.maxTokens, 1)) new token is longer than the maximum context "
                    + "length of \(longest) tokens; shorten the prompt or raise the context length")
        }
        guard table.slot(of: request.id) == nil else {
            throw SchedulingError(
                .duplicateRequest, "request \(request.id) is waiting or running already")
        }
        let room = longest - request.prompt.count
        return request.prompt.count + min(request.maxTokens, room)
    }

    /// Blocks that a request takes at most, all its branches together.
    ///
    /// The last token is sampled and never fed back: it needs no slot. Branches share the whole
    /// blocks of the prompt for good; what they share of a window one of them may hold for long
    /// after the others have moved on, so that each is counted with a window more.
    func peakBlocks(of request: Request, limit: Int) -> Int {
        let layout = cache.layout
        let kept = max(request.prompt.count, limit - 1)
        let one = layout.peakBlocks(tokens: kept, chunk: configuration.maxChunk)
        guard request.branches > 1 else { return one }
        let fullGroups = layout.groups.count(where: \.isFull)
        let shared = fullGroups * (request.prompt.count / layout.blockSize)
        let windows = one - fullGroups * ((kept + layout.blockSize - 1) / layout.blockSize)
        return one + (request.branches - 1) * (one - shared + windows)
    }

    func goesBefore(_ left: Int, _ right: Int) -> Bool {
        let (one, other) = (table.states[left].position, table.states[right].position)
        return one == other ? table.states[left].serial < table.states[right].serial : one < other
    }

    /// Puts a request into the queue, where its position is.
    mutating func enqueue(_ slot: Int) {
        let lane = table.states[slot].lane
        while lanes.count <= lane {
            lanes.append([])
            laneCounts.append(0)
        }
        order.note(.queued(lane: lane, waiting: laneCounts))
        table.states[slot].phase = .waiting
        table.states[slot].reason = .arrived
        lanes[lane].insert(slot, at: place(of: slot, in: lane))
        laneCounts[lane] += 1
        waitingCount += 1
        waitingTokens += table.states[slot].total
    }

    /// Takes a request out of the queue.
    mutating func dequeue(_ slot: Int) {
        let lane = table.states[slot].lane
        let place = place(of: slot, in: lane)
        precondition(lanes[lane][place] == slot, "a waiting request is not in its place")
        lanes[lane].remove(at: place)
        laneCounts[lane] -= 1
        waitingCount -= 1
        waitingTokens -= table.states[slot].total
    }

    /// Where a request is in its lane, or belongs.
    private func place(of slot: Int, in lane: Int) -> Int {
        var low = 0
        var high = lanes[lane].count
        while low < high {
            let middle = (low + high) / 2
            if goesBefore(lanes[lane][middle], slot) {
                low = middle + 1
            } else {
                high = middle
            }
        }
        return low
    }

    /// Puts a request into the batch, behind those of its class.
    mutating func enter(_ slot: Int) {
        table.states[slot].phase = .running
        table.states[slot].ticket = nextTicket
        nextTicket += 1
        let level = table.states[slot].level
        var place = batch.count
        while place > 0, table.states[batch[place - 1]].level > level { place -= 1 }
        batch.insert(slot, at: place)
    }

    /// Takes a request out of the batch.
    mutating func leave(_ slot: Int) {
        guard let place = batch.firstIndex(of: slot) else {
            preconditionFailure("a running request is not in the batch")
        }
        batch.remove(at: place)
    }
}
