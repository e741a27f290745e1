import Foundation
import KVCache
import Testing

@testable import Simulation

/// Lengths of public traces, which are no part of the repository. The sums are those of a script of
/// its own, in another language.
@Suite(.enabled(if: ProcessInfo.processInfo.environment["QUIRE_SHARED_DATA"] != nil))
struct `Use of memory on traces, SharedDataTests` {
    private func requests(_ name: String) throws -> [LengthSample] {
        let folder = try #require(ProcessInfo.processInfo.environment["QUIRE_SHARED_DATA"])
        let bytes = try Data(contentsOf: URL(filePath: folder + "/traces/" + name))
        return try Trace.read(Array(bytes), name: name).requests.map {
            LengthSample(prompt: $0.promptTokens, output: $0.outputTokens)
        }.filter { $0.prompt + $0.output <= 2048 }
    }

    @Test func `the conversation trace holds what an independent program says`() throws {
        let requests = try requests("AzureLLMInferenceTrace_conv.csv")
        #expect(requests.count == 16_528)
        let simulation = try MemorySimulation(capacity: 15_728, longest: 2048)
        for (policy, steps, tokens, reserved, waste, external, running) in [
            (
                MemoryPolicy.buddy(.max), 548_743, 4_196_734_731, 664_620_200, 3_005_424_717,
                763_850_256, 3_841_201
            ),
            (
                .buddy(.pow2), 468_215, 4_196_201_599, 664_581_058, 1_889_462_335, 613_840_528,
                3_840_838
            ),
            (
                .buddy(.oracle), 459_233, 4_195_943_477, 664_548_339, 1_750_926_616,
                611_398_192, 3_840_647
            ),
            (
                .paged(blockSize: 16), 278_162, 4_193_815_118, 28_093_932, 697_014, 152_325_872,
                3_838_855
            ),
        ] {
            let use = try simulation.run(requests, policy).use
            #expect(use.saturatedSteps == steps)
            #expect(use.tokens == tokens)
            #expect(use.reserved == reserved)
            #expect(use.internalWaste == waste)
            #expect(use.external == external)
            #expect(use.running == running)
        }
    }

    @Test func `so does that of answers of chats, with blocks of 1 and 256`() throws {
        let requests = try requests("sharegpt4_lengths.csv")
        #expect(requests.count == 14_568)
        let simulation = try MemorySimulation(capacity: 15_728, longest: 2048)
        for (size, steps, tokens, running, preemptions) in [
            (1, 316_835, 4_810_354_394, 5_758_027, 6143),
            (256, 365_192, 4_810_635_598, 5_758_135, 6853),
        ] {
            let use = try simulation.run(requests, .paged(blockSize: size)).use
            #expect(use.saturatedSteps == steps)
            #expect(use.tokens == tokens)
            #expect(use.running == running)
            #expect(use.preemptions == preemptions)
        }
    }
}
