import KVCache
import ModelFiles
import Tensors
import Testing

@testable import QuireModels

/// Files that read well but do not hold the model that their hyper-parameters describe.
struct LoadingTests {
    @Test(arguments: [
        "output_norm.weight", "blk.0.attn_norm.weight", "blk.1.attn_q.weight",
        "blk.2.attn_k.weight", "blk.0.attn_v.weight", "blk.0.attn_output.weight",
        "blk.2.ffn_norm.weight", "blk.0.ffn_gate.weight", "blk.1.ffn_up.weight",
        "blk.2.ffn_down.weight", "blk.1.attn_q.bias", "token_embd.weight",
    ])
    func `a missing tensor is named`(name: String) {
        let error = refusal("qwen2") { $0[name] = nil }
        #expect(error?.code == .missingTensor)
        #expect(error?.subject == name)
    }

    @Test(arguments: [
        "blk.0.attn_q_norm.weight", "blk.3.attn_k_norm.weight",
        "blk.5.post_attention_norm.weight", "blk.6.post_ffw_norm.weight",
    ])
    func `a missing norm of gemma3 is named`(name: String) {
        let error = refusal("gemma3") { $0[name] = nil }
        #expect(error?.code == .missingTensor)
        #expect(error?.subject == name)
    }

    @Test(arguments: [
        "output.weight", "output_norm.weight", "blk.0.attn_q.weight", "blk.1.attn_k.weight",
        "blk.2.attn_v.weight", "blk.0.attn_output.weight", "blk.1.ffn_gate.weight",
        "blk.2.ffn_down.weight",
    ])
    func `a tensor of another shape is named, with both shapes`(name: String) throws {
        let error = refusal("llama") {
            $0[name]?.columns += 1
            let tensor = $0[name]
            $0[name]?.values = Array(
                repeating: 0, count: (tensor?.rows ?? 0) * (tensor?.columns ?? 0))
        }
        #expect(error?.code == .invalidTensor)
        #expect(error?.subject == name)
        #expect(error?.message.contains("dimensions") == true)
    }

    @Test func `rope factors are read, checked and used`() throws {
        let tiny = TinyModel("llama")
        func factors(_ values: [Float]) throws -> ModelConfiguration {
            try ModelConfiguration(
                try tiny.file(tensors: {
                    $0["rope_freqs.weight"] = .init(
                        rows: 1, columns: values.count, isVector: true, values: values)
                }))
        }
        let c = try factors([1, 1, 2, 8])
        #expect(c.ropes[0].frequencyFactors == [1, 1, 2, 8])
        #expect(c.ropes[0].frequencies(context: 0)[3] == 0.001 / 8)
        #expect(throws: ModelError.self) { try factors([1, 1]) }
        #expect(throws: ModelError.self) { try factors([1, 1, 0, 1]) }
        #expect(throws: ModelError.self) { try factors([1, .nan, 1, 1]) }
    }

    @Test func `an executor refuses what does not fit its model`() throws {
        let model = try CPUModel(try TinyModel("llama").file())
        let other = KVGeometry(spans: [.full], kvHeads: 1, headDim: 8)
        let foreign = try KVPlanner(geometry: other, maxModelLength: 64).plan(sequences: 1)
        let layout = try KVPlanner(geometry: model.configuration.kvGeometry, maxModelLength: 64)
            .plan(sequences: 1)
        func code(_ make: () throws -> CPUExecutor) -> ModelError.Code? {
            do {
                _ = try make()
                return nil
            } catch { return (error as? ModelError)?.code }
        }
        #expect(code { try CPUExecutor(model: model, layout: foreign) } == .invalidPlan)
        #expect(code { try CPUExecutor(model: model, layout: layout, threads: 0) } == .invalidPlan)
        #expect(
            code { try CPUExecutor(model: model, layout: layout, maxStepTokens: 0) } == .invalidPlan
        )
        #expect(
            code {
                try CPUExecutor(model: model, layout: layout, maxStepTokens: 4, maxStepOutputs: 5)
            } == .invalidPlan)
    }

    @Test func `the memory budget is a sum known before anything is allocated`() throws {
        let model = try CPUModel(try TinyModel("llama").file())
        let layout = try KVPlanner(geometry: model.configuration.kvGeometry, maxModelLength: 64)
            .plan(sequences: 2)
        let budget = MemoryBudget(
            model: model, layout: layout, threads: 2, maxStepTokens: 8, maxStepOutputs: 2)
        #expect(budget.weights == model.residentBytes)
        #expect(budget.keyValues == ArenaLayout(layout).arenaBytes)
        // Floats: 2 · D, 2 · H·d + 2 · K·d, 2 · F and the rotary table a token; D an output.
        let floats = (2 * 32 + 2 * 32 + 2 * 16 + 2 * 48 + 8) * 8 + 32 * 2
        // Runs: rows are padded to 256 columns, of 2 bytes, begin another run of 32 apart, and have
        // a word of bits; those of Q, K and V and of the down projection are refined, and count
        // twice.
        let runs = (2 * (256 + 32) + 4) * (6 * 8 + 2)
        // Attention's own: 4 MiB of states, and a thread's scratch.
        let workspace = AttentionWorkspace.byteCount(threads: 2, headDim: 8, group: 2)
        #expect(workspace > 4 << 20 && workspace < 5 << 20)
        #expect(budget.activations == 4 * floats + runs + workspace)
        #expect(budget.logits == 4 * 50 * (2 + MemoryBudget.sampledRows))
        #expect(
            budget.total
                == budget.weights + budget.keyValues + budget.activations + budget.logits
                + budget.bookkeeping)
        #expect(budget.bookkeeping == layout.blockCount * MemoryBudget.blockBytes)
    }

    @Test(arguments: [4, 16, 100, 512, 1024])
    func `the budget of keys and values is what their arenas map`(blockSize: Int) throws {
        let model = try CPUModel(try TinyModel("llama").file())
        for dtype in KVDType.allCases {
            let layout = try KVPlanner(
                geometry: model.configuration.kvGeometry, dtype: dtype, blockSize: blockSize,
                maxModelLength: 64
            ).plan(sequences: 2)
            let budget = MemoryBudget(model: model, layout: layout, hostSlots: 3)
            let arenaLayout = ArenaLayout(layout)
            let arena = try arenaLayout.makeArena(pages: layout.blockCount)
            let host = try arenaLayout.makeArena(pages: 3)
            #expect(budget.keyValues == arena.byteCount)
            #expect(budget.hostKeyValues == host.byteCount)
            #expect(arena.stride == arenaLayout.partStride && host.stride == arenaLayout.partStride)
            #expect(arena.layerBytes == layout.partBytes && host.layerBytes == layout.partBytes)
        }
    }

    private func refusal(
        _ architecture: String, _ edit: (inout [String: TinyModel.Tensor]) -> Void
    ) -> ModelError? {
        do {
            _ = try CPUModel(try TinyModel(architecture).file(tensors: edit))
            return nil
        } catch { return error as? ModelError }
    }
}
