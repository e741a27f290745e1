import KVCache
import Planning
import TestSupport
import Testing

/// A random model; every number small enough to check by hand.
func randomShape(_ random: inout SeededGenerator) -> ModelShape {
    let keyValue = Int.random(in: 1...8, using: &random)
    let group = Int.random(in: 1...8, using: &random)
    let dimension = 8 * Int.random(in: 1...32, using: &random)
    let hidden = 64 * Int.random(in: 1...64, using: &random)
    let width = 64 * Int.random(in: 1...64, using: &random)
    let window = Int.random(in: 1...400, using: &random)
    let isMixture = Bool.random(using: &random)
    let layers = (0..<Int.random(in: 1...12, using: &random)).map { index in
        LayerShape(
            span: index % 3 == 0 ? .full : .slidingWindow(window),
            attention: .heads(
                AttentionHeads(
                    query: keyValue * group, keyValue: keyValue, dimension: dimension)),
            feedForward: isMixture
                ? .experts(.init(count: 16, used: 2, width: width))
                : .dense(width: width, isGated: true),
            vectors: 2 * hidden)
    }
    return ModelShape(
        name: "random", layers: layers, hidden: hidden, vocabulary: 1000, isTied: false,
        vectors: hidden, contextLength: 4096)
}

@Suite struct `What a model takes` {
    @Test func `parameters are the products of its dimensions`() {
        var random = SeededGenerator(seed: 1)
        for _ in 0..<200 {
            let shape = randomShape(&random)
            var sum = 2 * 1000 * shape.hidden + shape.hidden
            for layer in shape.layers {
                guard case .heads(let heads) = layer.attention else { continue }
                sum += 2 * shape.hidden * heads.query * heads.dimension
                sum += 2 * shape.hidden * heads.keyValue * heads.dimension
                sum += 2 * shape.hidden
                switch layer.feedForward {
                case .dense(let width, _): sum += 3 * shape.hidden * width
                case .experts(let experts):
                    sum += shape.hidden * 16 + 16 * 3 * shape.hidden * experts.width
                }
            }
            #expect(shape.parameters == sum)
        }
    }

    @Test func `a batch reads each expert once that a token met`() {
        let shape = ModelCatalogue.entry(named: "mixtral-8x7b")?.shape
        guard let shape else { return #expect(Bool(false)) }
        #expect(abs(shape.parametersRead(batch: 1) - Double(shape.activeParameters)) < 1)
        // One that meets all: everything but the embedding.
        let all = Double(shape.parameters - shape.embeddingParameters)
        #expect(abs(shape.parametersRead(batch: 1_000_000) - all) < 1)
        let layers = Double(shape.layers.count)
        let expert = 3.0 * 4096 * 14_336
        // 8 (1 - (3/4)^2) = 3.5 experts a layer.
        let two = shape.parametersRead(batch: 2) - shape.parametersRead(batch: 1)
        #expect(abs(two - layers * expert * 1.5) < 10)
    }

    @Test func `keys and values are summed layer by layer, windows up to what they keep`() {
        var random = SeededGenerator(seed: 2)
        for _ in 0..<200 {
            let shape = randomShape(&random)
            let context = Int.random(in: 1...2000, using: &random)
            let chunk = Int.random(in: 1...600, using: &random)
            for dtype in KVDType.allCases {
                let cost = KeyValueCost(shape, dtype: dtype, context: context, chunk: chunk)
                var (token, sequence, scales) = (0, 0, 0)
                for layer in shape.layers {
                    guard case .heads(let heads) = layer.attention else { continue }
                    let elements = 2 * heads.keyValue * heads.dimension
                    let bytes =
                        switch dtype {
                        case .f16, .bf16: 2 * elements
                        case .f32: 4 * elements
                        // Dimensions are multiples of 8 here: no padding, one scale a vector.
                        case .int8: elements + 2 * heads.keyValue * 4
                        }
                    token += bytes
                    if dtype == .int8 { scales += 2 * heads.keyValue * 4 }
                    var kept = context
                    if case .slidingWindow(let window) = layer.span {
                        kept = min(context, window - 1 + min(chunk, context))
                    }
                    sequence += kept * bytes
                }
                #expect(cost.bytesPerToken == token)
                #expect(cost.bytesPerSequence == sequence)
                #expect(cost.scaleBytesPerToken == scales)
                #expect((cost.scratchBytes > 0) == (dtype == .int8))
            }
        }
    }

    @Test func `a step needs one layer's buffers, not all layers' outputs`() throws {
        let shape = try #require(ModelCatalogue.entry(named: "llama-2-7b")).shape
        let step = shape.workingSet(tokens: 512, outputs: 4)
        // The stream; then normed input, gate, up and output of the network, the larger part.
        #expect(step.layerBytes == 512 * (4096 + 2 * 4096 + 2 * 11_008) * 2)
        #expect(step.logitBytes == 4 * 32_000 * 4)
        #expect(step.bytes == step.layerBytes + step.logitBytes)
        let textbook = Textbook.activationBytes(
            layers: 32, tokens: 2048, width: 4096, elementBytes: 2)
        #expect(textbook == 536_870_912)
        #expect(shape.workingSet(tokens: 2048, outputs: 1).bytes < textbook)
        // Twice the layers, the same buffers.
        var deeper = shape
        deeper.layers += shape.layers
        #expect(deeper.workingSet(tokens: 512, outputs: 4) == step)
    }

    @Test(arguments: [
        ("f16", 1000, 2000), ("f32", 1000, 4000), ("q4_k", 256, 144), ("q4_k", 257, 288),
        ("q8_0", 64, 68), ("mxfp4", 33, 34), ("fp8", 7, 7), ("q6_k", 0, 0),
    ])
    func `a format of weights is whole blocks`(name: String, weights: Int, bytes: Int) throws {
        #expect(try #require(WeightFormat.named(name.uppercased())).bytes(weights) == bytes)
    }
}

@Suite struct `The textbook's formulas` {
    @Test func `F2 holds for as many key heads as query heads`() {
        var random = SeededGenerator(seed: 3)
        for _ in 0..<100 {
            let (layers, heads) = (
                Int.random(in: 1...96, using: &random), Int.random(in: 1...96, using: &random)
            )
            let (dimension, tokens) = (
                Int.random(in: 1...256, using: &random), Int.random(in: 1...9000, using: &random)
            )
            let geometry = KVGeometry(
                spans: Array(repeating: .full, count: layers), kvHeads: heads, headDim: dimension)
            let bytes = Textbook.keyValueBytes(
                layers: layers, tokens: tokens, width: heads * dimension, elementBytes: 2)
            #expect(bytes == tokens * geometry.bytesPerToken(.f16))
        }
    }

    @Test func `F4 to F6 are quotients and products`() {
        #expect(Textbook.utilization(stored: 1500, allocated: 2048) == 0.732421875)
        #expect(Textbook.utilization(stored: 0, allocated: 0) == 0)
        #expect(Textbook.staticThroughput(completions: [10, 12, 45, 8, 11, 9, 13, 10]) == 8.0 / 45)
        #expect(Textbook.staticThroughput(completions: []) == 0)
        #expect(
            Textbook.staticBytes(batch: 8, maxLength: 2048, bytesPerToken: 524_288)
                == 8_589_934_592)
    }
}
