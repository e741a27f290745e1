import ModelFiles
import Testing

@testable import ModelStore

struct ModelSummaryTests {
    private func summary(_ fill: (inout GGUFWriter) -> Void) throws -> ModelSummary {
        var writer = GGUFWriter()
        fill(&writer)
        return ModelSummary(try GGUFFile(bytes: writer.bytes()))
    }

    @Test func `the numbers of a llama`() throws {
        let summary = try summary { writer in
            writer.add("general.architecture", text: "llama")
            writer.add("general.name", text: "Tiny")
            writer.add("general.file_type", .uint32(15))
            writer.add("llama.block_count", .uint32(3))
            writer.add("llama.context_length", .uint32(2048))
            writer.add("llama.embedding_length", .uint32(64))
            writer.add("llama.attention.head_count", .uint32(8))
            writer.add("llama.attention.head_count_kv", .uint32(2))
            writer.add("tokenizer.ggml.model", text: "gpt2")
            writer.add("tokenizer.ggml.pre", text: "qwen2")
            writer.add("tokenizer.ggml.tokens", .array(GGUFArray(texts: ["a", "b", "c"])))
            writer.add("tokenizer.chat_template", text: "{{ messages }}")
            writer.addTensor("a", dimensions: [4, 3], floats: [Float](repeating: 0, count: 12))
            writer.addTensor(
                "b", dimensions: [4], formatID: 1, data: [UInt8](repeating: 0, count: 8))
        }
        #expect(summary.architecture == "llama" && summary.title == "Tiny")
        #expect(summary.quantization == "Q4_K_M")
        #expect(summary.parameterCount == 16)
        #expect(summary.formats.map(\.format) == ["F32", "F16"])
        #expect(summary.formats.map(\.byteCount) == [48, 8])
        #expect(summary.formats.map(\.tensorCount) == [1, 1])
        #expect(summary.layerCount == 3 && summary.contextLength == 2048)
        #expect(summary.heads?.query == 8 && summary.heads?.keyValue == 2)
        // 3 layers x 2 heads x (8 for K + 8 for V) x 2 bytes
        #expect(summary.keyValueBytesPerToken == 192)
        #expect(summary.tokenizer == "byte-level BPE, qwen2" && summary.vocabularySize == 3)
        #expect(summary.hasChatTemplate)
    }

    @Test func `heads that differ by layer are added up`() throws {
        let summary = try summary { writer in
            writer.add("general.architecture", text: "x")
            writer.add("x.block_count", .uint32(3))
            writer.add("x.attention.head_count", .uint32(4))
            writer.add("x.attention.head_count_kv", .array(GGUFArray(int32s: [4, 2, 1])))
            writer.add("x.attention.key_length", .uint32(16))
            writer.add("x.attention.value_length", .uint32(8))
            writer.add("x.attention.sliding_window", .uint32(512))
        }
        #expect(summary.keyValueBytesPerToken == 7 * (16 + 8) * 2)
        #expect(summary.slidingWindow == 512)
    }

    @Test func `layers of shorter heads, and those that keep nothing, are told apart`() throws {
        let summary = try summary { writer in
            writer.add("general.architecture", text: "x")
            writer.add("x.block_count", .uint32(4))
            writer.add("x.attention.head_count", .uint32(4))
            writer.add("x.attention.head_count_kv", .uint32(2))
            writer.add("x.attention.key_length", .uint32(16))
            writer.add("x.attention.value_length", .uint32(16))
            writer.add("x.attention.key_length_swa", .uint32(8))
            writer.add("x.attention.shared_kv_layers", .uint32(1))
            let pattern = [true, false, true, true].map { GGUFValue.bool($0) }
            writer.add("x.attention.sliding_window_pattern", .array(GGUFArray(.bool, pattern)))
        }
        #expect(summary.keyValueBytesPerToken == 2 * 2 * (16 + 32 + 16))
    }

    @Test func `latent vectors and what is turned are all that is kept`() throws {
        let summary = try summary { writer in
            writer.add("general.architecture", text: "x")
            writer.add("x.block_count", .uint32(28))
            writer.add("x.attention.head_count", .uint32(16))
            writer.add("x.attention.head_count_kv", .uint32(1))
            writer.add("x.attention.key_length", .uint32(576))
            writer.add("x.attention.value_length", .uint32(512))
            writer.add("x.attention.kv_lora_rank", .uint32(512))
            writer.add("x.rope.dimension_count", .uint32(64))
            writer.add("x.nextn_predict_layers", .uint32(1))
        }
        #expect(summary.keyValueBytesPerToken == 27 * (512 + 64) * 2)
    }

    @Test func `an empty file is no more than that`() throws {
        let summary = try summary { _ in }
        #expect(summary.architecture == nil && summary.keyValueBytesPerToken == nil)
        #expect(summary.parameterCount == 0 && summary.quantization == "none")
        #expect(summary.heads == nil && summary.tokenizer == nil && !summary.hasChatTemplate)
    }

    @Test func `numbers that cannot be are left out and do not trap`() throws {
        let summary = try summary { writer in
            writer.add("general.architecture", .uint32(7))
            writer.add(".block_count", .uint64(.max))
            writer.add(".embedding_length", .int64(.max))
            writer.add(".attention.head_count", .int32(0))
            writer.add(".attention.key_length", .int64(.max))
            writer.add("general.file_type", .uint64(.max))
            writer.add("tokenizer.ggml.tokens", .uint32(1))
        }
        #expect(summary.architecture == nil && summary.keyValueBytesPerToken == nil)
        #expect(summary.vocabularySize == nil)
    }
}

struct RetryPolicyTests {
    @Test func `waits double up to a bound and progress resets them`() throws {
        var policy = RetryPolicy()
        policy.attempts = 10
        var attempts = RetryPolicy.Attempts(policy)
        let failure = TransferFailure(.transient, .truncated, "x")
        var waits: [Duration] = []
        for _ in 0..<8 { waits.append(try attempts.delay(after: failure)) }
        #expect(
            waits == [
                .milliseconds(500), .seconds(1), .seconds(2), .seconds(4), .seconds(8),
                .seconds(16), .seconds(30), .seconds(30),
            ])
        let wait = try attempts.delay(after: failure, progress: ModelStoreLimits.progressBytes)
        #expect(wait == .milliseconds(500))
        #expect(attempts.failures == 1)
    }

    @Test(arguments: [TransferFailure.Kind.permanent, .changed, .rangesRefused])
    func `what cannot succeed is not tried again`(kind: TransferFailure.Kind) {
        var attempts = RetryPolicy.Attempts(RetryPolicy())
        #expect(throws: TransferFailure.self) {
            try attempts.delay(after: TransferFailure(kind, .refused, "x"))
        }
    }

    @Test func `the first connection is tried fewer times than one that has worked`() throws {
        let failure = TransferFailure(.connection, .unreachable, "x")
        var first = RetryPolicy.Attempts(RetryPolicy(), connectAttempts: 2)
        _ = try first.delay(after: failure)
        #expect(throws: TransferFailure.self) { try first.delay(after: failure) }
        var later = RetryPolicy.Attempts(RetryPolicy())
        for _ in 1..<ModelStoreLimits.attempts { _ = try later.delay(after: failure) }
        #expect(throws: TransferFailure.self) { try later.delay(after: failure) }
    }
}
