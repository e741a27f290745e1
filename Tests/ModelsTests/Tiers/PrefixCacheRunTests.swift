import KVCache
import QuireIdentifiers
import Scheduling
import Synchronization
import Tensors
import TestSupport
import Testing

@testable import QuireModels

/// What becomes of answers when the file of the prefix cache is damaged, cut, foreign or cannot be
/// written: nothing.
struct PrefixCacheRunTests {
    private static let blockSize = 8

    private let model: CPUModel
    private let layout: CacheLayout
    private let fileLayout: PrefixFile.Layout
    private let prompts: [[TokenID]]
    /// What each prompt is answered without any cache.
    private let expected: [[TokenID]]
    /// The file after a run.
    private let saved: [UInt8]

    init() throws {
        let tiny = TinyModel("llama", seed: 71)
        model = try CPUModel(try tiny.file())
        layout = try KVPlanner(
            geometry: model.configuration.kvGeometry, blockSize: Self.blockSize,
            maxModelLength: 64, maxChunk: 16
        ).plan(blockCount: 12)
        fileLayout = try PrefixCacheFile.layout(model, layout, .int8)
        let common = randomTokens(24, of: tiny, seed: 72)
        prompts = (0..<3).map { common + randomTokens(9, of: tiny, seed: 80 + UInt64($0)) }
        expected = try Run(model, layout, fileLayout).answers(prompts)
        let storage = MemoryStorage()
        let first = Run(model, layout, fileLayout, storage)
        #expect(try first.answers(prompts) == expected)
        #expect(first.statistics.written == 6)
        saved = storage.bytes
    }

    /// Answers prompts one after the other, greedily, and saves what is cached at the end.
    private final class Run {
        let model: CPUModel
        let layout: CacheLayout
        let fileLayout: PrefixFile.Layout
        let storage: MemoryStorage?
        var statistics = TierStatistics()
        var warnings: [String] = []

        init(
            _ model: CPUModel, _ layout: CacheLayout, _ fileLayout: PrefixFile.Layout,
            _ storage: MemoryStorage? = nil
        ) {
            (self.model, self.layout, self.fileLayout, self.storage) = (
                model, layout, fileLayout, storage
            )
        }

        func answers(
            _ prompts: [[TokenID]], budget: Int = 1 << 20, scope: PrefixScope = .shared
        ) throws -> [[TokenID]] {
            // What cannot be opened is a run without a file.
            let file = storage.flatMap {
                try? PrefixCacheFile(storage: $0, layout: fileLayout, budget: budget)
            }
            var configuration = SchedulerConfiguration(
                maxStepTokens: 16, maxStepOutputs: 4, maxChunk: 16, maxRunning: 2)
            configuration.cache.hostSlots = file == nil ? 0 : 5
            configuration.cache.fileRecords = file?.capacity ?? 0
            configuration.cache.seed = file?.seed
            configuration.cache.prefixCaching = file != nil
            let executor = try CPUExecutor(
                model: model, layout: layout, threads: 1, maxStepTokens: 16, maxStepOutputs: 4,
                hostSlots: configuration.cache.hostSlots, file: file)
            var scheduler = try Scheduler(layout: layout, configuration: configuration)
            scheduler.restorePrefixCache(file?.records ?? [:])
            var answers: [[TokenID]] = []
            for (number, prompt) in prompts.enumerated() {
                try scheduler.submit(
                    Request(
                        id: SequenceID(UInt64(number)), prompt: prompt, maxTokens: 5, scope: scope),
                    now: .zero)
                answers.append([])
                while !scheduler.isIdle { step(&scheduler, executor, &answers[number]) }
                scheduler.checkInvariants()
            }
            executor.start(scheduler.savePrefixCache())
            while scheduler.awaitsTierWork {
                scheduler.completeTierWork(executor.takeCompletions(waiting: true))
            }
            scheduler.checkInvariants()
            statistics = scheduler.cache.tierStatistics
            warnings = executor.takeWarnings()
            return answers
        }

        private func step(
            _ scheduler: inout Scheduler, _ executor: CPUExecutor, _ answer: inout [TokenID]
        ) {
            scheduler.completeTierWork(executor.takeCompletions(waiting: false))
            let plan = scheduler.plan(now: .zero)
            executor.start(scheduler.takeTierWork())
            guard !plan.isEmpty else {
                scheduler.completeTierWork(executor.takeCompletions(waiting: true))
                return
            }
            executor.execute(plan)
            let outcomes = plan.rows.map { row -> RowOutcome in
                guard row.outputLength > 0 else { return .advanced }
                let logits = executor.logits(row.outputStart)
                var best = 0
                for token in logits.indices where logits[token] > logits[best] { best = token }
                answer.append(TokenID(UInt32(best)))
                return .sampled(TokenID(UInt32(best)))
            }
            scheduler.complete(outcomes)
            executor.start(scheduler.takeTierWork())
        }
    }

    private func check(_ bytes: [UInt8], _ what: String) throws -> TierStatistics {
        let run = Run(model, layout, fileLayout, MemoryStorage(bytes))
        #expect(try run.answers(prompts) == expected, "\(what)")
        return run.statistics
    }

    @Test func `a prompt that an earlier process computed is fetched`() throws {
        let run = Run(model, layout, fileLayout, MemoryStorage(saved))
        #expect(try run.answers(prompts) == expected)
        #expect(run.statistics.fetched >= 4 && run.statistics.unreadable == 0)
        #expect(run.warnings.isEmpty)
    }

    @Test func `damage of any kind of byte is a miss`() throws {
        let record = PrefixFile.recordBytes(fileLayout)
        let header = PrefixFile.RecordHeader.byteCount(fileLayout)
        // Number, key, serial, parent, group, length of the scope, tokens, scope, both checksums,
        // and three places of the page.
        let places = [
            0, 8, 16, 24, 32, 40, 44, 48, 90, header - 16, header - 8, header, header + 77,
            record - 1,
        ]
        var damaged: [[UInt8]] = []
        for place in [0, 8, 12, 16, 24, 28, 32, 40, 48, 64, 4095] {
            var bytes = saved
            bytes[place] ^= 0x10
            damaged.append(bytes)
        }
        for place in places {
            // In every record at once: the first that is needed is among them.
            var bytes = saved
            var start = PrefixFile.Header.byteCount
            while start + record <= bytes.count {
                bytes[start + place] ^= 0x10
                start += record
            }
            damaged.append(bytes)
        }
        for (number, bytes) in damaged.enumerated() {
            let statistics = try check(bytes, "damage \(number)")
            if number >= 11 { #expect(statistics.fetched == 0) }
        }
        // One record alone: what comes before it may be used.
        for number in 0..<4 {
            var bytes = saved
            bytes[PrefixFile.Header.byteCount + number * record + header + 5] ^= 1
            _ = try check(bytes, "record \(number)")
        }
    }

    @Test func `a file that was cut is used as far as it is whole`() throws {
        let record = PrefixFile.recordBytes(fileLayout)
        let first = PrefixFile.Header.byteCount
        for boundary in stride(from: first, through: saved.count, by: record) {
            for count in [boundary - 1, boundary, boundary + 1] where count <= saved.count {
                _ = try check(Array(saved[..<count]), "\(count) bytes")
            }
        }
        _ = try check([], "nothing")
    }

    @Test func `another model's file begins again`() throws {
        let tiny = TinyModel("llama", seed: 99)
        let other = try CPUModel(try tiny.file())
        let storage = MemoryStorage(saved)
        let foreign = try PrefixCacheFile.layout(other, layout, .int8)
        #expect(foreign != fileLayout)
        let run = Run(other, layout, foreign, storage)
        let alone = try Run(other, layout, foreign).answers(prompts)
        #expect(try run.answers(prompts) == alone)
        #expect(run.statistics.fetched == 0)
        #expect(alone != expected)
        // And back.
        #expect(try check(storage.bytes, "another's").fetched == 0)
    }

    @Test func `a disk that fails at any write costs the file and no answer`() throws {
        for failing in 0..<24 {
            for start in [[], saved] {
                let storage = MemoryStorage(start, failure: (failing, 100))
                let run = Run(model, layout, fileLayout, storage)
                #expect(try run.answers(prompts) == expected)
                #expect(run.warnings.count <= 1)
                storage.state.withLock { $0.failure = nil }
                _ = try check(storage.bytes, "after write \(failing) failed")
            }
        }
    }

    @Test func `a disk that cannot be read is a miss`() throws {
        let storage = MemoryStorage(saved)
        let file = try PrefixCacheFile(storage: storage, layout: fileLayout, budget: 1 << 20)
        #expect(!file.records.isEmpty)
        storage.state.withLock { $0.readsFail = true }
        let run = Run(model, layout, fileLayout, storage)
        #expect(try run.answers(prompts) == expected)
    }

    @Test func `salts keep the records of tenants apart`() throws {
        let storage = MemoryStorage()
        let ours = PrefixScope(salt: "ours")
        let first = Run(model, layout, fileLayout, storage)
        #expect(try first.answers(prompts, scope: ours) == expected)
        let theirs = Run(model, layout, fileLayout, storage)
        #expect(try theirs.answers(prompts, scope: PrefixScope(salt: "theirs")) == expected)
        #expect(theirs.statistics.fetched == 0)
        let again = Run(model, layout, fileLayout, storage)
        #expect(try again.answers(prompts, scope: ours) == expected)
        #expect(again.statistics.fetched > 0)
        // One that no record has room for stays out of the file.
        let long = Run(model, layout, fileLayout, storage)
        let salt = String(repeating: "x", count: 300)
        #expect(try long.answers(prompts, scope: PrefixScope(salt: salt)) == expected)
        #expect(long.statistics.written == 0 && long.statistics.unwritten > 0)
        #expect(long.warnings.isEmpty)
    }

    @Test func `a small file keeps what it can`() throws {
        let record = PrefixFile.recordBytes(fileLayout)
        for records in 1...5 {
            let storage = MemoryStorage()
            let budget = PrefixFile.Header.byteCount + records * record
            let run = Run(model, layout, fileLayout, storage)
            #expect(try run.answers(prompts, budget: budget) == expected)
            #expect(storage.bytes.count <= budget)
            let again = Run(model, layout, fileLayout, storage)
            #expect(try again.answers(prompts, budget: budget) == expected)
            #expect(storage.bytes.count <= budget)
        }
    }
}
