import Foundation
import ModelFiles
import ModelsTestSupport
import QuireIdentifiers
import Tensors
import TestSupport
import Testing

@testable import QuireModels

/// Experts that stay in the model's file.
struct ExpertsInFileTests {
    private static func tiny(_ architecture: String) -> TinyModel {
        TinyModel(architecture, seed: 71) {
            $0.width = 64
            $0.hidden = 64
            $0.headDimension = 16
        }
    }

    @Test(arguments: ["qwen2moe", "qwen3moe", "granitemoe", "olmoe"])
    func `give the same bits as those in memory`(_ architecture: String) throws {
        let tiny = Self.tiny(architecture)
        let folder = try TemporaryFolder()
        let path = try folder.write("tiny.gguf", tiny.bytes(matrices: .q8_0))
        let tokens = randomTokens(40, of: tiny, seed: 72)
        func logits(_ form: CPUModel.WeightForm, threads: Int, chunk: Int) throws -> [[Float]] {
            let model = try CPUModel(GGUFFile.open(path), form: form)
            return try TinyRun(model, threads: threads, activations: .int8)
                .allLogits(tokens, chunk: chunk)
        }
        let wanted = try logits(.packed, threads: 1, chunk: 40)
        for (threads, chunk) in [(1, 40), (2, 40), (2, 7), (1, 1)] {
            #expect(try logits(.expertsInFile, threads: threads, chunk: chunk) == wanted)
        }
    }

    @Test func `are not counted among the weights in memory`() throws {
        for format in [TensorFormat.q8_0, .f32] {
            let model = try CPUModel(Self.tiny("qwen3moe").file(matrices: format))
            let expert = 64 * 64 * (format == .f32 ? 128 : 34) / 32
            #expect(model.expertBytes == 3 * 5 * 3 * expert)
            #expect(model.expertBytesPerToken == 3 * 2 * 3 * expert)
            let (all, rest) = (
                model.residentBytes(in: .packed), model.residentBytes(in: .expertsInFile)
            )
            #expect(all - rest >= model.expertBytes && rest > 0)
            let left = try CPUModel(
                Self.tiny("qwen3moe").file(matrices: format), form: .expertsInFile)
            #expect(left.residentBytes == rest)
        }
    }

    @Test func `of a cold file, hardly more is read than what a token chooses`() throws {
        // Larger than what the system reads ahead, which may be 8 MiB: the header's pages are among
        // them.
        let (experts, width, hidden) = (32, 512, 1_024)
        var tiny = TinyModel("qwen3moe", seed: 73) {
            $0.layers = 1
            $0.width = width
            $0.hidden = hidden
            $0.headDimension = 16
            $0.traits.experts = 0
        }
        tiny.traits.experts = experts
        let stacks = ["gate", "up", "down"].map { name in
            let stack = "blk.0.ffn_\(name)_exps.weight"
            let (rows, columns) = name == "down" ? (width, hidden) : (hidden, width)
            tiny.tensors["blk.0.ffn_\(name).weight"] = nil
            tiny.tensors[stack] = TinyModel.Tensor(
                rows: experts * rows, columns: columns, isVector: false, values: [],
                stack: experts, bytes: Self.q8Bytes(experts * rows * columns))
            return stack
        }
        tiny.tensors["blk.0.ffn_gate_inp.weight"] = TinyModel.Tensor(
            rows: experts, columns: width, isVector: false,
            values: (0..<experts * width).map { Float($0 * 7 % 31) - 15 })
        let folder = try TemporaryFolder()
        let path = try folder.write("tiny.gguf", tiny.bytes(matrices: .q8_0))
        let cache = try PageCache(path)
        try cache.drop()
        let file = try GGUFFile.open(path)
        func pages() throws -> Int {
            try stacks.reduce(0) { sum, name in
                let tensor = try #require(file.tensors.first { $0.name == name })
                return sum + cache.residentPages(in: tensor.range)
            }
        }
        let opened = try pages()
        let run = try TinyRun(CPUModel(file, form: .expertsInFile), activations: .int8)
        let before = try pages()
        let all = stacks.count * experts * width * hidden * 34 / 32 / PageCache.pageBytes
        guard before < all / 3 else {
            try Test.cancel("the file's pages cannot be dropped here")
        }
        // Of the pages that others share with experts there are a few.
        #expect(before - opened < 16, "\(before - opened) pages of experts were loaded")
        let wanted = all * tiny.traits.chosen / experts
        _ = run.allLogits(randomTokens(1, of: tiny, seed: 74))
        let read = try pages() - before
        #expect(read >= wanted - before)
        #expect(read > 0 && 5 * read <= 6 * wanted, "\(read) pages instead of \(wanted)")
    }

    /// Weights in the format's blocks, a factor and 32 bytes each.
    private static func q8Bytes(_ count: Int) -> [UInt8] {
        var bytes: [UInt8] = [0, 0x14] + (0..<32).map { UInt8(truncatingIfNeeded: $0 * 37) }
        let wanted = count / 32 * 34
        while bytes.count < wanted { bytes += bytes.prefix(wanted - bytes.count) }
        return bytes
    }
}

/// What the system has of a file in memory.
@safe
private final class PageCache {
    static let pageBytes = Int(sysconf(Int32(_SC_PAGESIZE)))

    let byteCount: Int
    private let descriptor: Int32
    private let address: UnsafeMutableRawPointer

    init(_ path: String) throws {
        descriptor = unsafe open(path, O_RDWR)
        try #require(descriptor >= 0)
        byteCount = Int(lseek(descriptor, 0, SEEK_END))
        let mapped = unsafe mmap(nil, byteCount, PROT_READ, MAP_SHARED, descriptor, 0)
        unsafe address = try #require(mapped)
    }

    deinit {
        unsafe munmap(address, byteCount)
        close(descriptor)
    }

    /// Has the system write the file and forget it.
    func drop() throws {
        try #require(fsync(descriptor) == 0)
        #if canImport(Glibc)
            posix_fadvise(descriptor, 0, 0, POSIX_FADV_DONTNEED)
        #endif
    }

    /// The pages of a range that are in memory; of those at its ends, too.
    func residentPages(in range: Range<Int>) -> Int {
        let first = range.lowerBound / Self.pageBytes
        let count = (range.upperBound + Self.pageBytes - 1) / Self.pageBytes - first
        var states = [UInt8](repeating: 0, count: count)
        let start = unsafe address + first * Self.pageBytes
        guard unsafe mincore(start, count * Self.pageBytes, &states) == 0 else { return -1 }
        return states.count { $0 & 1 == 1 }
    }
}
