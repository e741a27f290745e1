import ModelFiles
import TestSupport
import Testing

/// Damaged files, each made from a number: an error or a working load, whatever the damage.
///
/// A trap ends the whole run; the case that was started last and not finished names the batch,
/// and `seeds` its thousand mutations.
@Suite(.serialized, .timeLimit(.minutes(20))) struct MutationTests {
    static let batches = 20
    static let batchSize = 1_000

    /// Valid files with every value type, several formats, and both versions.
    static let originals: [GGUFMap] = {
        var small = GGUFWriter(version: 2)
        small.add("general.architecture", text: "llama")
        small.addTensor("token_embd.weight", dimensions: [4, 2], floats: [0, 1, 2, 3, 4, 5, 6, 7])

        var rich = GGUFWriter(alignment: 64)
        for (key, value) in GGUFRoundTripTests.values { rich.add(key, value) }
        rich.addTensor("a", dimensions: [8], floats: Array(repeating: 0.5, count: 8))
        rich.addTensor(
            "b", dimensions: [32, 2], formatID: 8, data: [UInt8](repeating: 1, count: 68))
        rich.addTensor("c", dimensions: [256], formatID: 16, data: [UInt8](repeating: 2, count: 66))
        rich.addTensor(
            "d", dimensions: [2, 2, 2, 2], formatID: 1, data: Array(repeating: 3, count: 32))

        var vocabulary = GGUFWriter()
        vocabulary.add("tokens", .array(GGUFArray(texts: (0..<64).map { "token\($0)" })))
        vocabulary.add("scores", .array(GGUFArray(floats: (0..<64).map { -Float($0) })))
        vocabulary.add("types", .array(GGUFArray(int32s: Array(repeating: 1, count: 64))))
        return [small, rich, rich, vocabulary].map { GGUFMap($0.bytes()) }
    }()

    @Test(arguments: 0..<batches)
    func `a mutated file is an error or a working load`(batch: Int) {
        let seeds = batch * Self.batchSize..<(batch + 1) * Self.batchSize
        var loads = 0
        for seed in seeds {
            var mutator = Mutator(seed: UInt64(seed))
            let bytes = mutator.gguf(Self.originals[seed % Self.originals.count])
            var reserved = 0
            do {
                let file = try GGUFFile(bytes: bytes, name: "mutated", reserved: &reserved)
                loads += 1
                #expect(readsEverything(file), "seed \(seed)")
            } catch {
                #expect(error.path == "mutated" && !error.message.isEmpty, "seed \(seed)")
            }
            // A string of an array takes at least eight bytes of the file.
            #expect(reserved * 8 <= bytes.count, "seed \(seed) reserved \(reserved)")
        }
        // Mutations that never load, or always do, test nothing.
        #expect((50..<950).contains(loads), "\(loads) of \(seeds) load")
    }

    @Test func `memory does not grow with what mutated files claim`() throws {
        let before = try #require(ProcessMemory.peakResident())
        for seed in 100_000..<101_000 {
            var mutator = Mutator(seed: UInt64(seed))
            let original = Self.originals[seed % Self.originals.count]
            if let file = try? GGUFFile(bytes: mutator.gguf(original)) {
                #expect(readsEverything(file), "seed \(seed)")
            }
            if let file = try? GGUFFile(bytes: mutator.bytes(original.bytes)) {
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
            let bytes = mutator.gguf(Self.originals[seed % Self.originals.count])
            let path = try folder.write("mutated.gguf", bytes)
            let onDisk = Result { try GGUFFile.open(path) }
            let inMemory = Result { try GGUFFile(bytes: bytes, name: path) }
            switch (onDisk, inMemory) {
            case (.success(let one), .success(let other)):
                #expect(one.tensors == other.tensors && readsEverything(one), "seed \(seed)")
            case (.failure(let one), .failure(let other)):
                let codes = [one, other].map { ($0 as? ModelFileError)?.code }
                #expect(codes[0] == codes[1] && codes[0] != nil, "seed \(seed)")
            default: Issue.record("seed \(seed): \(onDisk), \(inMemory)")
            }
        }
    }

    /// Decodes every value and looks at every tensor; false if one lies outside of the file.
    private func readsEverything(_ file: GGUFFile) -> Bool {
        for key in file.metadata.keys {
            guard let value = file.metadata.value(for: key) else { return false }
            guard case .array(let array) = value else { continue }
            for index in 0..<array.count { _ = array[index].type }
            guard let strings = array.strings else { continue }
            for index in 0..<strings.count where strings.slice(index).count > file.byteCount {
                return false
            }
        }
        return file.tensors.allSatisfy { tensor in
            tensor.offset >= 0 && tensor.byteCount >= 0 && tensor.elementCount >= 1
                && tensor.offset <= file.byteCount - tensor.byteCount
                && file.tensor(named: tensor.name) == tensor
        }
    }
}
