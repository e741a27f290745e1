import KVCache
import ModelFiles
import ModelsTestSupport
import QuireIdentifiers
import Tensors
import Testing

@testable import QuireModels

/// LongRoPE: two lists of divisors, of which the cache's length chooses one.
struct LongRopeTests {
    private let factors: (short: [Float], long: [Float]) = ([1, 1.5, 2, 3], [2, 4, 9, 30])

    /// A file with both lists, trained for contexts of 64 tokens.
    private func model(_ edit: (inout [String: TinyModel.Tensor]) -> Void = { _ in }) throws
        -> CPUModel
    {
        func vector(_ values: [Float]) -> TinyModel.Tensor {
            .init(rows: 1, columns: values.count, isVector: true, values: values)
        }
        return try CPUModel(
            try TinyModel("phi3", seed: 3).file(
                {
                    $0["phi3.rope.scaling.original_context_length"] = .uint32(64)
                    $0["phi3.rope.scaling.attn_factor"] = .float32(1.25)
                },
                tensors: {
                    $0["rope_factors_short.weight"] = vector(factors.short)
                    $0["rope_factors_long.weight"] = vector(factors.long)
                    edit(&$0)
                }))
    }

    @Test func `a cache for longer contexts than were trained turns by the long list`() throws {
        let rope = try model().configuration.ropes[0]
        let plain = RopeParameters(base: 10_000, dimension: 8, pairing: .neox)
        let trained = plain.frequencies(context: 0)
        for (context, list) in [(1, factors.short), (64, factors.short), (65, factors.long)] {
            #expect(
                rope.frequencies(context: context)
                    == zip(trained, list).map { $0 / Double($1) })
        }
        #expect(rope.magnitude == 1.25)
    }

    @Test func `the length of the cache decides, not that of a request`() throws {
        let model = try model()
        let tokens = (0..<20).map { TokenID(UInt32($0)) }
        func logits(_ length: Int) throws -> [[Float]] {
            let layout = try KVPlanner(
                geometry: model.configuration.kvGeometry, dtype: .f32, maxModelLength: length
            ).plan(sequences: 1)
            let driver = SequenceDriver(
                try CPUExecutor(model: model, layout: layout, activations: .float32), layout)
            return driver.step([.init(driver.start(), tokens, outputs: 1)])
        }
        #expect(try logits(32) == logits(64))
        #expect(try logits(65) == logits(128))
        #expect(try logits(64) != logits(65))
    }

    @Test(arguments: ["rope_factors_short.weight", "rope_factors_long.weight"])
    func `one list without the other is refused by name`(name: String) {
        let error = #expect(throws: ModelError.self) { _ = try model { $0[name] = nil } }
        #expect(error?.code == .missingTensor)
        #expect(error?.subject == name)
    }
}
