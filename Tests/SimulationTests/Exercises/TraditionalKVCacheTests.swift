import Simulation
import TestSupport
import Testing

@Suite struct `The traditional cache` {
    private func cache(
        _ advance: TraditionalKVCache<Int>.Advance = .oncePerToken
    ) -> TraditionalKVCache<Int> {
        TraditionalKVCache(
            maxBatchSize: 3, maxSequenceLength: 4, layers: 2, hiddenSize: 2, filledWith: 0,
            advance: advance)
    }

    @Test func `gives back what was appended, layer by layer`() throws {
        var random = SeededGenerator(seed: 21)
        var cache = TraditionalKVCache(
            maxBatchSize: 4, maxSequenceLength: 20, layers: 3, hiddenSize: 2, filledWith: 0)
        var model: [[[Int]]] = Array(repeating: Array(repeating: [], count: 3), count: 4)
        for step in 1..<600 {
            let batch = Int.random(in: 0..<4, using: &random)
            if Int.random(in: 0..<50, using: &random) == 0 {
                try cache.release(batchIndex: batch)
                model[batch] = Array(repeating: [], count: 3)
            }
            let layer = Int.random(in: 0..<3, using: &random)
            let isFull = model[batch][layer].count == 20 * 2
            let vector = [step, -step]
            do {
                try cache.append(
                    batchIndex: batch, layerIndex: layer, key: vector, value: [2 * step, step])
                #expect(!isFull)
                model[batch][layer] += vector
            } catch {
                #expect(isFull && error.message.contains("full"))
            }
            for layer in 0..<3 {
                let held = try cache.get(batchIndex: batch, layerIndex: layer)
                #expect(Array(held.keys) == model[batch][layer])
                let values = stride(from: 0, to: held.keys.count, by: 2).flatMap {
                    [2 * model[batch][layer][$0], model[batch][layer][$0]]
                }
                #expect(Array(held.values) == values)
            }
        }
    }

    @Test func `a token has one position in all layers`() throws {
        var cache = cache()
        for token in 1...4 {
            for layer in 0..<2 {
                try cache.append(
                    batchIndex: 1, layerIndex: layer, key: [token, token], value: [token, token])
            }
        }
        for layer in 0..<2 {
            #expect(try cache.length(batchIndex: 1, layerIndex: layer) == 4)
            #expect(
                Array(try cache.get(batchIndex: 1, layerIndex: layer).keys)
                    == [1, 1, 2, 2, 3, 3, 4, 4])
        }
        #expect(try cache.length(batchIndex: 0, layerIndex: 0) == 0)
    }

    @Test func `the lesson's advance drifts layer by layer`() throws {
        var cache = cache(.oncePerCall)
        for layer in 0..<2 {
            try cache.append(batchIndex: 0, layerIndex: layer, key: [1, 1], value: [1, 1])
        }
        // The second layer's token lies at position 1, behind one that nobody wrote.
        #expect(Array(try cache.get(batchIndex: 0, layerIndex: 1).keys) == [0, 0, 1, 1])
        #expect(Array(try cache.get(batchIndex: 0, layerIndex: 0).keys) == [1, 1, 0, 0])
        let drift = try PositionDrift(layers: 32, maxSequenceLength: 2048)
        #expect(drift.positionsOfSecondToken == Array(32..<64))
        #expect(drift.tokensUntilFull == 64)
    }

    @Test func `everything out of bounds is refused and changes nothing`() throws {
        var cache = cache()
        #expect(throws: TraditionalKVCacheError.self) {
            try cache.append(batchIndex: 3, layerIndex: 0, key: [1, 1], value: [1, 1])
        }
        #expect(throws: TraditionalKVCacheError.self) {
            try cache.append(batchIndex: 0, layerIndex: 2, key: [1, 1], value: [1, 1])
        }
        #expect(throws: TraditionalKVCacheError.self) {
            try cache.append(batchIndex: 0, layerIndex: 0, key: [1], value: [1, 1])
        }
        #expect(throws: TraditionalKVCacheError.self) {
            try cache.get(batchIndex: -1, layerIndex: 0)
        }
        #expect(throws: TraditionalKVCacheError.self) { try cache.release(batchIndex: 9) }
        #expect(try cache.length(batchIndex: 0, layerIndex: 0) == 0)
    }

    /// The lesson's layout (32 layers, a batch of 8, 2,048 tokens, 4,096 elements), made small.
    @Test func `takes keys and values of every place from the start`() {
        let cache = TraditionalKVCache(
            maxBatchSize: 8, maxSequenceLength: 64, layers: 4, hiddenSize: 32,
            filledWith: UInt16(0))
        #expect(cache.allocatedBytes == 2 * 8 * 64 * 4 * 32 * 2)
    }
}
