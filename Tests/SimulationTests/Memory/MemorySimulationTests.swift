import KVCache
import TestSupport
import Testing

@testable import Simulation

@Suite struct `Use of memory` {
    /// Requests of prompts and answers up to `most` tokens each.
    private func requests(
        _ count: Int, most: Int, _ generator: inout SeededGenerator
    ) -> [LengthSample] {
        (0..<count).map { _ in
            LengthSample(
                prompt: Int.random(in: 1...most, using: &generator),
                output: Int.random(in: 1...most, using: &generator))
        }
    }

    @Test(arguments: 0..<60)
    func `blocks count as the definition says`(seed: Int) throws {
        var generator = SeededGenerator(seed: UInt64(seed))
        let most = [4, 20, 50][seed % 3]
        let capacity = Int.random(in: 2 * most...14 * most, using: &generator)
        let blockSize = Int.random(in: 1...max(1, most / 3), using: &generator)
        // The longest must fit in whole blocks.
        let slots = capacity + blockSize
        let requests = requests(40, most: most, &generator)
        let simulation = try MemorySimulation(capacity: slots, longest: 2 * most)
        let use = try simulation.run(requests, .paged(blockSize: blockSize)).use
        let plain = PlainBatching.paged(requests, capacity: slots, blockSize: blockSize)
        #expect(use == plain)
        #expect(
            use.tokens + use.reserved + use.internalWaste + use.external
                == use.saturatedSteps * slots)
    }

    @Test(arguments: 0..<40)
    func `reservations count as the definition says`(seed: Int) throws {
        var generator = SeededGenerator(seed: UInt64(seed))
        let most = [4, 16, 50][seed % 3]
        // A region for the longest sequence.
        let capacity =
            BuddyAllocator.rounded(2 * most)
            + Int.random(in: 0...10 * most, using: &generator)
        let requests = requests(40, most: most, &generator)
        let simulation = try MemorySimulation(capacity: capacity, longest: 2 * most)
        for reservation in Reservation.allCases {
            let use = try simulation.run(requests, .buddy(reservation)).use
            let plain = PlainBatching.reserved(
                requests, reservation, capacity: capacity, longest: 2 * most)
            #expect(use == plain, "\(reservation)")
            #expect(
                use.tokens + use.reserved + use.internalWaste + use.external
                    == use.saturatedSteps * capacity)
        }
    }

    @Test func `two requests by hand`() throws {
        // Blocks of 4 in 16 slots: prompts of 5 take 2 blocks, and with 9 tokens 3.
        let requests = [
            LengthSample(prompt: 5, output: 5), LengthSample(prompt: 5, output: 5),
            LengthSample(prompt: 1, output: 1),
        ]
        let simulation = try MemorySimulation(capacity: 16, longest: 12)
        let use = try simulation.run(requests, .paged(blockSize: 4)).use
        // Four steps with 5, 6, 7 and 8 tokens each; in the fifth the first takes the second's
        // blocks and ends. Then the second comes back with 9 tokens, 3 blocks; the third with it.
        #expect(use.steps == 6)
        #expect(use.saturatedSteps == 5)
        #expect(use.tokens == 2 * (5 + 6 + 7 + 8) + 9)
        #expect(use.preemptions == 1)
        #expect(use.running == 9)
        #expect(use.reserved == 2 * (3 + 2 + 1 + 0))
        #expect(use.internalWaste == 3)
        #expect(use.external == 4)
        #expect(use.generatedTokens == 11)
    }

    @Test func `a contiguous cache is the engine's cache with blocks of the longest sequence`()
        throws
    {
        let requests = PaperLengths.draw(300, seed: 1)
        let simulation = try MemorySimulation(capacity: 15_728, longest: 2048)
        let reserved = try simulation.run(requests, .buddy(.max)).use
        let blocks = try simulation.run(requests, .paged(blockSize: 2048)).use
        #expect(blocks == reserved)
    }

    @Test func `pages mapped on demand count as blocks of a page`() throws {
        let requests = PaperLengths.draw(100, seed: 2)
        let simulation = try MemorySimulation(capacity: 4000, longest: 2048)
        let virtual = try simulation.run(requests, .virtual(pageTokens: 204)).use
        let paged = try simulation.run(requests, .paged(blockSize: 204)).use
        #expect(virtual == paged)
    }

    @Test func `a buffer that grows by a slot copies n (n - 1) / 2 tokens`() throws {
        let simulation = try MemorySimulation(capacity: 8192, longest: 2049)
        let one = [LengthSample(prompt: 1, output: 2048)]
        #expect(try simulation.run(one, .realloc).use.copiedTokens == 2_096_128)
        // Doubling copies 1 + 2 + 4 + ... + 1024.
        #expect(try simulation.run(one, .doubling).use.copiedTokens == 2047)
        #expect(try simulation.run(one, .paged(blockSize: 16)).use.copiedTokens == 0)
    }

    @Test func `compaction lets in what holes keep out`() throws {
        let requests = PaperLengths.draw(800, seed: 3)
        let simulation = try MemorySimulation(capacity: 15_728, longest: 2048)
        let holes = try simulation.run(requests, .firstFit).use
        let closed = try simulation.run(requests, .compaction).use
        #expect(closed.meanBatch > holes.meanBatch)
        #expect(closed.copiedTokens > 0)
        #expect(holes.copiedTokens == 0)
        // The order of admission is the same, so all is answered.
        #expect(closed.generatedTokens == requests.reduce(0) { $0 + $1.output })
    }

    @Test(arguments: MemoryPolicy.names)
    func `every policy answers everything and accounts for every slot`(name: String) throws {
        let requests = PaperLengths.draw(80, seed: 4)
        let simulation = try MemorySimulation(capacity: 6000, longest: 2048, mostRunning: 9)
        for policy in MemoryPolicy.named(name, blockSizes: [1, 16, 256], pageTokens: 204) {
            let use = try simulation.run(requests, policy).use
            #expect(use.generatedTokens == requests.reduce(0) { $0 + $1.output })
            #expect(
                use.tokens + use.reserved + use.internalWaste + use.external
                    == use.saturatedSteps * 6000)
            #expect(use.mostRunning <= 9)
        }
    }

    @Test func `the steps that are kept for a chart are even and few`() throws {
        let simulation = try MemorySimulation(capacity: 15_728, longest: 2048)
        let run = try simulation.run(PaperLengths.draw(300, seed: 7), .paged(blockSize: 16))
        let history = run.history
        #expect((129...SimulationLimits.memoryMoments).contains(history.moments.count))
        #expect(history.moments.count == (run.use.steps + history.stride - 1) / history.stride)
        for (place, moment) in history.moments.enumerated() {
            #expect(moment.step == place * history.stride + 1)
            #expect(
                moment.tokens + moment.reserved + moment.internalWaste + moment.external
                    == 15_728)
        }
        // The first step is the prefill of those that came in.
        #expect(history.moments[0].running > 20)
        #expect(history.moments[0].tokens < 15_728)
    }

    @Test func `what cannot run is refused, not waited for`() throws {
        let small = try MemorySimulation(capacity: 96, longest: 80)
        let long = [LengthSample(prompt: 70, output: 5)]
        // The largest region has 64 slots.
        for reservation in Reservation.allCases {
            #expect(throws: MemorySimulationError.doesNotFit(long[0])) {
                try small.run(long, .buddy(reservation))
            }
        }
        #expect(throws: MemorySimulationError.doesNotFit(long[0])) {
            try small.run(long, .paged(blockSize: 50))
        }
        #expect(throws: MemorySimulationError.self) { try small.run(long, .paged(blockSize: 97)) }
        #expect(throws: MemorySimulationError.self) {
            _ = try MemorySimulation(capacity: 10, longest: 11)
        }
    }
}

@Suite struct `The paper's table` {
    @Test func `tokens and sequences at once are the paper's, within 3 points and 15 %`() throws {
        let simulation = try MemorySimulation(
            capacity: PaperLengths.slots, longest: PaperLengths.longest)
        for (policy, tokens, batch) in [
            (MemoryPolicy.buddy(.max), 20.4, 7.0), (.buddy(.pow2), 26.8, 9.8),
            (.buddy(.oracle), 38.2, 13.6), (.paged(blockSize: 16), 96.3, 30.4),
        ] {
            var shares: [Double] = []
            var batches: [Double] = []
            for seed in 0..<2 as Range<UInt64> {
                let use = try simulation.run(PaperLengths.draw(800, seed: seed), policy).use
                shares.append(100 * use.share(use.tokens))
                batches.append(use.meanBatch)
            }
            let share = shares.reduce(0, +) / Double(shares.count)
            let mean = batches.reduce(0, +) / Double(batches.count)
            #expect(abs(share - tokens) < 3, "\(policy.name): \(share)")
            #expect(abs(mean / batch - 1) < 0.15, "\(policy.name): \(mean)")
        }
    }

    @Test func `the lengths have the moments that the paper's figures imply`() {
        let requests = PaperLengths.draw(400_000, seed: 0)
        let outputs = requests.reduce(0.0) { $0 + Double($1.output) }
        let squares = requests.reduce(0.0) { $0 + Double($1.output * $1.output) }
        let products = requests.reduce(0.0) { $0 + Double($1.prompt * $1.output) }
        #expect(abs(squares / (2 * outputs) - 299) < 9)
        #expect(abs(products / outputs - 157) < 4)
        #expect(
            requests.allSatisfy {
                (4..<1024).contains($0.prompt) && $0.output >= 4 && $0.prompt + $0.output <= 2048
            })
        #expect(PaperLengths.draw(10, seed: 0) == Array(requests.prefix(10)))
    }

    @Test func `the formula for max agrees with the simulation`() throws {
        let requests = PaperLengths.draw(2000, seed: 5)
        let simulation = try MemorySimulation(capacity: 15_728, longest: 2048)
        let use = try simulation.run(requests, .buddy(.max)).use
        let formula = WithoutSimulation.shareOfMax(requests, capacity: 15_728, longest: 2048)
        #expect(abs(use.share(use.tokens) - formula) < 0.003)
        #expect(use.meanBatch == 7)
    }
}
