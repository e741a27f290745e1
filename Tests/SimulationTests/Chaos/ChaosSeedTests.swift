import Simulation
import Testing

/// The control plane under drawn trouble, as `quire simulate chaos` runs it.
@Suite struct `Chaos` {
    /// The seeds that CI runs.
    private static let seeds: ClosedRange<UInt64> = 1...200

    @Test func `two hundred seeds pass every check and reach every state`() throws {
        var reached: Set<ChaosMark> = []
        for seed in Self.seeds {
            let result = try ChaosRun(ChaosScript(drawnFrom: seed)).run()
            #expect(result.failure == nil, "seed \(seed)")
            reached.formUnion(result.marks)
        }
        let missing = ChaosMark.allCases.filter { !reached.contains($0) }
        #expect(missing.isEmpty, "no seed reached \(missing.map(\.rawValue))")
    }

    @Test func `a run is a function of its script`() throws {
        var digests: Set<UInt64> = []
        for seed: UInt64 in 300..<320 {
            let script = ChaosScript(drawnFrom: seed)
            let first = try ChaosRun(script).run()
            #expect(try ChaosRun(script).run() == first, "seed \(seed)")
            var lines = 0
            #expect(try ChaosRun(script, log: { _ in lines += 1 }).run() == first)
            #expect(lines > 0)
            digests.insert(first.digest)
        }
        #expect(digests.count == 20, "different scripts, different runs")
    }

    @Test func `a seed is the same script everywhere`() {
        // Written down once: a change of the drawing changes what seeds mean.
        let script = ChaosScript(drawnFrom: 1)
        #expect(script == ChaosScript(drawnFrom: 1))
        #expect(script != ChaosScript(drawnFrom: 2))
        var dice = ChaosDice(seed: 1)
        #expect((0..<6).map { _ in dice.roll(1...6) } == [5, 5, 5, 2, 2, 1])
    }

    @Test func `a machine that cannot be is refused with its reason`() throws {
        var script = ChaosScript()
        script.configuration.spans = "1"
        #expect(throws: ChaosError.self) { try ChaosRun(script) }
        script.configuration.spans = "full"
        script.configuration.order = "random"
        #expect(throws: ChaosError("there is no random to choose")) { try ChaosRun(script) }
    }
}
