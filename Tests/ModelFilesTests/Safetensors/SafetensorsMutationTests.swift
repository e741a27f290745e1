import ModelFiles
import Tensors
import TestSupport
import Testing

/// Damaged files, each made from a number: an error or a working load, whatever the damage.
///
/// A trap ends the whole run; the batch that was started last and not finished names the seeds.
@Suite(.serialized, .timeLimit(.minutes(20))) struct SafetensorsMutationTests {
    static let batches = 20
    static let batchSize = 1_000

    static let originals: [SafetensorsBytes] = {
        var layers = SafetensorsBytes()
        for layer in 0..<4 {
            let prefix = "model.layers.\(layer)."
            layers.add(prefix + "q.weight", [4, 4], Array(repeating: 1, count: 16), as: .bf16)
            layers.add(prefix + "norm.weight", [4], [1, 2, 3, 4])
        }
        return [SafetensorsFileTests.small(), layers]
    }()

    @Test(arguments: 0..<batches)
    func `a mutated file is an error or a working load`(batch: Int) {
        let seeds = batch * Self.batchSize..<(batch + 1) * Self.batchSize
        var loads = 0
        for seed in seeds {
            var mutator = Mutator(seed: UInt64(seed))
            let bytes = mutator.safetensors(Self.originals[seed % Self.originals.count])
            do {
                let file = try SafetensorsFile(bytes: bytes, name: "mutated")
                loads += 1
                #expect(readsEverything(file), "seed \(seed)")
            } catch {
                #expect(error.path == "mutated" && !error.message.isEmpty, "seed \(seed)")
            }
        }
        // Mutations that never load, or always do, test nothing.
        #expect((50..<950).contains(loads), "\(loads) of \(seeds) load")
    }

    @Test func `memory does not grow with what mutated files claim`() throws {
        let before = try #require(ProcessMemory.peakResident())
        for seed in 100_000..<102_000 {
            var mutator = Mutator(seed: UInt64(seed))
            let bytes = mutator.safetensors(Self.originals[seed % Self.originals.count])
            if let file = try? SafetensorsFile(bytes: bytes) {
                #expect(readsEverything(file), "seed \(seed)")
            }
        }
        // The files have a few kilobytes; the margin is for tests that run at the same time.
        let growth = try #require(ProcessMemory.peakResident()) - before
        #expect(growth < 512 << 20)
    }

    @Test func `a mutated file on disk ends as the same bytes in memory do`() throws {
        let folder = try TemporaryFolder()
        for seed in 200_000..<200_300 {
            var mutator = Mutator(seed: UInt64(seed))
            let bytes = mutator.safetensors(Self.originals[seed % Self.originals.count])
            let path = try folder.write("mutated.safetensors", bytes)
            let onDisk = Result { try SafetensorsFile.open(path) }
            let inMemory = Result { try SafetensorsFile(bytes: bytes, name: path) }
            switch (onDisk, inMemory) {
            case (.success(let one), .success(let other)):
                #expect(one.tensors == other.tensors && readsEverything(one), "seed \(seed)")
                #expect(try one.identity() == other.identity(), "seed \(seed)")
            case (.failure(let one), .failure(let other)):
                let codes = [one, other].map { ($0 as? ModelFileError)?.code }
                #expect(codes[0] == codes[1] && codes[0] != nil, "seed \(seed)")
            default: Issue.record("seed \(seed): \(onDisk), \(inMemory)")
            }
        }
    }

    /// Reads every tensor of a float type; false if one lies outside of the file.
    private func readsEverything(_ file: SafetensorsFile) -> Bool {
        for tensor in file.tensors where tensor.format != nil {
            guard let values = try? file.floats(tensor) else { continue }
            if values.count != tensor.elementCount { return false }
        }
        return file.tensors.allSatisfy { tensor in
            tensor.range.lowerBound >= 8 && tensor.range.upperBound <= file.byteCount
                && file.tensor(named: tensor.name) == tensor
        }
    }
}
