import QuireEngine
import QuireIdentifiers

extension ChaosScript {
    /// The script of a seed.
    ///
    /// Swarm testing (Groce et al., ISSTA 2012): each seed has only some of the features, faults
    /// and operations, since those that it lacks would often hide what the others do.
    package init(drawnFrom seed: UInt64) {
        var draw = ChaosDrawing(seed: seed)
        self = draw.script()
    }
}

/// Draws scripts.
struct ChaosDrawing {
    private let seed: UInt64
    var dice: ChaosDice
    /// The longest sequence of the machine that was drawn.
    var length = 0
    /// Beginnings that prompts share.
    private var heads: [[TokenID]] = []

    init(seed: UInt64) {
        self.seed = seed
        dice = ChaosDice(seed: seed)
    }

    mutating func script() -> ChaosScript {
        var script = ChaosScript()
        script.seed = seed
        script.configuration = machine()
        length = script.configuration.length
        heads = (0..<3).map { _ in tokens(dice.roll(1...max(1, length * 3 / 4))) }
        let traits = ChaosTraits(&dice)
        let count = dice.roll(2...(dice.chance(20) ? 16 : 9))
        for _ in 0..<count {
            script.requests.append(request(traits, beside: script.requests))
        }
        script.events = events(script, traits)
        script.ending = dice.chance(60) ? .drain : dice.pick(ChaosScript.Ending.allCases)
        if script.configuration.fileRecords > 0, dice.chance(50) { script.ending = .restart }
        dress(&script)
        return script
    }

    mutating func tokens(_ count: Int) -> [TokenID] {
        // Few letters, so that prompts meet by chance too.
        let letters = dice.chance(50) ? 1 : 14
        return (0..<count).map { _ in TokenID(UInt32(dice.roll(0...letters))) }
    }

    // MARK: Requests

    private mutating func request(
        _ traits: ChaosTraits, beside others: [ChaosRequest]
    ) -> ChaosRequest {
        var request = ChaosRequest()
        request.prompt = prompt(traits, beside: others)
        request.seed = dice.roll(1...1 << 20)
        request.maxTokens = dice.roll(1...max(1, min(12, length)))
        if dice.chance(8) { request.maxTokens = -1 }
        if dice.chance(6) { request.maxTokens = 0 }
        if dice.chance(traits.temperature) { request.temperature = dice.pick([40, 100, 200]) }
        request.reads = dice.pick([1, 1, 1, 2, 5, 0])
        if dice.chance(traits.salts) { request.salt = dice.pick(["s", "t"]) }
        if dice.chance(traits.tenants) { request.tenant = dice.pick(["b", "c"]) }
        if traits.tenants > 0 { request.weight = dice.pick([100, 100, 50, 300]) }
        if dice.chance(traits.priorities) { request.priority = dice.roll(-1...3) }
        if dice.chance(traits.stops) {
            request.stops = dice.pick(["a", "ab", "b+aa", "c+d+e"])
        }
        if dice.chance(traits.stops) {
            request.stopTokens = [TokenID(UInt32(dice.roll(0...14)))]
        }
        if dice.chance(traits.ends) { request.ignoresEnd = 0 }
        if dice.chance(traits.retention) {
            request.keep = dice.pick([0, 20, 50, 100])
            request.keepMillis = dice.pick([0, 1, 5, 50])
        }
        if dice.chance(10) { request.skipsCache = 1 }
        if dice.chance(traits.beams) {
            search(&request)
        } else if dice.chance(traits.answers) {
            request.temperature = max(request.temperature, 100)
            request.n = dice.roll(1...4)
            if dice.chance(30) { request.bestOf = request.n + dice.roll(1...2) }
        } else if dice.chance(traits.reports) {
            request.promptLogprobs = dice.roll(0...3)
        }
        return request
    }

    mutating func search(_ request: inout ChaosRequest) {
        request.beams = dice.roll(1...4)
        request.n = dice.roll(1...request.beams)
        request.temperature = 0
        request.stops = ""
        request.penalty = dice.pick([0, 50, 100, 200])
        request.early = dice.roll(0...1)
        if request.maxTokens == 0 { request.maxTokens = 2 }
    }

    private mutating func prompt(
        _ traits: ChaosTraits, beside others: [ChaosRequest]
    ) -> [TokenID] {
        // Now and then one too many.
        let longest = dice.chance(4) ? length + 2 : max(1, length - 1)
        if let other = others.last, dice.chance(traits.sharing / 3) {
            let again = dice.pick(others + [other]).prompt
            return dice.chance(50) ? again : Array((again + tokens(2)).prefix(longest))
        }
        let head = dice.chance(traits.sharing) ? dice.pick(heads) : []
        let kept = head.prefix(dice.roll(0...head.count))
        let tail = tokens(dice.roll(1...max(1, longest * 2 / 3)))
        return Array((kept + tail).prefix(longest))
    }

    // MARK: Events

    private mutating func events(_ script: ChaosScript, _ traits: ChaosTraits) -> [ChaosEvent] {
        var events: [ChaosEvent] = []
        let span = dice.pick([1, 6, 20, 50])
        for index in script.requests.indices {
            let turn = dice.roll(0...span)
            events.append(ChaosEvent(turn: turn, action: .submit(index)))
            if dice.chance(traits.cancels) {
                let moment = dice.pick(ChaosEvent.Moment.allCases)
                let later = turn + dice.roll(0...12)
                events.append(ChaosEvent(turn: later, action: .cancel(index, when: moment)))
            } else if dice.chance(traits.drops) {
                events.append(
                    ChaosEvent(turn: turn + dice.roll(0...12), action: .drop(index)))
            }
        }
        let last = span + 15
        for fault in faults(traits, requests: script.requests.count) {
            guard dice.chance(fault.percent) else { continue }
            for _ in 0..<dice.roll(1...4) {
                let turn = dice.roll(0...last)
                events.append(ChaosEvent(turn: turn, action: fault.draw(&dice)))
                if case .pause = events[events.count - 1].action {
                    events.append(
                        ChaosEvent(turn: turn + dice.roll(1...8), action: .resume))
                }
            }
        }
        let order = events.indices.sorted { (events[$0].turn, $0) < (events[$1].turn, $1) }
        return order.map { events[$0] }
    }

    /// A kind of trouble and how often a script with it has it, in percent.
    private struct Fault {
        let percent: Int
        let draw: (inout ChaosDice) -> ChaosEvent.Action

        init(_ percent: Int, _ draw: @escaping (inout ChaosDice) -> ChaosEvent.Action) {
            self.percent = percent
            self.draw = draw
        }
    }

    private func faults(_ traits: ChaosTraits, requests: Int) -> [Fault] {
        let pin = Fault(traits.pins) { dice in
            .pin(dice.roll(0...requests - 1), millis: dice.pick([0, 1, 5, 100]))
        }
        return [
            Fault(traits.failures) { .fail(steps: $0.pick([1, 1, 1, 2, 3])) },
            Fault(traits.failures) { _ in .fail(steps: 1) },
            Fault(traits.slow) { .slow(micros: $0.roll(100...50_000)) },
            Fault(traits.jumps) { .jump(micros: $0.pick([10, 1_000, 100_000, 60_000_000])) },
            Fault(traits.pauses) { .pause($0.pick([.keep, .keep, .wait, .abort])) },
            Fault(traits.resets) { .reset(preempting: $0.chance(60)) },
            pin, pin, Fault(traits.pins) { _ in .unpin },
            Fault(traits.tierFaults) { .failTier(operations: $0.roll(1...6)) },
            Fault(traits.tierFaults) { .failReads($0.roll(1...3)) },
        ]
    }
}

/// Which features a seed has, each as how often it is used, in percent.
struct ChaosTraits {
    let sharing: Int
    let temperature: Int
    let salts: Int
    let tenants: Int
    let priorities: Int
    let stops: Int
    let ends: Int
    let retention: Int
    let beams: Int
    let answers: Int
    let reports: Int
    let cancels: Int
    let drops: Int
    let failures: Int
    let slow: Int
    let jumps: Int
    let pauses: Int
    let resets: Int
    let pins: Int
    let tierFaults: Int

    init(_ dice: inout ChaosDice) {
        func trait(_ present: Int, _ percents: [Int]) -> Int {
            dice.chance(present) ? dice.pick(percents) : 0
        }
        sharing = trait(75, [30, 70, 95])
        temperature = trait(50, [30, 100])
        salts = trait(15, [30, 60])
        tenants = trait(40, [30, 60])
        priorities = trait(40, [30, 70])
        stops = trait(30, [20, 60])
        ends = trait(40, [30, 100])
        retention = trait(30, [30, 80])
        beams = trait(25, [20, 60])
        answers = trait(35, [25, 70])
        reports = trait(25, [20, 60])
        cancels = trait(50, [20, 50, 90])
        drops = trait(20, [10, 30])
        failures = trait(40, [60, 100])
        slow = trait(30, [50, 100])
        jumps = trait(30, [50, 100])
        pauses = trait(30, [50, 100])
        resets = trait(25, [50, 100])
        pins = trait(30, [50, 100])
        tierFaults = trait(50, [50, 100])
    }
}
