import KVCache
import QuireEngine
import QuireIdentifiers

/// States that take several things at once, and that chance alone would rarely bring about.
enum ChaosTheme: CaseIterable {
    /// Pins that hold most of the pool, for ever.
    case pins
    /// A file tier that is read often and fails.
    case files
    /// Beams under pressure that are cancelled while they wait for each other.
    case beams
    /// Requests that come during a pause and are cancelled in it.
    case held
    /// Pages in the host tier whose requests are cancelled, or whose steps fail.
    case swaps
    /// Classes that take each other's blocks and places.
    case classes
    /// A short queue.
    case queue
    /// Tenants that wait for their share.
    case tenants
}

extension ChaosDrawing {
    /// Gives every other script a theme.
    mutating func dress(_ script: inout ChaosScript) {
        guard dice.chance(50) else { return }
        defer {
            while (try? script.configuration.makeLayout()) == nil {
                script.configuration.blocks += 1
            }
        }
        switch dice.pick(ChaosTheme.allCases) {
        case .pins: dressPins(&script)
        case .files: dressFiles(&script)
        case .beams: dressBeams(&script)
        case .held: dressHeld(&script)
        case .swaps: dressSwaps(&script)
        case .classes:
            script.configuration.order = "priority"
            script.configuration.classes = dice.pick(["blocks", "blocks-and-slots"])
            script.configuration.running = min(script.configuration.running, 2)
            for index in script.requests.indices {
                script.requests[index].priority = dice.roll(0...4) - index / 2
            }
        case .queue:
            script.configuration.waiting = dice.roll(1...2)
            for index in script.events.indices {
                if case .submit = script.events[index].action { script.events[index].turn /= 4 }
            }
            sort(&script)
        case .tenants:
            script.configuration.order = "fair"
            script.configuration.running = min(script.configuration.running, 2)
            for index in script.requests.indices {
                script.requests[index].tenant = dice.pick(["a", "b", "c"])
            }
        }
    }

    private func sort(_ script: inout ChaosScript) {
        let events = script.events
        let order = events.indices.sorted { (events[$0].turn, $0) < (events[$1].turn, $1) }
        script.events = order.map { events[$0] }
    }

    private mutating func dressPins(_ script: inout ChaosScript) {
        script.configuration.pinned = 100
        script.configuration.caching = 1
        script.ending = dice.chance(70) ? .pinned : .drain
        if dice.chance(60) { script.configuration.admission = "reserve" }
        if dice.chance(60) { crowdOut(&script) }
        let last = script.events.last?.turn ?? 0
        for index in script.requests.indices where dice.chance(60) {
            script.requests[index].salt = ""
            script.events.append(
                ChaosEvent(
                    turn: dice.roll(0...last), action: .pin(index, millis: dice.pick([0, 0, 3]))))
        }
        sort(&script)
    }

    /// The longest sequence fits beside the pins; the last request's many answers do not.
    private mutating func crowdOut(_ script: inout ChaosScript) {
        script.configuration.spans = "full"
        script.configuration.admission = "reserve"
        script.configuration.waiting = ChaosConfiguration().waiting
        script.configuration.waitingTokens = ChaosConfiguration().waitingTokens
        let size = script.configuration.blockSize
        guard let layout = try? script.configuration.makeLayout(), size > 1,
            script.configuration.length > size
        else { return }
        let peak = layout.peakBlocks(
            tokens: script.configuration.length, chunk: script.configuration.chunk)
        script.configuration.blocks = peak + dice.roll(1...4)
        script.requests[0].prompt = Array(script.requests[0].prompt.prefix(1)) + tokens(size - 1)
        script.requests[0].maxTokens = 1
        script.requests[0].beams = 0
        script.requests[0].n = 1
        script.requests[0].bestOf = 0
        script.requests[0].salt = ""
        let last = script.requests.count - 1
        var many = ChaosRequest()
        many.prompt = tokens(1)
        many.maxTokens = 2
        many.temperature = 100
        // A block for each answer, and one for a copy.
        many.n = script.configuration.blocks - 1
        script.requests[last] = many
        let turn = (script.events.last?.turn ?? 0) + 10
        script.events.append(ChaosEvent(turn: 0, action: .submit(0)))
        script.events.append(ChaosEvent(turn: turn, action: .pin(0, millis: 0)))
        for index in script.events.indices where script.events[index].action == .submit(last) {
            script.events[index].turn = turn + 1
        }
    }

    private mutating func dressFiles(_ script: inout ChaosScript) {
        script.configuration.caching = 1
        script.configuration.hostSlots = dice.roll(2...8)
        script.configuration.fileRecords = dice.roll(8...60)
        script.configuration.storeThreshold = 1
        script.configuration.tierMicros = dice.pick([0, 2_000, 30_000])
        if dice.chance(70) { rotate(&script) }
        let last = script.events.last?.turn ?? 0
        for index in script.requests.indices {
            if dice.chance(40) {
                script.events.append(
                    ChaosEvent(
                        turn: dice.roll(0...last), action: .cancel(index, when: .loading)))
            }
        }
        if dice.chance(60) {
            script.events.append(ChaosEvent(turn: 0, action: .failReads(dice.roll(1...4))))
        }
        for _ in 0..<dice.roll(0...4) {
            script.events.append(
                ChaosEvent(turn: dice.roll(0...last), action: .failTier(operations: 1)))
        }
        sort(&script)
    }

    /// A pool for hardly more than one request, and a few prompts that drive each other out of it
    /// in turn: they come back from the file.
    private mutating func rotate(_ script: inout ChaosScript) {
        script.configuration.spans = dice.pick(["full", "full", "full+4", "3"])
        script.configuration.hostSlots = dice.roll(2...5)
        script.configuration.preemptEvery = 0
        script.configuration.blockSize = dice.roll(1...2)
        script.configuration.length = dice.roll(6...10)
        script.configuration.tierMicros = dice.pick([0, 0, 2_000])
        length = script.configuration.length
        while (try? script.configuration.makeLayout()) == nil { script.configuration.blocks += 1 }
        if let layout = try? script.configuration.makeLayout() {
            let peak = layout.peakBlocks(
                tokens: script.configuration.length, chunk: script.configuration.chunk)
            script.configuration.blocks = peak + dice.roll(0...2)
        }
        let prompts = (0..<3).map { _ in tokens(max(1, script.configuration.length - 2)) }
        let gap = dice.pick([2, 6, 12])
        for index in script.requests.indices {
            var request = ChaosRequest()
            request.prompt = prompts[index % prompts.count]
            request.maxTokens = 1
            script.requests[index] = request
            script.events.removeAll { $0.action == .submit(index) }
            script.events.append(ChaosEvent(turn: index * gap, action: .submit(index)))
        }
        script.events.removeAll { event in
            switch event.action {
            case .reset, .failTier: true
            default: false
            }
        }
        sort(&script)
    }

    private mutating func dressBeams(_ script: inout ChaosScript) {
        for index in script.requests.indices where dice.chance(60) {
            script.requests[index].promptLogprobs = -1
            script.requests[index].bestOf = 0
            search(&script.requests[index])
            guard dice.chance(50) else { continue }
            let turn = dice.roll(0...(script.events.last?.turn ?? 0))
            script.events.append(
                ChaosEvent(turn: turn, action: .cancel(index, when: dice.pick([.beam, .decode]))))
        }
        script.configuration.running = dice.roll(1...3)
        script.configuration.stepTokens = max(4, script.configuration.stepTokens)
        script.configuration.stepOutputs = max(4, script.configuration.stepOutputs)
        sort(&script)
    }

    private mutating func dressHeld(_ script: inout ChaosScript) {
        let turn = dice.roll(0...4)
        script.events.append(ChaosEvent(turn: turn, action: .pause(dice.pick([.keep, .wait]))))
        script.events.append(ChaosEvent(turn: turn + 12, action: .resume))
        for index in script.events.indices where dice.chance(60) {
            if case .submit(let request) = script.events[index].action {
                script.events[index].turn = turn + dice.roll(1...6)
                script.events.append(
                    ChaosEvent(
                        turn: script.events[index].turn, action: .cancel(request, when: .held)))
            }
        }
        sort(&script)
    }

    private mutating func dressSwaps(_ script: inout ChaosScript) {
        script.configuration.hostSlots = dice.roll(6...40)
        script.configuration.preemptEvery = dice.roll(1...4)
        script.configuration.preemptHow = "swap"
        let last = script.events.last?.turn ?? 0
        for index in script.requests.indices where dice.chance(40) {
            script.events.append(
                ChaosEvent(
                    turn: dice.roll(0...last),
                    action: .cancel(index, when: dice.pick([.swapped, .preempted]))))
        }
        for _ in 0..<dice.roll(0...5) {
            script.events.append(
                ChaosEvent(turn: dice.roll(0...last), action: .fail(steps: 1)))
        }
        sort(&script)
    }
}
