import KVCache
import TestSupport
import Testing

@testable import Simulation

@Suite struct `Sharing` {
    @Test func `parallel sampling saves in the cache's tables what the formula says`() throws {
        for blockSize in [1, 4, 16] {
            for prompt in 1...34 {
                for samples in [1, 2, 5] {
                    let formula = ParallelSampling(
                        prompt: prompt, samples: samples, blockSize: blockSize)
                    var tables = try SharedTables(
                        prompt: prompt, count: samples, longest: prompt + 20,
                        blockSize: blockSize)
                    for generated in 1...20 {
                        let unshared = formula.unshared(generated: generated)
                        #expect(tables.entries == unshared)
                        #expect(
                            tables.blocks == unshared - formula.saved(generated: generated),
                            "\(blockSize), \(prompt), \(samples), \(generated)")
                        if generated < 20 { tables.step(continuing: Array(0..<samples)) }
                    }
                }
            }
        }
    }

    @Test func `beams that are never replaced are parallel samples`() throws {
        var random = SeededRandom(seed: 1)
        let beams = try BeamSharing(width: 4, replacement: 0, blockSize: 16).savings(
            prompt: 100, output: 50, using: &random)
        let samples = ParallelSampling(prompt: 100, samples: 4, blockSize: 16).savings(output: 50)
        #expect(beams == samples)
    }

    @Test func `beams that descend from each other share more`() throws {
        var random = SeededRandom(seed: 1)
        var before = -1.0
        for replacement in [0, 0.02, 0.2, 1] {
            let saved = try BeamSharing(width: 6, replacement: replacement, blockSize: 16).savings(
                prompt: 40, output: 300, using: &random
            ).saved
            #expect(saved > before)
            before = saved
        }
        // All but the last few blocks are one for all six.
        #expect(before > 0.7 && before < 5.0 / 6)
    }

    @Test func `a search with its parents given shares the trunk and copies the rest`() throws {
        // Two beams on a prompt of 3 in blocks of 2.
        var tables = try SharedTables(prompt: 3, count: 2, longest: 8, blockSize: 2)
        #expect(tables.blocks == 2)
        // Both write behind it: the half-full block is copied once.
        tables.step(continuing: [0, 1])
        #expect(tables.blocks == 3)
        // Both continue the first: what the second had is gone, and each takes a new block.
        tables.step(continuing: [0, 0])
        #expect(tables.blocks == 4)
        #expect(tables.entries == 6)
    }

    @Test func `a shared prefix is held once, and more requests run`() throws {
        let simulation = try MemorySimulation(capacity: 8000, longest: 2048)
        let prefix = SharedPrefix(tokens: 500)
        let requests = prefix.before(PaperLengths.draw(300, seed: 6), longest: 2048)
        #expect(requests.allSatisfy { $0.prompt > 500 })
        let apart = try simulation.run(requests, .paged(blockSize: 16)).use
        let shared = try prefix.run(requests, blockSize: 16, in: simulation).use
        #expect(shared.meanBatch > 1.5 * apart.meanBatch)
        #expect(
            shared.tokens + shared.reserved + shared.internalWaste + shared.external
                == shared.saturatedSteps * 8000)
        // (n - 1) floor(500 / 16) blocks in every step.
        #expect(shared.saved == (shared.running - shared.saturatedSteps) * 496)
        let none = try SharedPrefix(tokens: 0).run(requests, blockSize: 16, in: simulation).use
        #expect(none == apart)
    }
}
