import KVCache

extension ChaosDrawing {
    /// A machine: small, so that everything is short of something.
    mutating func machine() -> ChaosConfiguration {
        var machine = ChaosConfiguration()
        machine.blockSize = dice.pick([1, 2, 2, 3, 4, 4, 5, 8])
        machine.spans = dice.pick([
            "full", "full", "full", "full+4", "full+2+6", "3", "6", "2+5", "full+8",
        ])
        machine.chunk = dice.pick([1, 2, 3, 5, 8, 16])
        drawLength(&machine)
        drawBounds(&machine)
        drawPolicies(&machine)
        drawTiers(&machine)
        drawExecutor(&machine)
        return machine
    }

    /// A pool, and the longest sequence that it holds.
    private mutating func drawLength(_ machine: inout ChaosConfiguration) {
        machine.blocks = dice.chance(45) ? dice.roll(1...8) : dice.roll(4...36)
        let longest = dice.pick([4, 8, 12, 20, 32])
        for length in stride(from: longest, through: 1, by: -1) {
            machine.length = length
            if (try? machine.makeLayout()) != nil { return }
        }
        // Not one token of each group fits: blocks for them.
        machine.length = 2
        while (try? machine.makeLayout()) == nil { machine.blocks += 1 }
    }

    private mutating func drawBounds(_ machine: inout ChaosConfiguration) {
        machine.running = dice.roll(1...(dice.chance(50) ? 3 : 8))
        machine.stepTokens = machine.running + dice.pick([0, 0, 1, 4, 12, 32])
        machine.stepOutputs = machine.running + dice.pick([0, 0, 1, 3, 16])
        if dice.chance(15) { machine.waiting = dice.roll(1...4) }
        if dice.chance(15) { machine.waitingTokens = dice.roll(1...40) }
    }

    private mutating func drawPolicies(_ machine: inout ChaosConfiguration) {
        machine.order = dice.pick(["fcfs", "fcfs", "priority", "fair", "prefix", "static"])
        if dice.chance(50) { machine.orderMicros = dice.pick([200, 2_000, 50_000]) }
        machine.admission = dice.pick(["reserve", "watermark", "fixed-watermark"])
        machine.headroom = dice.pick([0, 0, 1, 10, 40])
        machine.classes = dice.pick(["none", "blocks", "blocks-and-slots", "blocks-and-slots"])
        if dice.chance(25) { machine.target = dice.pick([150, 300, 1_000]) }
        machine.minPrefill = dice.pick([1, 2, 16])
        if dice.chance(30) { machine.preemptEvery = dice.roll(1...6) }
        machine.preemptHow = dice.pick(["recompute", "swap"])
        machine.caching = dice.chance(85) ? 1 : 0
        machine.eviction = dice.pick(EvictionPolicy.all.map(\.name))
        machine.pinned = dice.pick([0, 25, 60, 100])
        if dice.chance(30) { machine.drafts = dice.roll(1...6) }
    }

    private mutating func drawTiers(_ machine: inout ChaosConfiguration) {
        guard dice.chance(50) else { return }
        machine.hostSlots = dice.chance(50) ? dice.roll(1...6) : dice.roll(4...40)
        machine.hostPolicy = dice.pick(["lru", "arc"])
        machine.storeThreshold = dice.pick([0, 1, 2, 3])
        if dice.chance(60) {
            machine.fileRecords = dice.chance(50) ? dice.roll(1...8) : dice.roll(8...100)
        }
        machine.tierMicros = dice.pick([0, 100, 2_000, 20_000])
        machine.tierReorders = dice.roll(0...1)
    }

    private mutating func drawExecutor(_ machine: inout ChaosConfiguration) {
        machine.stepMicros = dice.pick([10, 200, 5_000])
        machine.tokenMicros = dice.pick([0, 20, 200])
        machine.bandwidth = dice.pick([0, 1_000, 1_000_000_000])
        machine.knowsPeak = dice.roll(0...1)
        if dice.chance(4) { machine.poison = dice.roll(2...14) }
        machine.whims = dice.roll(1...1 << 30)
    }
}
