import Foundation
import KVCache
import Tensors
import TestSupport
import Testing

@testable import QuireModels

/// Which file serves which model.
struct PrefixCacheFileTests {
    private static func open(
        _ path: String, seed: UInt64 = 1, blockSize: Int = 8, dtype: KVDType = .f16,
        activations: ActivationMode = .int8, budget: Int = 1 << 20
    ) throws -> PrefixCacheFile {
        let model = try CPUModel(try TinyModel("llama", seed: seed).file())
        let layout = try KVPlanner(
            geometry: model.configuration.kvGeometry, dtype: dtype, blockSize: blockSize,
            maxModelLength: 64
        ).plan(sequences: 1)
        return try PrefixCacheFile(
            path: path, model: model, layout: layout, activations: activations, budget: budget)
    }

    @Test func `a file is for one model, one precision and one layout`() throws {
        let folder = try TemporaryFolder()
        let path = folder.path("cache")
        let first = try Self.open(path).seed
        #expect(try Self.open(path).seed == first)
        #expect(try !Self.open(path).wasRebuilt)
        #expect(try Self.open(path, seed: 2).wasRebuilt)
        #expect(try Self.open(path).wasRebuilt)
        #expect(try Self.open(path, activations: .float32).wasRebuilt)
        #expect(try Self.open(path, blockSize: 16).wasRebuilt)
        #expect(try Self.open(path, blockSize: 16, dtype: .bf16).wasRebuilt)
        #expect(try Self.open(path).seed != first)
    }

    @Test func `a file of one level serves any other`() async throws {
        let folder = try TemporaryFolder()
        _ = try Self.open(folder.path("cache"))
        unsafe setenv("QUIRE_TEST_PREFIX_FILE", folder.path("cache"), 1)
        await #expect(processExitsWith: .success) {
            unsafe setenv("QUIRE_ISA", "scalar", 1)
            precondition(ISALevel.active == .scalar)
            let path = unsafe String(cString: getenv("QUIRE_TEST_PREFIX_FILE"))
            let wasRebuilt = try Self.open(path).wasRebuilt
            precondition(!wasRebuilt)
        }
    }

    @Test func `the second process is told`() throws {
        let folder = try TemporaryFolder()
        let first = try Self.open(folder.path("cache"))
        let error = #expect(throws: ModelError.self) { try Self.open(folder.path("cache")) }
        #expect(error?.code == .invalidPrefixFile)
        #expect(error?.message.contains("in use by another process") == true)
        #expect(first.capacity > 0)
    }

    @Test func `a file too small for one block is refused`() throws {
        let folder = try TemporaryFolder()
        let error = #expect(throws: ModelError.self) {
            try Self.open(folder.path("cache"), budget: 4100)
        }
        #expect(error?.code == .invalidPrefixFile)
    }
}
