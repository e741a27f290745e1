import Foundation
import KVCache
import ModelFiles
import ModelsTestSupport
import QuireIdentifiers
import Tensors
import TestSupport
import Testing

@testable import QuireModels

/// Models whose packed weights are kept in a file: the same bits with it and without it, whatever
/// becomes of it. At levels that do not pack there is no file.
struct RepackCacheTests {
    /// Whether the level that the tests run at packs.
    static let packs: Bool = {
        let matrix = try? WeightMatrix(
            format: .q8_0, rows: 16, columns: 32, bytes: [UInt8](repeating: 0, count: 16 * 34))
        return matrix?.packedByteCount != nil
    }()

    let folder: TemporaryFolder
    var path: String { folder.path("packed") }

    init() throws { folder = try TemporaryFolder() }

    private static func load(
        _ format: TensorFormat = .q8_0, seed: UInt64 = 1, cache: String? = nil
    ) throws -> CPUModel {
        let tiny = TinyModel("llama", seed: seed) { $0.hidden = 64 }
        return try CPUModel(try tiny.file(matrices: format), threads: 1, repackCache: cache)
    }

    /// Logits of a few positions.
    private static func logits(_ model: CPUModel) throws -> [[Float]] {
        let layout = try KVPlanner(
            geometry: model.configuration.kvGeometry, blockSize: 8, maxModelLength: 32
        ).plan(sequences: 1)
        let executor = try CPUExecutor(
            model: model, layout: layout, threads: 1, maxStepTokens: 32, maxStepOutputs: 1)
        let tokens = (0..<9).map { TokenID(UInt32($0 * 5)) }
        return SequenceDriver(executor, layout).greedy(tokens, count: 3).logits
    }

    @Test(arguments: [TensorFormat.q8_0, .q5_0, .q4_1, .f32])
    func `mapped weights give the bits of packed ones`(format: TensorFormat) throws {
        let plain = try Self.load(format)
        #expect(plain.repackCache == nil)
        let expected = try Self.logits(plain)
        let first = try Self.load(format, cache: path)
        let second = try Self.load(format, cache: path)
        #expect(try Self.logits(first) == expected && Self.logits(second) == expected)
        #expect(second.packedBytes == plain.packedBytes)
        guard Self.packs, format != .f32 else {
            #expect(first.repackCache == .needless && second.repackCache == .needless)
            #expect(try FileManager.default.contentsOfDirectory(atPath: folder.path).isEmpty)
            return
        }
        #expect(first.repackCache == .written(insteadOf: nil))
        #expect(second.repackCache == .mapped)
        // Nothing is left of the writing.
        #expect(try FileManager.default.contentsOfDirectory(atPath: folder.path) == ["packed"])
    }

    @Test(.enabled(if: packs))
    func `a file of another model or a damaged one is told of and replaced`() throws {
        _ = try Self.load(seed: 2, cache: path)
        let expected = try Self.logits(try Self.load())
        let model = try Self.load(cache: path)
        guard case .written(let fault?) = model.repackCache else {
            Issue.record("\(String(describing: model.repackCache))")
            return
        }
        #expect(fault.contains("another model"))
        #expect(try Self.logits(model) == expected)

        var bytes = try Data(contentsOf: URL(fileURLWithPath: path))
        bytes[bytes.count / 2] ^= 4
        try bytes.write(to: URL(fileURLWithPath: path))
        let again = try Self.load(cache: path)
        #expect(again.repackCache == .written(insteadOf: "is damaged"))
        #expect(try Self.logits(again) == expected)
        #expect(try Self.load(cache: path).repackCache == .mapped)
    }

    @Test(.enabled(if: packs))
    func `a model file that was written to again is another model`() throws {
        let tiny = TinyModel("llama") { $0.hidden = 64 }
        let model = try folder.write("model.gguf", tiny.bytes(matrices: .q8_0))
        func load() throws -> RepackCache? {
            try CPUModel(try GGUFFile.open(model), threads: 1, repackCache: path).repackCache
        }
        #expect(try load() == .written(insteadOf: nil))
        #expect(try load() == .mapped)
        // A change that no sample of the weights shows.
        try FileManager.default.setAttributes(
            [.modificationDate: Date(timeIntervalSince1970: 1e9)], ofItemAtPath: model)
        guard case .written(insteadOf: _?) = try load() else {
            Issue.record("the old weights were mapped")
            return
        }
    }

    @Test(.enabled(if: packs)) func `a file that cannot be made keeps no model from loading`()
        throws
    {
        let expected = try Self.logits(try Self.load())
        // No folder; a folder in the file's place, which a file cannot replace.
        let taken = folder.path("taken")
        try FileManager.default.createDirectory(
            atPath: taken, withIntermediateDirectories: false)
        for path in [folder.path("no/such"), taken] {
            let model = try Self.load(cache: path)
            guard case .failed(let reason) = model.repackCache else {
                Issue.record("\(String(describing: model.repackCache))")
                continue
            }
            #expect(!reason.isEmpty)
            #expect(try Self.logits(model) == expected)
        }
        #expect(try FileManager.default.contentsOfDirectory(atPath: folder.path) == ["taken"])
    }

    @Test(.enabled(if: packs)) func `what a crash has left is written over`() throws {
        _ = try folder.write("packed.partial", [UInt8](repeating: 7, count: 1 << 20))
        #expect(try Self.load(cache: path).repackCache == .written(insteadOf: nil))
        #expect(try Self.load(cache: path).repackCache == .mapped)
        #expect(try FileManager.default.contentsOfDirectory(atPath: folder.path) == ["packed"])
    }

    @Test(.enabled(if: packs)) func `loaders at once all load, and leave one whole file`()
        async throws
    {
        let expected = try Self.logits(try Self.load())
        for round in 0..<8 {
            let path = folder.path("packed-\(round)")
            try await withThrowingTaskGroup(of: Void.self) { group in
                for _ in 0..<4 {
                    group.addTask {
                        let model = try Self.load(cache: path)
                        switch model.repackCache {
                        // Who comes while another writes goes without.
                        case .mapped, .written(nil), .failed: break
                        default: Issue.record("\(String(describing: model.repackCache))")
                        }
                        #expect(try Self.logits(model) == expected)
                    }
                }
                try await group.waitForAll()
            }
            #expect(try Self.load(cache: path).repackCache == .mapped)
        }
        let left = try FileManager.default.contentsOfDirectory(atPath: folder.path)
        #expect(left.count == 8)
    }
}
