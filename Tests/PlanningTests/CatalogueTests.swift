import KVCache
import Planning
import Testing

/// Numbers of parameters as the checkpoints on the hub have them (model.safetensors.index.json), or
/// as the papers give them.
private let published: [(name: String, parameters: Int)] = [
    ("opt-13b", 12_853_473_280),
    ("llama-2-7b", 6_738_415_616), ("llama-2-13b", 13_015_864_320),
    ("llama-2-70b", 68_976_648_192), ("llama-3.1-8b", 8_030_261_248),
    ("llama-3.1-70b", 70_553_706_496), ("llama-3.1-405b", 405_853_388_800),
    ("llama-3.2-1b", 1_235_814_400), ("llama-3.2-3b", 3_212_749_824),
    ("mistral-7b", 7_241_732_096), ("mixtral-8x7b", 46_702_792_704),
    ("qwen2.5-0.5b", 494_032_768), ("qwen2.5-1.5b", 1_543_714_304),
    ("qwen2.5-3b", 3_085_938_688), ("qwen2.5-7b", 7_615_616_512),
    ("qwen2.5-14b", 14_770_033_664), ("qwen2.5-32b", 32_763_876_352),
    ("qwen2.5-72b", 72_706_203_648), ("qwen3-0.6b", 596_049_920),
    ("qwen3-8b", 8_190_735_360), ("qwen3-30b-a3b", 30_532_122_624),
    ("qwen3-235b-a22b", 235_093_634_560), ("gemma-2-2b", 2_614_341_888),
    ("gemma-2-9b", 9_241_705_984), ("gemma-2-27b", 27_227_128_320),
    ("gemma-3-270m", 268_098_176), ("gemma-3-1b", 999_885_952),
    ("deepseek-v2-lite", 15_706_484_224), ("deepseek-v2", 235_741_434_880),
    ("deepseek-v3", 671_026_419_200), ("falcon-7b", 6_921_720_704),
    ("gpt-oss-20b", 20_914_757_184),
]

/// What a token meets, in 10^9, as the papers round it.
private let active: [(name: String, billions: ClosedRange<Double>)] = [
    ("mixtral-8x7b", 12.5...13), ("mixtral-8x22b", 38.5...39.5), ("qwen3-30b-a3b", 2.9...3.4),
    ("qwen3-235b-a22b", 21.5...22.5), ("deepseek-v2", 20.5...21.5), ("deepseek-v3", 36.5...37.5),
    ("gpt-oss-20b", 3.5...3.7), ("gpt-oss-120b", 5.0...5.3),
]

@Suite struct `The catalogue` {
    @Test(arguments: published)
    func `has as many parameters as the checkpoint`(name: String, parameters: Int) throws {
        #expect(try #require(ModelCatalogue.entry(named: name)).shape.parameters == parameters)
    }

    @Test(arguments: [("gpt-3-175b", 175.0), ("opt-66b", 66), ("opt-175b", 175)])
    func `comes near the number in the name`(name: String, billions: Double) throws {
        let shape = try #require(ModelCatalogue.entry(named: name)).shape
        #expect(abs(Double(shape.parameters) / 1e9 / billions - 1) < 0.01)
    }

    @Test(arguments: active)
    func `knows what a token meets of a mixture`(name: String, billions: ClosedRange<Double>) throws
    {
        let shape = try #require(ModelCatalogue.entry(named: name)).shape
        #expect(billions.contains(Double(shape.activeParameters) / 1e9))
        #expect(shape.activeParameters < shape.parameters)
    }

    /// Bytes of keys and values a token in f16: MHA, GQA, MQA, windows, latent attention.
    @Test(arguments: [
        ("gpt-3-175b", 4_718_592), ("opt-13b", 819_200), ("llama-2-7b", 524_288),
        ("llama-2-13b", 819_200), ("llama-2-70b", 327_680), ("llama-3.1-8b", 131_072),
        ("llama-3.1-405b", 516_096), ("falcon-7b", 8192), ("qwen2.5-0.5b", 12_288),
        ("gemma-3-27b", 507_904), ("deepseek-v3", 70_272),
    ])
    func `knows the keys and values of a token`(name: String, bytes: Int) throws {
        let shape = try #require(ModelCatalogue.entry(named: name)).shape
        #expect(shape.kvGeometry.bytesPerToken(.f16) == bytes)
    }

    @Test func `names are of one kind and their own`() {
        #expect(Set(ModelCatalogue.names).count == ModelCatalogue.entries.count)
        #expect(Set(DeviceCatalogue.names).count == DeviceCatalogue.devices.count)
        for name in ModelCatalogue.names + DeviceCatalogue.names {
            #expect(name == name.lowercased() && !name.contains(" "))
        }
        for entry in ModelCatalogue.entries {
            #expect(!entry.source.isEmpty)
            #expect(entry.shape.contextLength >= 2048)
            #expect(ModelCatalogue.entry(named: entry.shape.name.uppercased()) == entry)
        }
        #expect(ModelCatalogue.entry(named: "llama") == nil)
        #expect(DeviceCatalogue.device(named: "A100-80")?.name == "a100-80")
        #expect(DeviceCatalogue.device(named: "a100") == nil)
    }

    @Test(arguments: [("a100-40", 201), ("a100-80", 153), ("h100", 295), ("mi300x", 247)])
    func `a device's ridge is operations over bandwidth`(name: String, ridge: Int) throws {
        let device = try #require(DeviceCatalogue.device(named: name))
        #expect(Int((device.ridge ?? 0).rounded()) == ridge)
    }

    @Test func `a device is what a program sees as one`() throws {
        let die = try #require(DeviceCatalogue.device(named: "mi250x"))
        #expect(die.memoryBytes == 64_000_000_000)
        #expect(die.bandwidth == 1.638e12 && die.operations == 191.5e12)
    }

    @Test func `windows stand where the models have them`() throws {
        let gemma = try #require(ModelCatalogue.entry(named: "gemma-3-1b")).shape
        #expect(gemma.layers.indices.filter { gemma.layers[$0].span == .full } == [5, 11, 17, 23])
        let gemma2 = try #require(ModelCatalogue.entry(named: "gemma-2-9b")).shape
        #expect(gemma2.layers.count { $0.span == .slidingWindow(4096) } == 21)
        let mistral = try #require(ModelCatalogue.entry(named: "mistral-7b")).shape
        #expect(mistral.layers.allSatisfy { $0.span == .slidingWindow(4096) })
    }
}
