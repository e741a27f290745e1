import KVCache
import TestSupport
import Testing

@Suite struct `A latent layer` {
    /// DeepSeek-V2 (arXiv 2405.04434): (512 + 64) elements a layer and token, 60 layers.
    @Test func `keeps one vector of rank and turned part for all heads`() throws {
        let layer = KVLayer(span: .full, latentRank: 512, ropeDim: 64)
        #expect(layer.vectors == 1)
        #expect(layer.bytesPerToken(.f16) == 1152)
        #expect(layer.bytesPerToken(.f32) == 2304)
        #expect(layer.bytesPerToken(.int8) == 576 + 4)
        let geometry = KVGeometry(layers: Array(repeating: layer, count: 60))
        #expect(geometry.bytesPerToken(.f16) == 69_120)
        let plan = try KVPlanner(geometry: geometry, maxModelLength: 4096).plan(sequences: 2)
        #expect(plan.residentBytes == 2 * 4096 * 69_120)
        #expect(plan.bytesRead(context: 100) == 100 * 69_120)
    }

    @Test func `is layers x (rank + rope) x bytes for any of them`() {
        var random = SeededGenerator(seed: 7)
        for _ in 0..<500 {
            let layers = Int.random(in: 1...80, using: &random)
            let rank = Int.random(in: 1...1024, using: &random)
            let rope = Int.random(in: 1...256, using: &random)
            let geometry = KVGeometry(
                layers: Array(
                    repeating: KVLayer(span: .full, latentRank: rank, ropeDim: rope),
                    count: layers))
            #expect(geometry.bytesPerToken(.bf16) == layers * (rank + rope) * 2)
        }
    }
}
