import Tensors
import Testing

@testable import QuireModels

/// Tensors that have several projections one after another.
struct FusedTensorTests {
    @Test func `the parts of a fused tensor are its rows in order`() throws {
        // The same weights as llama's of the same seed, but for the pairing of rotary positions.
        let fused = TinyModel("phi3", seed: 41) {
            $0.biases = ["attn_q", "attn_k", "attn_v", "ffn_up", "ffn_gate"]
        }
        let model = try CPUModel(try fused.file(), form: .file)
        for (index, layer) in model.layers.enumerated() {
            let parts = [
                ("attn_q", layer.query), ("attn_k", try #require(layer.key)),
                ("attn_v", try #require(layer.value)),
                ("ffn_up", try #require(layer.network?.up)),
                ("ffn_gate", try #require(layer.network?.gate)),
            ]
            for (name, matrix) in parts {
                let expected = try #require(fused.tensors["blk.\(index).\(name).weight"])
                #expect(matrix.rows == expected.rows)
                for row in 0..<matrix.rows {
                    var values = [Float](repeating: 0, count: matrix.columns)
                    var span = values.mutableSpan
                    matrix.dequantize(row: row, into: &span)
                    let start = row * expected.columns
                    #expect(values == Array(expected.values[start..<start + expected.columns]))
                }
            }
        }
    }

    @Test func `a fused tensor of another height is named`() {
        let error = #expect(throws: ModelError.self) {
            _ = try CPUModel(
                try TinyModel("phi3").file(tensors: {
                    $0["blk.1.attn_qkv.weight"]?.rows -= 1
                    $0["blk.1.attn_qkv.weight"]?.values.removeLast(32)
                }))
        }
        #expect(error?.code == .invalidTensor)
        #expect(error?.subject == "blk.1.attn_qkv.weight")
    }

    @Test func `without a gate, an up projection must have the rows of both`() {
        let error = #expect(throws: ModelError.self) {
            _ = try CPUModel(
                try TinyModel("phi3").file(tensors: {
                    $0["blk.0.ffn_up.weight"]?.rows /= 2
                    $0["blk.0.ffn_up.weight"]?.values.removeLast(48 * 32)
                }))
        }
        #expect(error?.code == .missingTensor)
        #expect(error?.subject == "blk.0.ffn_gate.weight")
    }
}
