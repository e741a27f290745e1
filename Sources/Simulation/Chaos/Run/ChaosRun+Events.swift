import KVCache
import QuireEngine
import QuireIdentifiers
import Scheduling

extension ChaosRun {
    /// Does what an event says.
    func apply(_ action: ChaosEvent.Action) throws(ChaosFailure) {
        note("turn \(turn): \(ChaosText.text(of: action))")
        switch action {
        case .submit(let client): try submit(client)
        case .cancel(let client, let moment):
            if clients.indices.contains(client) { watchers.append((client, moment)) }
        case .drop(let client): drop(client)
        case .pause(let mode): pause(mode)
        case .resume:
            isPaused = false
            loop.resume()
        case .reset(let preempting): reset(preempting)
        case .pin(let client, let millis): pin(client, millis)
        case .unpin: unpin()
        case .jump(let micros):
            if loop.statistics.scheduling.running > 0 { mark(.jumped) }
            clock.advance(micros: micros)
        case .fail(let steps): executor.failures += steps
        case .slow(let micros): executor.delay += micros
        case .failTier(let operations): executor.file.failures += operations
        case .failReads(let reads): executor.file.readFailures += reads
        }
    }

    func submit(_ index: Int) throws(ChaosFailure) {
        guard clients.indices.contains(index), clients[index].id == nil,
            clients[index].error == nil
        else { return }
        var refusal: EngineError?
        do {
            let stream = try loop.submit(clients[index].request.make())
            clients[index].stream = stream
            clients[index].id = stream.id
            tickets.append(index)
            if isPaused { mark(.held) }
        } catch let error as EngineError {
            clients[index].error = error
            clients[index].hasEnded = true
            refusal = error
        } catch {
            throw ChaosFailure(.ends, "request \(index) cannot be made: \(error)")
        }
        if refusal != nil { try checkEnd(of: index) }
    }

    /// Cancels the requests that are where their cancellation wants them.
    func releaseWatchers() throws(ChaosFailure) {
        var waiting: [(client: Int, moment: ChaosEvent.Moment)] = []
        for watcher in watchers {
            guard clients[watcher.client].id != nil else {
                // It may still be submitted.
                if clients[watcher.client].error == nil { waiting.append(watcher) }
                continue
            }
            if isMoment(watcher.moment, for: watcher.client) {
                cancel(watcher.client)
            } else if !clients[watcher.client].hasEnded {
                waiting.append(watcher)
            }
        }
        watchers = waiting
    }

    private func isMoment(_ moment: ChaosEvent.Moment, for index: Int) -> Bool {
        guard let id = clients[index].id else { return false }
        if moment == .now { return true }
        guard let status = loop.status(of: id, now: clock.now) else { return false }
        let sequences = loop.sequences(of: id)
        switch moment {
        case .now: return true
        case .queued: return status.state == .queued
        case .prefill:
            return status.state == .running && status.generatedTokens == 0
                && status.computedTokens > 0
        case .decode: return status.state == .running && status.generatedTokens > 0
        case .preempted: return status.state == .preempted
        case .held: return status.state == .held
        case .loading: return status.waitReason == .loading
        case .swapped:
            return loop.withScheduler { scheduler in
                sequences.contains { scheduler.isSwapped($0) }
            }
        case .beam:
            return loop.withScheduler { scheduler in
                sequences.contains { scheduler.place(of: $0)?.phase == .held }
            }
        }
    }

    /// Gives a request up, and notes where it was.
    private func cancel(_ index: Int) {
        guard let stream = clients[index].stream, !clients[index].hasEnded else { return }
        noteCancellation(index)
        note("turn \(turn): request \(index) is cancelled")
        if engine.plant.losesCancel() { return expectEnd(index) }
        stream.cancel()
        expectEnd(index)
    }

    private func expectEnd(_ index: Int) {
        clients[index].mayBeCancelled = true
        clients[index].deadline = clients[index].deadline ?? turn
    }

    private func drop(_ index: Int) {
        guard clients.indices.contains(index), clients[index].stream != nil else { return }
        if !clients[index].hasEnded {
            noteCancellation(index)
            mark(.cancelledByDrop)
        }
        expectEnd(index)
        clients[index].stream = nil
    }

    private func noteCancellation(_ index: Int) {
        let moments: [(ChaosEvent.Moment, ChaosMark)] = [
            (.queued, .cancelledQueued), (.prefill, .cancelledPrefill),
            (.decode, .cancelledDecode), (.preempted, .cancelledPreempted),
            (.swapped, .cancelledSwapped), (.beam, .cancelledBeam), (.held, .cancelledHeld),
            (.loading, .cancelledLoading),
        ]
        for (moment, reached) in moments where isMoment(moment, for: index) { mark(reached) }
        if let id = clients[index].id, loop.sequences(of: id).count > 1 { mark(.cancelledForked) }
    }

    private func pause(_ mode: PauseMode) {
        let isBusy = loop.statistics.scheduling.running > 0
        isPaused = true
        switch mode {
        case .keep:
            if isBusy { mark(.pausedKeeping) }
        case .wait:
            if isBusy { mark(.pausedWaiting) }
        case .abort:
            if isBusy { mark(.pausedAborting) }
            for index in clients.indices where clients[index].id != nil { expectEnd(index) }
        }
        loop.pause(mode)
    }

    private func reset(_ preempting: Bool) {
        let isDone = loop.resetPrefixCache(preemptRunning: preempting)
        mark(isDone ? .reset : .resetRefused)
        if isDone { pins.removeAll() }
        note("turn \(turn): reset \(isDone ? "done" : "refused")")
    }

    private func pin(_ index: Int, _ millis: Int) {
        guard clients.indices.contains(index) else { return }
        let request = clients[index].request
        let duration: Duration? = millis > 0 ? .milliseconds(millis) : nil
        let scope = PrefixScope(salt: request.salt.isEmpty ? nil : request.salt)
        let now = clock.now
        do throws(KVCacheError) {
            let pin = try loop.withScheduler { scheduler throws(KVCacheError) in
                try scheduler.pin(request.prompt, scope: scope, for: duration, now: now)
            }
            pins.append((pin.id, duration.map { now + $0 }))
            mark(.pinned)
        } catch {
            mark(error.code == .notCached ? .pinMissed : .pinRefused)
        }
    }

    func unpin() {
        guard !pins.isEmpty else { return }
        let pin = pins.removeFirst()
        let isThere = loop.withScheduler { $0.unpin(pin.id) }
        if !isThere, let deadline = pin.deadline, deadline <= clock.now { mark(.pinExpired) }
    }
}
