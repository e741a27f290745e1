import ModelFiles
import Tensors
import Testing

/// Which tensor gets which format: what llama.cpp's quantizer says of the same models.
struct QuantizationMixTests {
    /// A model of the shapes that matter, without weights.
    private func formats(
        _ quantization: Quantization, architecture: String = "llama", layers: Int = 24,
        width: Int = 1024, hidden: Int = 2816, experts: Int = 0, isTied: Bool = false,
        keyHeads: Int = 2, isFused: Bool = false
    ) throws -> [String: String] {
        var writer = GGUFWriter()
        writer.add("general.architecture", text: architecture)
        writer.add("\(architecture).block_count", .uint32(UInt32(layers)))
        writer.add("\(architecture).attention.head_count", .uint32(16))
        writer.add("\(architecture).attention.head_count_kv", .uint32(UInt32(keyHeads)))
        if experts > 0 { writer.add("\(architecture).expert_count", .uint32(UInt32(experts))) }
        func add(_ name: String, _ columns: Int, _ rows: Int) {
            let dimensions = rows == 1 ? [columns] : [columns, rows]
            writer.addTensor(
                name, dimensions: dimensions, formatID: 0,
                data: [UInt8](repeating: 0, count: 4 * columns * rows))
        }
        add("token_embd.weight", width, 2)
        if !isTied { add("output.weight", width, 2) }
        add("output_norm.weight", width, 1)
        for layer in 0..<layers {
            let names =
                isFused ? ["attn_qkv"] : ["attn_q", "attn_k", "attn_v"]
            for name in names + ["attn_output", "ffn_up", "ffn_gate"] {
                add("blk.\(layer).\(name).weight", width, 2)
            }
            add("blk.\(layer).attn_q.bias", width, 1)
            add("blk.\(layer).ffn_gate_inp.weight", width, 2)
            add("blk.\(layer).attn_q_norm.weight", width, 2)
            add("blk.\(layer).ffn_down.weight", hidden, 2)
        }
        let model = RequantizedModel(try GGUFFile(bytes: writer.bytes()), quantization)
        return Dictionary(
            uniqueKeysWithValues: model.tensorNames.map {
                ($0, model.description(ofTensor: $0)?.formatName ?? "")
            })
    }

    private func layers(
        _ name: String, _ format: String, in formats: [String: String]
    ) -> [Int] {
        (0..<80).filter { formats["blk.\($0).\(name).weight"] == format }
    }

    /// Of 24 layers: the first and last three, and every third between.
    private let finer = [0, 1, 2, 5, 8, 11, 14, 17, 20, 21, 22, 23]

    @Test func `q4_k_m rounds half of the values and down projections more finely`() throws {
        let found = try formats(.q4_k_m)
        #expect(layers("attn_v", "Q6_K", in: found) == finer)
        #expect(layers("ffn_down", "Q6_K", in: found) == finer)
        #expect(layers("ffn_down", "Q4_K", in: found).count == 12)
        for name in ["attn_q", "attn_k", "attn_output", "ffn_up", "ffn_gate"] {
            #expect(layers(name, "Q4_K", in: found) == Array(0..<24), "\(name)")
        }
        #expect(found["output.weight"] == "Q6_K" && found["token_embd.weight"] == "Q4_K")
        #expect(layers("ffn_gate_inp", "F32", in: found).count == 24)
        #expect(layers("attn_q_norm", "F32", in: found).count == 24)
        #expect(found["blk.0.attn_q.bias"] == "F32" && found["output_norm.weight"] == "F32")
    }

    @Test func `the other mixes are theirs`() throws {
        let five = try formats(.q5_k_m)
        #expect(layers("attn_v", "Q6_K", in: five) == finer)
        #expect(layers("ffn_up", "Q5_K", in: five).count == 24)
        let small = try formats(.q4_k_s)
        #expect(layers("attn_v", "Q5_K", in: small) == [0, 1, 2, 3])
        #expect(layers("ffn_down", "Q5_K", in: small) == [0, 1, 2])
        #expect(layers("ffn_down", "Q4_K", in: small).count == 21)
        #expect(try formats(.q5_k_s)["blk.0.attn_v.weight"] == "Q5_K")
        for (name, format) in [
            (Quantization.q6_k, "Q6_K"), (.q5_0, "Q5_0"), (.q4_0, "Q4_0"), (.q8_0, "Q8_0"),
        ] {
            let found = try formats(name)
            #expect(layers("ffn_down", format, in: found).count == 24)
            #expect(found["output.weight"] == (name == .q8_0 ? "Q8_0" : "Q6_K"))
        }
        let fused = try formats(.q4_k_m, isFused: true)
        #expect(layers("attn_qkv", "Q6_K", in: fused) == finer)
        for (name, format) in [(Quantization.f16, "F16"), (.bf16, "BF16"), (.f32, "F32")] {
            let found = try formats(name)
            #expect(found["output.weight"] == format && found["blk.3.attn_v.weight"] == format)
            #expect(found["blk.3.ffn_gate_inp.weight"] == "F32")
        }
    }

    @Test func `an embedding that is the output matrix too is rounded as that`() throws {
        #expect(try formats(.q4_k_m, isTied: true)["token_embd.weight"] == "Q6_K")
        #expect(try formats(.q8_0, isTied: true)["token_embd.weight"] == "Q8_0")
        #expect(try formats(.q4_0, isTied: true)["token_embd.weight"] == "Q6_K")
    }

    @Test func `rows that blocks of 256 do not fill get blocks of 32, others halves`() throws {
        let narrow = try formats(.q4_k_m, width: 896, hidden: 4864, isTied: true)
        #expect(narrow["token_embd.weight"] == "Q8_0")
        #expect(layers("attn_v", "Q8_0", in: narrow) == finer)
        #expect(layers("attn_q", "Q5_0", in: narrow).count == 24)
        #expect(layers("ffn_down", "Q6_K", in: narrow) == finer)
        #expect(try formats(.q5_k_m, width: 96)["blk.0.attn_q.weight"] == "Q5_1")
        #expect(try formats(.q4_k_m, width: 40)["blk.0.attn_q.weight"] == "F16")
        #expect(try formats(.q8_0, width: 40)["blk.0.attn_q.weight"] == "F16")
    }

    @Test func `models of eight experts, of 80 layers and Falcons are as they are there`() throws {
        let eight = try formats(.q4_k_m, experts: 8)
        #expect(layers("attn_v", "Q8_0", in: eight).count == 24)
        #expect(layers("attn_k", "Q8_0", in: eight).count == 24)
        #expect(layers("attn_output", "Q5_K", in: eight).count == 24)
        let many = try formats(.q4_k_m, experts: 64)
        #expect(layers("attn_k", "Q4_K", in: many).count == 24)
        let large = try formats(.q4_k_m, layers: 80, width: 256, hidden: 256)
        #expect(layers("attn_v", "Q4_K", in: large).isEmpty)
        #expect(!layers("attn_v", "Q5_K", in: large).isEmpty)
        let falcon = try formats(.q4_k_m, architecture: "falcon", layers: 32)
        #expect(falcon["output.weight"] == "Q8_0")
        #expect(layers("ffn_down", "Q6_K", in: falcon) == [0, 1])
        #expect(layers("ffn_down", "Q5_K", in: falcon).contains(31))
    }

    @Test func `names are taken in any case, and the short ones are their middle mixes`() {
        #expect(Quantization("Q4_K_M") == .q4_k_m && Quantization("q4_k") == .q4_k_m)
        #expect(Quantization("Q5_K") == .q5_k_m && Quantization("BF16") == .bf16)
        #expect(Quantization("q4") == nil && Quantization("") == nil)
    }

    @Test func `another mix is another model to whatever is kept of one`() throws {
        let file = try GGUFFile(bytes: GGUFWriter().bytes())
        let (one, other) = (RequantizedModel(file, .q8_0), RequantizedModel(file, .q4_0))
        #expect(try one.identity() != other.identity() && one.revision() != other.revision())
        #expect(try one.identity() != file.identity())
    }
}
