import KVCache
import QuireEngine
import QuireIdentifiers
import Scheduling

extension ChaosRun {
    /// All that must hold after a turn.
    func check() throws(ChaosFailure) {
        if let fault = executor.faults.first { throw ChaosFailure(.executor, fault) }
        loop.withScheduler { $0.checkInvariants() }
        try checkCounts()
        if let batch = loop.cacheEvents(from: mirror.position) {
            for event in batch.events { note("turn \(turn): \(ChaosMirror.text(of: event))") }
            if let fault = mirror.take(batch) { throw ChaosFailure(.events, fault) }
        }
        for index in clients.indices where clients[index].id != nil { try poll(index) }
        try checkOrder()
    }

    /// Counts never fall, and agree with what the executor did.
    private func checkCounts() throws(ChaosFailure) {
        let statistics = loop.statistics
        let (now, before) = (statistics.scheduling, seen.statistics.scheduling)
        let report = executor.report
        func require(_ holds: Bool, _ text: @autoclosure () -> String) throws(ChaosFailure) {
            if !holds { throw ChaosFailure(.statistics, text()) }
        }
        let gauges = now.usedBlocks + now.cachedBlocks + now.freeBlocks
        try require(
            gauges == layout.capacity,
            "\(gauges) blocks are used, cached or free of "
                + "\(layout.capacity)")
        try require(
            now.steps == report.steps - report.failures,
            "\(now.steps) steps were counted of \(report.steps - report.failures)")
        try require(
            statistics.failedSteps == report.failures,
            "\(statistics.failedSteps) failed steps were counted of \(report.failures)")
        try require(
            now.computedTokens == report.tokens,
            "\(now.computedTokens) tokens were counted of \(report.tokens)")
        try require(
            now.draftTokens == report.drafts,
            "\(now.draftTokens) drafts were counted of \(report.drafts)")
        try require(
            now.acceptedDrafts <= now.draftTokens && now.hitTokens <= now.queriedTokens
                && now.recomputedTokens <= now.computedTokens,
            "a part is counted as more than the whole")
        try require(
            now.preemptions[.blocks] ?? 0 == 0 || script.configuration.admission != "reserve"
                || script.requests.contains { $0.beams > 0 },
            "a request lost blocks that it was promised")
        let counters = [
            \SchedulerStatistics.steps, \.computedTokens, \.recomputedTokens, \.generatedTokens,
            \.acceptedDrafts, \.prefixQueries, \.queriedTokens, \.hitTokens, \.finished,
            \.preemptionCount,
        ]
        for counter in counters {
            try require(now[keyPath: counter] >= before[keyPath: counter], "a count has fallen")
        }
        for value in [
            now.waiting, now.running, now.usedBlocks, now.cachedBlocks, now.hitTokens,
            now.preemptionCount,
        ] { digest(value) }
    }

    /// Reads what a client reads in this turn, and compares what is complete.
    private func poll(_ index: Int) throws(ChaosFailure) {
        let reads = clients[index].request.reads
        if let deadline = clients[index].deadline, turn > deadline, let id = clients[index].id {
            if loop.status(of: id, now: clock.now) != nil {
                throw ChaosFailure(.ends, "request \(index) was given up and goes on")
            }
            clients[index].deadline = nil
            try read(index)
        } else if reads > 0, turn % reads == 0 {
            try read(index)
        }
    }

    /// Takes what the engine has for a client.
    func read(_ index: Int) throws(ChaosFailure) {
        guard clients[index].stream != nil, !clients[index].hasEnded else { return }
        let (failure, merged) = clients[index].read()
        if let failure {
            throw ChaosFailure(failure.checker, "request \(index): \(failure.text)")
        }
        if merged { mark(.merged) }
        guard clients[index].hasEnded else { return }
        try checkEnd(of: index)
    }

    /// Requests of one class start in the order in which they came.
    private func checkOrder() throws(ChaosFailure) {
        for index in tickets where !clients[index].hasStarted {
            if let id = clients[index].id, let status = loop.status(of: id, now: clock.now) {
                clients[index].hasStarted =
                    status.timeline.scheduled != nil
                    || status.state == .running || status.state == .preempted
            } else {
                // It ran, or it will never.
                clients[index].hasStarted = true
            }
        }
        guard script.configuration.order == "fcfs" else { return }
        guard let first = tickets.firstIndex(where: { !clients[$0].hasStarted }) else { return }
        for later in tickets[(first + 1)...] where clients[later].hasStarted {
            guard let id = clients[later].id, loop.status(of: id, now: clock.now) != nil else {
                continue
            }
            throw ChaosFailure(
                .order, "request \(later) runs before request \(tickets[first]), which came first")
        }
    }
}

// MARK: - Ends

extension ChaosRun {
    /// Compares what a request came to with what is due.
    func checkEnd(of index: Int) throws(ChaosFailure) {
        guard !clients[index].isChecked else { return }
        clients[index].isChecked = true
        let client = clients[index]
        note("turn \(turn): request \(index) has ended")
        do {
            if let error = client.error {
                try check(error, index)
                for (choice, tokens) in client.tokens where client.request.beams == 0 {
                    try require(tokens, choice, index)
                }
            } else if client.request.beams > 0 {
                try checkBeams(index)
            } else {
                try checkAnswers(index)
            }
        } catch let failure as ChaosFailure {
            throw failure
        } catch {
            throw ChaosFailure(.answers, "the oracle has no answer to request \(index): \(error)")
        }
        for completion in client.completions.values { try checkTimes(completion, index) }
        noteEnd(client)
        digest(index)
        for choice in client.tokens.keys.sorted() {
            for token in client.tokens[choice] ?? [] { digest(Int(token.rawValue)) }
        }
    }

    private func check(_ error: EngineError, _ index: Int) throws(ChaosFailure) {
        let client = clients[index]
        let configuration = script.configuration
        let request = client.request
        let isDue: Bool
        switch error.code {
        case .executorFailed: isDue = client.sawFailure
        case .queueFull:
            isDue = configuration.waiting < 1_000 || configuration.waitingTokens < 1_000_000
            mark(error.message.contains("tokens") ? .refusedTokensFull : .refusedQueueFull)
        case .insufficientCache:
            isDue = result.marks.contains(.pinned) || isTooLarge(request)
            mark(error.message.contains("pinned") ? .endedByPins : .refusedTooLarge)
        case .promptTooLong:
            isDue = request.prompt.count + min(abs(request.maxTokens), 1) > layout.maxModelLength
            mark(.refusedTooLong)
        case .invalidLogits:
            isDue = configuration.poison < ChaosModel.vocabularySize
            mark(.endedByLogits)
        case .stopped: isDue = hasEnded || isAborting
        default: isDue = false
        }
        if !isDue { throw ChaosFailure(.ends, "request \(index) failed: \(error.message)") }
    }

    /// Whether a request may ask for more blocks than there are: what it and its branches could
    /// take if they shared nothing and windows were never left.
    private func isTooLarge(_ request: ChaosRequest) -> Bool {
        let tokens = request.prompt.count + oracle.limit(of: request)
        let branches = max(request.n, request.bestOf, request.beams)
        let blocks = (tokens / layout.blockSize + 2) * layout.groups.count * 2
        return blocks * branches > layout.capacity
    }

    private func checkTimes(_ completion: Completion, _ index: Int) throws(ChaosFailure) {
        let timeline = completion.timeline
        var times = [timeline.queued]
        times += [timeline.scheduled, timeline.firstToken, timeline.finished].compactMap { $0 }
        let preemptions = timeline.preemptions.map(\.time)
        guard times == times.sorted(), preemptions == preemptions.sorted(),
            timeline.finished.map({ $0 <= clock.now }) ?? false
        else { throw ChaosFailure(.times, "request \(index) has the times \(times)") }
    }

    /// What was read of an answer that may not be complete.
    private func require(_ tokens: [TokenID], _ choice: Int, _ index: Int) throws {
        let due = try oracle.answer(
            to: clients[index].request, branch: choice, atMost: tokens.count)
        guard due.tokens == tokens else {
            throw ChaosFailure(
                .answers, "answer \(choice) to request \(index) is \(tokens), not \(due.tokens)")
        }
    }

    private func checkAnswers(_ index: Int) throws {
        let client = clients[index]
        let request = client.request
        let drawn = max(request.n, request.bestOf)
        let wasCut = client.completions.values.contains { $0.finishReason == .cancelled }
        guard client.completions.count == request.n else {
            throw ChaosFailure(
                .ends, "request \(index) has \(client.completions.count) answers of \(request.n)")
        }
        if wasCut, !client.mayBeCancelled {
            throw ChaosFailure(.ends, "request \(index) is cancelled and nobody gave it up")
        }
        if drawn > request.n { return wasCut ? () : try checkRanked(index, drawn) }
        for choice in 0..<request.n {
            guard let completion = client.completions[choice] else {
                throw ChaosFailure(.ends, "request \(index) has no answer \(choice)")
            }
            guard completion.tokens == client.tokens[choice] ?? [],
                completion.text == client.texts[choice] ?? ""
            else {
                throw ChaosFailure(.answers, "the deltas of \(index) are not its answer")
            }
            try check(completion, choice, index)
        }
    }

    private func check(_ completion: Completion, _ branch: Int, _ index: Int) throws {
        let request = clients[index].request
        try require(completion.tokens, branch, index)
        if completion.finishReason != .cancelled {
            let due = try oracle.answer(to: request, branch: branch)
            let reason = oracle.limit(of: request) == 0 ? .length : due.reason
            guard completion.tokens == due.tokens, completion.finishReason == reason,
                completion.text == due.text
            else {
                throw ChaosFailure(
                    .answers,
                    "answer \(branch) to request \(index) ends by \(completion.finishReason) with "
                        + "\(completion.tokens), not by \(due.reason.map { "\($0)" } ?? "nothing") "
                        + "with \(due.tokens)")
            }
        }
        guard let report = completion.promptLogprobs else { return }
        let dueReport = try oracle.promptReport(of: request, atMost: report.count) ?? []
        guard dueReport.starts(with: report),
            completion.finishReason == .cancelled || report.count == request.prompt.count
        else { throw ChaosFailure(.answers, "the report on the prompt of \(index) is wrong") }
    }

    /// Answers of which the best are given.
    private func checkRanked(_ index: Int, _ drawn: Int) throws {
        let client = clients[index]
        var all: [ChaosOracle.Answer] = []
        for branch in 0..<drawn {
            all.append(try oracle.answer(to: client.request, branch: branch))
        }
        let order = all.indices.sorted {
            all[$0].sum != all[$1].sum ? all[$0].sum > all[$1].sum : $0 < $1
        }
        for (choice, branch) in order.prefix(client.request.n).enumerated() {
            guard client.completions[choice]?.tokens == all[branch].tokens,
                client.completions[choice]?.cumulativeLogprob == all[branch].sum
            else { throw ChaosFailure(.answers, "answer \(choice) of \(index) is not the best") }
        }
    }

    private func checkBeams(_ index: Int) throws {
        let client = clients[index]
        let found = client.completions.sorted { $0.key < $1.key }.map(\.value)
        let wasCut = client.mayBeCancelled
        for completion in found {
            let sum = try oracle.sum(of: completion.tokens, after: client.request.prompt)
            guard let own = completion.cumulativeLogprob, abs(own - sum) < 1e-9 else {
                throw ChaosFailure(.answers, "an answer of search \(index) has a wrong sum")
            }
        }
        // One that was given up may have ended by itself before.
        if wasCut { return }
        let due = try oracle.beams(for: client.request)
        guard found.map(\.tokens) == due.map(\.tokens) else {
            throw ChaosFailure(
                .answers,
                "search \(index) found \(found.map(\.tokens)), not \(due.map(\.tokens))")
        }
    }
}
