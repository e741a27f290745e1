import KVCache
import QuireEngine
import QuireIdentifiers
import Scheduling

extension ChaosRun {
    /// Brings the run to its end: what is live must be answered, and all must be given back.
    func finish() throws(ChaosFailure) {
        guard !hasEnded else { throw ChaosFailure(.liveness, "the engine ended by itself") }
        switch script.ending {
        case .drain, .restart, .pinned:
            try heal(releasing: script.ending != .pinned)
            if script.ending == .restart { try restart() }
            try shutDown(.drain)
        case .hurried:
            if loop.statistics.scheduling.running > 0 { mark(.drained) }
            releasePins()
            try shutDown(.drain)
        case .abort:
            if loop.statistics.scheduling.running > 0 { mark(.aborted) }
            for index in clients.indices { clients[index].mayBeCancelled = true }
            releasePins()
            try shutDown(.abort)
        }
        try checkBlocks()
        for index in clients.indices where clients[index].stream != nil {
            try read(index)
            if !clients[index].hasEnded {
                throw ChaosFailure(.ends, "request \(index) has no end")
            }
        }
    }

    /// From here on nothing goes wrong: every request must be answered, and prompts of before must
    /// be answered as if the engine were new.
    ///
    /// - Parameter releasing: whether pins end first; they must not keep anybody waiting for ever.
    private func heal(releasing: Bool) throws(ChaosFailure) {
        note("turn \(turn): the trouble is over")
        executor.failures = 0
        executor.delay = 0
        executor.file.failures = 0
        executor.file.readFailures = 0
        watchers.removeAll()
        if releasing { releasePins() }
        isPaused = false
        loop.resume()
        try runDry("requests are live and nothing goes wrong")
        releasePins()
        try checkBlocks()
        try probe()
        try checkNothingLeft()
    }

    private func releasePins() {
        while !pins.isEmpty { unpin() }
    }

    /// Turns until no request is live.
    private func runDry(_ what: String) throws(ChaosFailure) {
        let (start, time) = (result.turns, clock.now)
        while try makeTurn() != .request {
            guard result.turns - start < turnBound, clock.now - time < timeBound else {
                throw ChaosFailure(
                    .liveness, "\(what), after \(result.turns - start) turns without an end")
            }
            if hasEnded { throw ChaosFailure(.liveness, "the engine ended by itself") }
        }
        for index in clients.indices where clients[index].id != nil { try read(index) }
        for index in clients.indices
        where clients[index].stream != nil && !clients[index].hasEnded {
            throw ChaosFailure(.liveness, "request \(index) has no end and nothing is left to do")
        }
    }

    /// Turns in which all that is known must be done: each token may be computed, lost and computed
    /// again some times, a turn each, beside what the file needs.
    private var turnBound: Int {
        let tokens = clients.reduce(0) { count, client in
            let request = client.request
            return count + (request.prompt.count + oracle.limit(of: request))
                * max(request.n, request.bestOf, request.beams)
        }
        return 200 + 40 * tokens
    }

    private var timeBound: Duration {
        let configuration = script.configuration
        let step =
            configuration.stepMicros
            + configuration.tokenMicros * configuration.stepTokens
        return .microseconds((step + configuration.tierMicros + 2_000) * turnBound)
    }

    /// Asks for the prompts of before once more, one after the other: what is cached of them must
    /// be what they are made of.
    private func probe() throws(ChaosFailure) {
        var asked: Set<String> = []
        for request in script.requests {
            guard asked.insert("\(request.salt) \(request.prompt)").inserted else { continue }
            var probe = ChaosRequest()
            probe.prompt = request.prompt
            probe.salt = request.salt
            probe.maxTokens = 2
            clients.append(ChaosClient(probe))
            try submit(clients.count - 1)
            try runDry("a probe runs alone")
        }
    }

    /// Saves the prefix cache, ends the engine and goes on with another.
    private func restart() throws(ChaosFailure) {
        guard script.configuration.fileRecords > 0, script.configuration.caching != 0 else {
            return
        }
        guard loop.savePrefixCache() else {
            throw ChaosFailure(.leaks, "nothing runs and nothing is saved")
        }
        loop.withScheduler { $0.checkInvariants() }
        try shutDown(.drain)
        let records = executor.file
        do {
            engine = try ChaosEngine(script, layout: layout, clock: clock, records: records)
        } catch {
            throw ChaosFailure(.ends, "no second engine: \(error)")
        }
        engine.isSecond = true
        watch()
        seen = ChaosSnapshot()
        mirror = ChaosMirror()
        hasEnded = false
        tickets.removeAll()
        for index in clients.indices { clients[index].id = nil }
        loop.withScheduler { $0.checkInvariants() }
        if !records.records.isEmpty { mark(.restored) }
        try probe()
        try checkNothingLeft()
    }

    /// Ends the engine with what it has.
    private func shutDown(_ mode: ShutdownMode) throws(ChaosFailure) {
        note("turn \(turn): shutdown")
        isAborting = true
        watchers.removeAll()
        loop.shutdown(mode)
        let start = result.turns
        while !hasEnded {
            try makeTurn()
            if result.turns - start > turnBound {
                throw ChaosFailure(.liveness, "the engine was told to end and does not")
            }
        }
    }

    /// Free and cached blocks are all; no pin, no ticket and no page is under way.
    ///
    /// After a step: a pin that ended between two may leave a page on its way to the next.
    private func checkNothingLeft() throws(ChaosFailure) {
        try checkBlocks()
        let pinned = loop.withScheduler { $0.cache.tierStatistics.hostPinned }
        if pinned > 0 {
            throw ChaosFailure(.leaks, "nothing runs and \(pinned) host slots are pinned")
        }
    }

    /// Free and cached blocks are all.
    private func checkBlocks() throws(ChaosFailure) {
        // What the file tier has begun ends by itself.
        var rounds = 0
        while loop.withScheduler({ $0.awaitsTierWork }) {
            let done = executor.takeCompletions(waiting: true)
            let operations = loop.withScheduler { scheduler in
                scheduler.completeTierWork(done)
                return scheduler.takeTierWork()
            }
            executor.start(operations)
            rounds += 1
            if rounds > SimulationLimits.chaosTurns {
                throw ChaosFailure(.leaks, "work of the file tier has no end")
            }
        }
        let (gauges, isIdle) = loop.withScheduler { ($0.cache.gauges, $0.isIdle) }
        guard isIdle, gauges.used == 0, gauges.cached + gauges.free == layout.capacity else {
            throw ChaosFailure(
                .leaks,
                "nothing runs and \(gauges.used) blocks are used, \(gauges.cached) cached and "
                    + "\(gauges.free) free of \(layout.capacity), \(gauges.pinned) of them pinned")
        }
    }
}
