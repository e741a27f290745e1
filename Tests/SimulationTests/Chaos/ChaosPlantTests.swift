import Simulation
import Testing

@Suite struct `Planted bugs` {
    /// Seeds that are tried for each.
    private static let seeds = 400

    /// Those that a trap finds end the process: they have tests of their own.
    private static let trapped: Set<ChaosPlant> = [.doubleFree, .lostBlock]

    private static var hunt: ChaosHunt { ChaosHunt(ask: { $0.run() }, askAgain: { $0.run() }) }

    @Test(arguments: ChaosPlant.allCases.filter { !trapped.contains($0) })
    func `are found by a checker`(plant: ChaosPlant) throws {
        let found = try Self.hunt.plant(plant, from: 1, seeds: Self.seeds)
        let failure = try #require(found.failure, "nobody found \(plant.rawValue)")
        #expect(checkers(of: plant).contains(failure.checker), "\(failure)")
    }

    private func checkers(of plant: ChaosPlant) -> Set<ChaosFailure.Checker> {
        switch plant {
        case .swappedOutputs: [.answers]
        case .leakedSwap, .leakedPin: [.leaks, .statistics]
        case .lostEvent: [.events]
        case .starvedTenant: [.liveness]
        case .lastFirst: [.order]
        case .clockBack: [.times]
        case .lostCancel: [.ends]
        default: [.executor, .answers]
        }
    }

    @Test func `that free a block twice end the process`() async {
        await #expect(processExitsWith: .failure) {
            for seed: UInt64 in 1...50 { _ = ChaosTask.seed(seed, plant: .doubleFree).run() }
        }
    }

    @Test func `that lose a block end the process`() async {
        await #expect(processExitsWith: .failure) {
            for seed: UInt64 in 1...50 { _ = ChaosTask.seed(seed, plant: .lostBlock).run() }
        }
    }

    @Test func `are made as small as can be`() throws {
        let found = try Self.hunt.plant(.missingCopy, from: 1, seeds: Self.seeds)
        let seed = try #require(found.seed)
        var shrinker = ChaosShrinker { script in
            ChaosTask.script(script).run().failure?.checker == found.failure?.checker
        }
        let script = try shrinker.shrink(ChaosTask.seed(seed, plant: .missingCopy).script)
        let failure = try #require(ChaosTask.script(script).run().failure)
        #expect(failure.checker == found.failure?.checker)
        #expect(script.events.count <= 3)
        #expect(script.requests.count <= 2)
        for place in script.events.indices {
            var less = script
            less.events.remove(at: place)
            #expect(ChaosTask.script(less).run().failure?.checker != failure.checker)
        }
        // Without time it is given as it was.
        var hurried = ChaosShrinker(time: .zero) { _ in true }
        var whole = ChaosTask.seed(seed, plant: .missingCopy).script
        whole.seed = nil
        #expect(try hurried.shrink(whole) == whole && hurried.attempts == 0)
        // What a person reads and runs again is the same.
        let text = ChaosText.text(of: script)
        #expect(try ChaosTask.script(ChaosText.script(text)).run().failure == failure)
    }

    @Test func `a hunt tells of them as of any failure`() throws {
        var hunt = ChaosHunt(
            ask: { task in
                guard case .seed(let seed, _) = task else { return task.run() }
                return ChaosTask.seed(seed, plant: .wrongEntry).run()
            },
            askAgain: { task in
                guard case .seed(let seed, _) = task else { return task.run() }
                return ChaosTask.seed(seed, plant: .wrongEntry).run()
            })
        for seed: UInt64 in 1...40 { _ = try hunt.run(seed: seed) }
        #expect(hunt.summary.seeds == 40)
        #expect(!hunt.summary.catches.isEmpty)
        #expect(hunt.summary.steps > 0)
    }

    @Test func `two processes that differ are a failure`() throws {
        var hunt = ChaosHunt(
            ask: { $0.run() },
            askAgain: { task in
                var reply = task.run()
                reply.digest ^= 1
                return reply
            })
        let caught = try #require(try hunt.run(seed: 3))
        #expect(caught.failure.checker == .determinism)
    }
}
