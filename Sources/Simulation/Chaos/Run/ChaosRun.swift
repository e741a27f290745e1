import KVCache
import QuireEngine
import QuireIdentifiers
import Scheduling

/// One run of a script: the engine's own loop in virtual time, turn by turn, with everything
/// checked after each.
///
/// ```
/// events before the turn -> loop.turn(now:) -> executor's faults, invariants, counts, answers
/// ```
package final class ChaosRun {
    let script: ChaosScript
    let layout: CacheLayout
    let clock = ChaosClock()
    var engine: ChaosEngine
    var oracle: ChaosOracle

    var clients: [ChaosClient] = []
    /// Cancellations that wait for their moment.
    var watchers: [(client: Int, moment: ChaosEvent.Moment)] = []
    var pins: [(id: PinID, deadline: Duration?)] = []
    /// The turn that is next, as events count.
    var turn = 0
    var isPaused = false
    var hasEnded = false
    /// Whether requests may be ended by a shutdown.
    var isAborting = false
    /// The tickets that were given, in order, with the clients that have them.
    var tickets: [Int] = []
    var result = ChaosResult()
    var seen = ChaosSnapshot()
    var mirror = ChaosMirror()
    var planned = ChaosPlanned()
    /// Where a line for everything that happens goes; nil: nowhere.
    let log: ((String) -> Void)?
    /// Turns in a row in which nothing could run.
    private var idleTurns = 0

    /// A run that has not begun.
    ///
    /// - Parameter log: is given a line for everything that happens, as it does.
    /// - Throws: `ChaosError` for a script that names what there is not; what planner, scheduler
    ///   and engine say of its configuration.
    package init(_ script: ChaosScript, log: ((String) -> Void)? = nil) throws {
        self.script = script
        self.log = log
        layout = try script.configuration.makeLayout()
        engine = try ChaosEngine(script, layout: layout, clock: clock)
        oracle = ChaosOracle(
            model: ChaosModel(poison: script.configuration.poison), length: layout.maxModelLength)
        clients = script.requests.map { ChaosClient($0) }
        watch()
    }

    var loop: EngineLoop { engine.loop }
    var executor: CheckingExecutor { engine.executor }

    /// Runs the script to its end.
    package func run() -> ChaosResult {
        do throws(ChaosFailure) {
            try play()
            try finish()
        } catch {
            result.failure = error
            note("FAILURE \(error.checker.rawValue): \(error.text)")
        }
        result.steps = executor.report.steps
        result.time = clock.now
        return result
    }

    /// Has the executor tell of its plans.
    func watch() {
        executor.onPlan = { [unowned self] plan in observe(plan) }
    }

    private func play() throws(ChaosFailure) {
        var next = 0
        while next < script.events.count, !hasEnded {
            while next < script.events.count, script.events[next].turn <= turn {
                try apply(script.events[next].action)
                next += 1
            }
            let wait = try makeTurn()
            if wait == .request, next < script.events.count {
                turn = max(turn, script.events[next].turn)
                clock.advance(micros: 1_000)
            }
        }
    }

    /// One turn and all that is checked after it.
    @discardableResult
    func makeTurn() throws(ChaosFailure) -> EngineWait? {
        try releaseWatchers()
        planned = ChaosPlanned()
        let start = clock.now
        let wait = loop.turn(now: engine.plant.clock?.distort(start) ?? start)
        turn += 1
        result.turns += 1
        guard result.turns < SimulationLimits.chaosTurns else {
            throw ChaosFailure(.liveness, "\(result.turns) turns and no end")
        }
        if executor.report.failures > seen.failures {
            for index in clients.indices where !clients[index].hasEnded {
                clients[index].sawFailure = true
            }
        }
        // Out of the engine while it looks into it.
        var plant = engine.plant
        plant.strike(self)
        engine.plant = plant
        try check()
        observe()
        if log != nil, planned.rows == 0 { noteWaiting() }
        pass(wait)
        return wait
    }

    /// Lets the time pass that the engine asks for.
    private func pass(_ wait: EngineWait?) {
        switch wait {
        case .some(.none): idleTurns = 0
        case .request: break
        case .atMost(let time):
            idleTurns += 1
            let next = executor.file.nextEnd ?? .seconds(1 << 30)
            clock.advance(to: min(clock.now + time, max(next, clock.now)))
            // A pin may end in a while: not millisecond by millisecond.
            if idleTurns > 4 { clock.advance(micros: 1_000 << min(idleTurns - 4, 12)) }
        case nil: hasEnded = true
        }
        clock.advance(micros: 1)
    }

    func note(_ line: @autoclosure () -> String) {
        if let log { log(line()) }
    }

    /// Takes a number into the digest.
    func digest(_ value: Int) {
        result.digest = ChaosDice.mix(
            result.digest ^ UInt64(bitPattern: Int64(value)) &* 0x9E37_79B9_7F4A_7C15)
    }

    func mark(_ mark: ChaosMark) { result.marks.insert(mark) }
}

/// The engine of a run and the executor behind it.
struct ChaosEngine {
    let executor: CheckingExecutor
    let loop: EngineLoop
    var plant: ChaosSaboteur
    /// Whether it goes on with the file of one before.
    var isSecond = false

    /// - Parameter records: what a file tier holds from an engine before.
    init(
        _ script: ChaosScript, layout: CacheLayout, clock: ChaosClock,
        records: ChaosFileTier? = nil
    ) throws {
        let configuration = script.configuration
        executor = try CheckingExecutor(configuration, layout: layout, clock: clock)
        plant = ChaosSaboteur(script.plant)
        executor.plant = plant.plan
        executor.file.plant = plant.file
        loop = try EngineLoop(
            executor: executor, tokenizer: ChaosModel.makeTokenizer(), layout: layout,
            configuration: configuration.makeScheduler(), order: plant.order,
            clock: { clock.now })
        if configuration.drafts > 0 {
            loop.drafter = ChaosDrafter(
                model: ChaosModel(poison: configuration.poison), most: configuration.drafts)
        }
        guard let records else { return }
        executor.file.records = records.records
        loop.withScheduler { scheduler in
            _ = scheduler.restorePrefixCache(records.records.mapValues(\.record))
        }
    }
}
