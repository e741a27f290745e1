import KVCache
import QuireEngine
import QuireIdentifiers
import Scheduling

/// One machine of a simulated service: the engine that serves, its clock, and a pretended model.
final class Replica {
    let number: Int
    let core: EngineCore
    let clock: VirtualClock
    let executor: SimulatedExecutor
    let meter: TokenMeter

    /// Requests that were given to it and have not ended.
    private(set) var live = 0

    /// When the requests end that ended with the last step.
    private var ends: [Int64] = []

    /// What the engine numbers the next accepted request's sequence by.
    private var nextSequence = 0

    private let costs: any CostModel
    /// Nanoseconds that the host took between steps.
    private(set) var hostTime: Int64 = 0

    /// Counts the tenants' service; nil: nobody asks.
    let tenants: TenantMeter?
    /// Holds the `fair` order to its bound; nil: nobody asks.
    private(set) var fairness: FairnessCheck?

    /// - Parameter tenants: how many there are.
    init(number: Int, _ setup: ServiceSetup, tenants count: Int) throws {
        tenants = setup.recordsTenants ? TenantMeter(tenants: count) : nil
        if setup.scheduling.order.name == "fair", setup.checks != .none {
            fairness = FairnessCheck(memory: setup.layout.capacity * setup.layout.blockSize)
        }
        self.number = number
        costs = setup.costs
        let clock = VirtualClock()
        self.clock = clock
        let target = setup.target.interToken.map { nanoseconds($0.seconds) } ?? .max
        meter = TokenMeter(target: target)
        executor = SimulatedExecutor(
            clock: clock, costs: setup.costs, meter: meter, window: setup.window,
            maxStepTokens: setup.scheduling.maxStepTokens,
            maxStepOutputs: setup.scheduling.maxStepOutputs)
        executor.tenants = tenants
        core = try EngineCore(
            executor: executor, tokenizer: SimulatedTokenizer.make(), layout: setup.layout,
            configuration: setup.scheduling, clock: { clock.now })
    }

    /// Hands a request in at a moment that is not after the replica's next step.
    ///
    /// - Returns: the job and the number of its sequence.
    func submit(
        _ request: GenerationRequest, number: Int, tenant: Int, at time: Int64
    ) throws(EngineError) -> (job: any Job, sequence: Int) {
        if core.isIdle { clock.advance(to: time) }
        let job = try core.makeJob(
            request, id: RequestID(UInt64(number)), queued: .nanoseconds(time))
        try core.begin(job)
        defer { nextSequence += 1 }
        live += 1
        tenants?.add(tenant: tenant, promptTokens: request.prompt.count)
        fairness?.note(promptTokens: request.prompt.count)
        return (job, nextSequence)
    }

    /// Makes a turn and lets its time pass.
    ///
    /// - Parameters:
    ///   - course: is told what the time was spent on.
    ///   - ended: called with each job that has ended.
    func turn(_ course: inout ServiceCourse, _ ended: (any Job) -> Void) {
        ends.removeAll(keepingCapacity: true)
        let steps = executor.steps
        let start = clock.nanoseconds
        let wait = core.turn(now: clock.now)
        let computed = clock.nanoseconds
        drain(ended)
        if executor.steps > steps {
            let time = nanoseconds(costs.hostSeconds(executor.work))
            hostTime += time
            clock.advance(by: time)
            note(&course, from: start, computed: computed)
            fairness?.check(at: clock.nanoseconds) { core.fairStatements(into: &$0) }
        } else if case .atMost(let time) = wait {
            clock.advance(to: clock.nanoseconds + time.wholeNanoseconds)
        }
    }

    /// Tells of the jobs that have ended.
    func drain(_ ended: (any Job) -> Void) {
        core.drain { job in
            guard job.isEnded else { return }
            live -= 1
            ends.append(clock.nanoseconds)
            ended(job)
        }
    }

    /// Requests that it has at a moment. A step is computed when it begins: what ends with it is
    /// there until its end, which may be after this moment.
    func load(at time: Int64) -> Int {
        ends.removeAll { $0 <= time }
        return live + ends.count
    }

    private func note(_ course: inout ServiceCourse, from start: Int64, computed: Int64) {
        let load = core.load
        let time = Double(clock.nanoseconds - start)
        var interval = ServiceCourse.Interval()
        interval.busy = Double(computed - start)
        interval.usedBlocks = Double(load.usedBlocks) * time
        interval.running = Double(load.running) * time
        interval.waiting = Double(load.waiting) * time
        interval.outputTokens = Double(executor.work.outputs)
        course.add(interval, from: start, to: clock.nanoseconds)
    }
}

extension Duration {
    /// Rounded down.
    var wholeNanoseconds: Int64 {
        let parts = components
        return parts.seconds * 1_000_000_000 + parts.attoseconds / 1_000_000_000
    }
}
