import KVCache
import QuireEngine
import QuireIdentifiers
import Scheduling

/// A whole service in virtual time: clients, and the engine that serves, with a model that only
/// takes time.
///
/// ```
/// trace -> arrivals -> fewest live -> EngineCore: scheduler, cache, jobs -> records
///             ^                         |  execute: the clock moves by what the step costs
///             +--- closed loop: the next request when one has ended ----+
/// ```
///
/// Events go by time: a request is handed in before the first step that begins after it came, as a
/// mailbox does. Nothing is random: equal arguments give equal results.
package struct ServiceSimulation {
    private let setup: ServiceSetup
    private let trace: Trace
    private let tokens: SimulatedTokens
    private let tenants: [String]
    private let replicas: [Replica]

    private var arrivals = EventQueue()
    /// When each request was sent, as far as that is known.
    private var sent: [Int64]
    /// The next request of the trace that no client has sent.
    private var unsent = 0
    private var records: [ServedRequest?]
    private var sequences: [Int32]
    private var tenantNumbers: [Int32]
    /// What clients may give up, where they do.
    private var impatient: [Int: (job: any Job, replica: Replica)] = [:]
    private var deadlines = EventQueue()
    private var course = ServiceCourse()
    private var log = EventHash()

    /// Prepares a simulation.
    ///
    /// - Throws: `ServiceError` and `EngineError` for what cannot be simulated.
    package init(_ trace: Trace, _ setup: ServiceSetup) throws {
        guard !trace.requests.isEmpty else { throw ServiceError("the trace has no request") }
        if case .closed(let clients) = setup.load, clients < 1 {
            throw ServiceError("\(clients) clients send nothing; give at least 1")
        }
        guard 1...ServiceLimits.replicas ~= setup.replicas else {
            throw ServiceError(
                "\(setup.replicas) replicas are not between 1 and \(ServiceLimits.replicas)")
        }
        if setup.load == .open, !trace.isCountable {
            throw ServiceError(
                "requests come over more than \(SimulationLimits.traceSeconds) s; ask for fewer, "
                    + "or let them come faster")
        }
        try setup.checkFullStep()
        self.setup = setup
        self.trace = trace
        tokens = SimulatedTokens(tokensPerBlock: trace.tokensPerBlock)
        var names: [String: Int32] = [:]
        var tenants: [String] = []
        tenantNumbers = []
        tenantNumbers.reserveCapacity(trace.requests.count)
        for request in trace.requests {
            let name = request.tenant ?? ""
            let number = names[name] ?? Int32(tenants.count)
            if Int(number) == tenants.count {
                names[name] = number
                tenants.append(name)
            }
            tenantNumbers.append(number)
        }
        self.tenants = tenants
        sent = Array(repeating: 0, count: trace.requests.count)
        records = Array(repeating: nil, count: trace.requests.count)
        sequences = Array(repeating: -1, count: trace.requests.count)
        let count = tenants.count
        replicas = try (0..<setup.replicas).map { try Replica(number: $0, setup, tenants: count) }
    }

    /// Runs the trace to its end.
    package mutating func run() -> ServiceResult {
        switch setup.load {
        case .open:
            for (number, request) in trace.requests.enumerated() {
                send(number, at: request.arrival.wholeNanoseconds)
            }
            unsent = trace.requests.count
        case .closed(let clients):
            for _ in 0..<min(clients, trace.requests.count) { sendNext(at: 0) }
        }
        while true {
            let busy = next()
            if let due = arrivals.time, due <= busy?.clock.nanoseconds ?? .max {
                guard let event = arrivals.pop() else { break }
                submit(event.number, at: event.time)
                continue
            }
            guard let busy else { break }
            cancelLate(at: busy.clock.nanoseconds)
            turn(busy)
        }
        return result()
    }

    /// The replica whose next step is the first; nil: none has work.
    private func next() -> Replica? {
        var found: Replica?
        for replica in replicas where !replica.core.isIdle {
            if let best = found, best.clock.nanoseconds <= replica.clock.nanoseconds { continue }
            found = replica
        }
        return found
    }
}

extension ServiceSimulation {
    private mutating func send(_ number: Int, at time: Int64) {
        sent[number] = time
        let work = setup.costs.arrivalSeconds(promptTokens: trace.requests[number].promptTokens)
        arrivals.insert(number, at: time + nanoseconds(work))
    }

    /// A client of a closed loop sends the next request of the trace.
    private mutating func sendNext(at time: Int64) {
        guard unsent < trace.requests.count else { return }
        unsent += 1
        send(unsent - 1, at: time)
    }

    private mutating func submit(_ number: Int, at time: Int64) {
        var replica = replicas[0]
        if replicas.count > 1 {
            var least = replica.load(at: time)
            for other in replicas.dropFirst() {
                let load = other.load(at: time)
                if load < least { (replica, least) = (other, load) }
            }
        }
        let asked = trace.requests[number]
        var parameters = SamplingParameters(
            maxTokens: max(1, asked.outputTokens), seed: 0, ignoreEOS: true)
        parameters.detokenize = false
        var request = GenerationRequest(
            prompt: tokens.prompt(of: asked, number: number), parameters: parameters)
        request.tenant = asked.tenant ?? ""
        if let standing = setup.standings[request.tenant] {
            request.weight = standing.weight
            request.priority = standing.priority
        }
        request.tellsTokens = false
        do throws(EngineError) {
            let (job, sequence) = try replica.submit(
                request, number: number, tenant: Int(tenantNumbers[number]), at: time)
            sequences[number] = Int32(sequence)
            guard let patience = setup.patience else { return }
            impatient[number] = (job, replica)
            deadlines.insert(number, at: sent[number] + patience.wholeNanoseconds)
        } catch {
            var record = blank(number, queued: time, replica)
            record.finished = time
            record.end = .rejected
            finish(number, record)
        }
    }

    private mutating func turn(_ replica: Replica) {
        var ended: [any Job] = []
        replica.turn(&course) { ended.append($0) }
        for job in ended { note(job, on: replica) }
        if setup.checks != .none { check(replica) }
    }

    private func check(_ replica: Replica) {
        let load = replica.core.load
        precondition(
            load.usedBlocks + load.cachedBlocks + load.freeBlocks == setup.layout.capacity,
            "a block is lost")
        precondition(load.running + load.waiting == replica.live, "a request is lost")
        if setup.checks == .full { replica.core.checkInvariants() }
    }

    /// Takes back, before a step, what clients do not wait for any longer.
    private mutating func cancelLate(at time: Int64) {
        while let due = deadlines.time, due <= time, let event = deadlines.pop() {
            guard let (job, replica) = impatient.removeValue(forKey: event.number),
                isLate(job.progress?.timeline.firstToken, number: event.number)
            else { continue }
            replica.core.cancel(job)
            // At once: a machine that has nothing left to do makes no turn.
            replica.drain { note($0, on: replica) }
        }
    }

    /// Whether a first token came after its client had given up. A step is computed when it begins,
    /// so that a token may be known before it is there.
    private func isLate(_ firstToken: Duration?, number: Int) -> Bool {
        guard let patience = setup.patience else { return false }
        guard let firstToken else { return true }
        return firstToken.wholeNanoseconds > sent[number] + patience.wholeNanoseconds
    }

    private func blank(_ number: Int, queued: Int64, _ replica: Replica) -> ServedRequest {
        ServedRequest(
            arrival: sent[number], queued: queued, finished: 0,
            promptTokens: trace.requests[number].promptTokens, outputTokens: 0, cachedTokens: 0,
            recomputedTokens: 0, preemptions: 0, slowGaps: 0, tenant: Int(tenantNumbers[number]),
            replica: replica.number, end: .failed)
    }

    private mutating func note(_ job: any Job, on replica: Replica) {
        let number = Int(job.request.rawValue)
        impatient[number] = nil
        guard case .success(let completions)? = job.result, let answer = completions.first else {
            var record = blank(number, queued: sent[number], replica)
            record.finished = replica.clock.nanoseconds
            finish(number, record)
            return
        }
        let times = answer.timeline
        var record = blank(number, queued: times.queued.wholeNanoseconds, replica)
        record.scheduled = times.scheduled?.wholeNanoseconds
        record.firstToken = times.firstToken?.wholeNanoseconds
        record.finished = (times.finished ?? replica.clock.now).wholeNanoseconds
        record.outputTokens = answer.tokens.count
        record.cachedTokens = times.cachedTokens
        record.recomputedTokens = times.recomputedTokens
        record.preemptions = times.preemptions.count
        record.slowGaps = replica.meter.slowGaps(of: Int(sequences[number]))
        // Who has gone sees nothing of an answer that one step brings to its end.
        let isCancelled =
            answer.finishReason == .cancelled || isLate(times.firstToken, number: number)
        record.end = isCancelled ? .cancelled : .completed
        finish(number, record)
    }

    private mutating func finish(_ number: Int, _ record: ServedRequest) {
        precondition(records[number] == nil, "a request ends once")
        records[number] = record
        log.add(record, number: number)
        guard case .closed = setup.load else { return }
        sendNext(at: record.finished + nanoseconds(setup.costs.deliverySeconds))
    }

    private func result() -> ServiceResult {
        let requests = records.map { record in
            guard let record else { preconditionFailure("a request is lost") }
            return record
        }
        return ServiceResult(
            requests: requests, tenants: tenants, gaps: replicas.flatMap(\.meter.gaps),
            steps: replicas.reduce(0) { $0 + $1.executor.steps },
            busy: replicas.reduce(0) { $0 + $1.executor.busy },
            host: replicas.reduce(0) { $0 + $1.hostTime },
            statistics: replicas.map { $0.core.statistics.scheduling }, course: course,
            tenantCourse: replicas[0].tenants?.course(until: replicas[0].clock.nanoseconds) ?? [],
            fairness: replicas.compactMap(\.fairness).map(\.finding), hash: log.value)
    }
}
