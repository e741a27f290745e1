import KVCache
import ModelsTestSupport
import QuireIdentifiers
import TestSupport
import Testing

@testable import QuireModels

/// The forward pass against one written from the papers in double precision.
struct ForwardTests {
    /// Single precision over a few layers: rounding errors stay far below this.
    static let tolerance = 2e-4

    /// The architectures that the reference does not know: `GoldenTests` has them all.
    static let others: Set = [
        "bloom", "deepseek2", "gemma4", "glm4moe", "gpt-oss", "llama4", "mpt", "olmo",
    ]

    @Test(arguments: Architectures.supported.filter { !others.contains($0) })
    func `logits of every position are those of the reference`(architecture: String) throws {
        let tiny = TinyModel(architecture, seed: 7)
        let tokens = randomTokens(40, of: tiny, seed: 3)
        let logits = try TinyRun(tiny).allLogits(tokens)
        expect(logits, are: ReferenceModel(model: tiny).logits(tokens.map { Int($0.rawValue) }))
    }

    @Test func `a model of one head and one of many heads a group`() throws {
        for (heads, kvHeads) in [(1, 1), (4, 1), (4, 4), (8, 2)] {
            let tiny = TinyModel("llama", seed: 9) {
                $0.heads = heads
                $0.kvHeads = kvHeads
                $0.headDimension = $0.width / heads
            }
            let tokens = randomTokens(21, of: tiny, seed: 4)
            let logits = try TinyRun(tiny).allLogits(tokens)
            expect(
                logits, are: ReferenceModel(model: tiny).logits(tokens.map { Int($0.rawValue) }))
        }
    }

    @Test func `a window of a llama file hides what lies before it`() throws {
        let tiny = TinyModel("llama", seed: 5) { $0.window = 5 }
        let tokens = randomTokens(33, of: tiny, seed: 6)
        let logits = try TinyRun(tiny).allLogits(tokens)
        expect(logits, are: ReferenceModel(model: tiny).logits(tokens.map { Int($0.rawValue) }))
    }

    @Test func `tied embeddings are the output matrix`() throws {
        let tiny = TinyModel("qwen2", seed: 5) { $0.hasOutput = false }
        let tokens = randomTokens(9, of: tiny, seed: 6)
        let logits = try TinyRun(tiny).allLogits(tokens)
        expect(logits, are: ReferenceModel(model: tiny).logits(tokens.map { Int($0.rawValue) }))
    }

    @Test(arguments: [KVDType.f16, .bf16])
    func `half precision keys and values stay near the reference`(dtype: KVDType) throws {
        let tiny = TinyModel("gemma3", seed: 7)
        let tokens = randomTokens(40, of: tiny, seed: 3)
        let logits = try TinyRun(tiny, dtype: dtype).allLogits(tokens)
        expect(
            logits, are: ReferenceModel(model: tiny).logits(tokens.map { Int($0.rawValue) }),
            within: dtype == .f16 ? 0.02 : 0.15)
    }

    @Test(arguments: ["llama", "gemma3"])
    func `logits that hyper-parameters change are those of the reference`(
        architecture: String
    ) throws {
        let plain = TinyModel(architecture, seed: 21)
        let tokens = randomTokens(40, of: plain, seed: 22)
        let before = try TinyRun(plain).allLogits(tokens)
        let changes: [(inout TinyModel) -> Void] = [
            { $0.rotary = $0.headDimension / 2 }, { $0.attentionScale = 0.7 },
            { $0.embeddingScale = 1.75 }, { $0.logitCap = 2 },
        ]
        for change in changes {
            let tiny = TinyModel(architecture, seed: 21, change)
            let logits = try TinyRun(tiny).allLogits(tokens)
            expect(
                logits, are: ReferenceModel(model: tiny).logits(tokens.map { Int($0.rawValue) }))
            #expect(logits != before)
        }
    }

    @Test func `the local layers of gemma3 are turned and chosen as the file says`() throws {
        let plain = TinyModel("gemma3", seed: 23)
        let tokens = randomTokens(40, of: plain, seed: 24)
        let before = try TinyRun(plain).allLogits(tokens)
        let changes: [(inout TinyModel) -> Void] = [
            { $0.localRopeBase = 300 }, { $0.globalPeriod = 3 },
        ]
        for change in changes {
            let tiny = TinyModel("gemma3", seed: 23, change)
            let logits = try TinyRun(tiny).allLogits(tokens)
            expect(
                logits, are: ReferenceModel(model: tiny).logits(tokens.map { Int($0.rawValue) }))
            #expect(logits != before)
        }
    }

    func expect(
        _ logits: [[Float]], are reference: [[Double]], within tolerance: Double = tolerance,
        sourceLocation: SourceLocation = #_sourceLocation
    ) {
        #expect(logits.count == reference.count, sourceLocation: sourceLocation)
        var worst = 0.0
        for (found, expected) in zip(logits, reference) {
            #expect(found.count == expected.count, sourceLocation: sourceLocation)
            for (a, b) in zip(found, expected) { worst = max(worst, abs(Double(a) - b)) }
        }
        #expect(worst <= tolerance, sourceLocation: sourceLocation)
    }
}
