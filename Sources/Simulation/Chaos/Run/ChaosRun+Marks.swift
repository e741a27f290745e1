import KVCache
import QuireEngine
import QuireIdentifiers
import Scheduling

extension ChaosRun {
    /// Notes which states this turn has reached, from what can be seen: counts, places and plans.
    func observe() {
        let statistics = loop.statistics
        let (tiers, evictions) = loop.withScheduler { scheduler in
            (scheduler.cache.tierStatistics, scheduler.cache.evictions)
        }
        let hasFailed = executor.report.failures > seen.failures
        notePreemptions(statistics, tiers, hasFailed)
        noteBlocks(statistics, evictions, hasFailed)
        noteTiers(tiers)
        noteFailure(hasFailed)
        noteRequests(hasFailed)
        seen.statistics = statistics
        seen.tiers = tiers
        seen.evictions = evictions
        seen.failures = executor.report.failures
        seen.hasFailed = hasFailed
    }

    private func notePreemptions(
        _ statistics: EngineStatistics, _ tiers: TierStatistics, _ hasFailed: Bool
    ) {
        let reasons: [(Preemption.Reason, ChaosMark)] = [
            (.blocks, .preemptedForBlocks), (.priorityBlocks, .preemptedForClass),
            (.prioritySlot, .preemptedForPlace), (.forkedIntoFullBatch, .forkedIntoFullBatch),
            (.reset, .preemptedByReset), (.forced, .preemptedByForce),
        ]
        let now = statistics.scheduling
        let before = seen.statistics.scheduling
        for (reason, reached) in reasons
        where now.preemptions[reason] ?? 0 > before.preemptions[reason] ?? 0 {
            mark(reached)
        }
        if now.recomputedTokens > before.recomputedTokens { mark(.recomputed) }
        let swapped = tiers.swappedOut - seen.tiers.swappedOut
        if swapped > 0 { mark(.swappedOut) }
        if tiers.swappedIn > seen.tiers.swappedIn { mark(.swappedIn) }
        if swapped > 0, hasFailed, planned.stores > 0 { mark(.swapLost) }
        let forced = (now.preemptions[.forced] ?? 0) - (before.preemptions[.forced] ?? 0)
        if forced > 0, swapped == 0, script.configuration.preemptHow == "swap",
            script.configuration.hostSlots > 0
        {
            mark(.swapRefused)
        }
    }

    private func noteBlocks(
        _ statistics: EngineStatistics, _ evictions: Int, _ hasFailed: Bool
    ) {
        let now = statistics.scheduling
        let before = seen.statistics.scheduling
        let isLookup = now.prefixQueries > before.prefixQueries
        if planned.copies > 0 {
            // A step that admits nobody and copies does so for a fork.
            if !isLookup, !seen.hasFailed { mark(.copiedOnWrite) }
            if hasFailed { mark(.stepFailedWithCopies) }
        }
        if now.hitTokens > before.hitTokens, !isLookup { mark(.lateHit) }
        if evictions > seen.evictions {
            mark(.evicted)
            if !pins.isEmpty { mark(.evictedUnderPins) }
        }
        if planned.hasWindow { mark(.windowReturned) }
        if now.usedBlocks == layout.capacity { mark(.poolExhausted) }
        if now.acceptedDrafts > before.acceptedDrafts { mark(.draftAccepted) }
        if now.draftTokens - before.draftTokens > now.acceptedDrafts - before.acceptedDrafts {
            mark(.draftRejected)
        }
    }

    private func noteTiers(_ tiers: TierStatistics) {
        let before = seen.tiers
        if tiers.stored > before.stored { mark(.stored) }
        if tiers.loaded > before.loaded { mark(.loaded) }
        if tiers.evicted > before.evicted { mark(.hostEvicted) }
        if tiers.skipped > before.skipped { mark(.notStored) }
        if tiers.written > before.written { mark(.written) }
        if tiers.unwritten > before.unwritten { mark(.writeFailed) }
        if tiers.fetched > before.fetched { mark(.fetched) }
        if tiers.unreadable > before.unreadable { mark(.readFailed) }
    }

    private func noteFailure(_ hasFailed: Bool) {
        guard hasFailed else { return }
        mark(.stepFailed)
        if planned.rows > 1 { mark(.stepFailedWithRows) }
        if planned.loads > 0 { mark(.stepFailedWithLoads) }
        if seen.hasFailed { mark(.failedAgain) }
    }

    private func noteRequests(_ hasFailed: Bool) {
        let hasTarget = script.configuration.target > 0
        let free = loop.statistics.scheduling.freeBlocks + loop.statistics.scheduling.cachedBlocks
        for index in clients.indices where !clients[index].hasEnded {
            guard let id = clients[index].id else { continue }
            guard let status = loop.status(of: id, now: clock.now) else { continue }
            if hasFailed, status.state != .held { mark(.survivedFailure) }
            if status.timeline.preemptions.count > 1 { mark(.preemptedTwice) }
            let sequences = loop.sequences(of: id)
            if sequences.count > 1 {
                mark(.forked)
                if free < sequences.count { mark(.forkedUnderPressure) }
            }
            let before = clients[index].sequences
            clients[index].sequences = sequences
            if clients[index].request.beams > 1, before.count > 1,
                before.contains(where: { !sequences.contains($0) }),
                sequences.contains(where: { !before.contains($0) })
            {
                mark(.beamsReordered)
            }
            if let reason = status.waitReason { note(reason, hasTarget) }
        }
    }

    private func note(_ reason: WaitReason, _ hasTarget: Bool) {
        switch reason {
        case .arrived: break
        case .budget:
            mark(.waitedForBudget)
            if hasTarget { mark(.cutByTarget) }
        case .blocks: mark(.waitedForBlocks)
        case .slots: mark(.waitedForPlace)
        case .order: mark(.waitedInOrder)
        case .fairness: mark(.waitedForFairness)
        case .prefix: mark(.followed)
        case .loading: mark(.waitedForLoading)
        case .batch: mark(.waitedForBatch)
        }
    }

    /// Notes how a request ended.
    func noteEnd(_ client: ChaosClient) {
        let request = client.request
        for completion in client.completions.values {
            noteHit(completion.timeline, request)
            switch completion.finishReason {
            case .length:
                mark(.endedByLength)
                if request.prompt.count + completion.tokens.count == layout.maxModelLength {
                    mark(.endedByContext)
                }
            case .stop: mark(completion.stopString == nil ? .endedByToken : .endedByString)
            case .repetition, .cancelled, .failed: break
            }
            if completion.promptLogprobs != nil { mark(.promptReported) }
            if completion.finishReason != .cancelled {
                if request.bestOf > request.n { mark(.ranked) }
                if request.beams > 0 { mark(.searched) }
            }
        }
    }

    private func noteHit(_ timeline: Timeline, _ request: ChaosRequest) {
        let cached = timeline.cachedTokens
        guard cached > 0 else { return }
        if cached == request.prompt.count - 1 {
            mark(.fullHit)
        } else if cached % layout.blockSize == 0 {
            mark(.partialHit)
        }
        if cached % layout.blockSize != 0 { mark(.copiedForPartialHit) }
        if result.marks.contains(.restored), engine.isSecond { mark(.hitAfterRestart) }
    }
}
