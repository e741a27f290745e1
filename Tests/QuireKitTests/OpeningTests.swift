import Foundation
import QuireKit
import Synchronization
import Testing

/// What somebody who embeds the engine writes, and what they are told.
struct OpeningTests {
    /// The built-in model, which the build puts beside the tests too.
    static let demo = "demo"

    @Test func `a model answers texts in a few lines`() throws {
        let llm = try LLM(Self.demo)
        let answers = try llm.generate(
            ["Once upon a time", "The cat"], SamplingParameters(maxTokens: 8))
        #expect(answers.count == 2)
        #expect(answers.allSatisfy { !$0.text.isEmpty && $0.tokens.count == 8 })
    }

    @Test func `the engine streams what the model answers`() async throws {
        let parameters = SamplingParameters(maxTokens: 12)
        let alone = try LLM(Self.demo).generate(["Once upon a time"], parameters)[0].text
        let engine = try await Engine(Self.demo)
        var text = ""
        for try await delta in try engine.submit("Once upon a time", parameters) {
            text += delta.text
        }
        await engine.shutdown()
        #expect(text == alone)
    }

    @Test func `engines of one model share its weights and answer alike`() throws {
        let model = try LoadedModel.open(Self.demo)
        let texts = try (0..<2).map { _ in
            try LLM(model).generate(["A dog"], SamplingParameters(maxTokens: 6))[0].text
        }
        #expect(texts[0] == texts[1])
    }

    @Test func `an order and a clock of one's own are used`() throws {
        struct ShortestFirst: OrderPolicy {
            func position(of request: Request, arrival: Duration) -> QueueKey {
                QueueKey(major: request.prompt.count, minor: arrival)
            }
        }
        let ticks = Mutex(0)
        var options = ModelOptions()
        options.context = 128
        options.batch = 1
        options.orderPolicy = ShortestFirst()
        options.clock = {
            ticks.withLock { ticks in
                ticks += 1
                return .seconds(ticks)
            }
        }
        let answers = try LLM(Self.demo, options).generate(
            ["Once upon a time there was a tree", "A dog", "Once upon a time"],
            SamplingParameters(maxTokens: 2, ignoreEOS: true))
        let ends = try answers.map { try #require($0.timeline.finished) }
        #expect(ends[1] < ends[2] && ends[2] < ends[0])
        #expect(ends.allSatisfy { $0 == .seconds($0.components.seconds) }, "\(ends)")
    }

    @Test func `an option out of its range is refused by name`() throws {
        let changes: [(String, (inout ModelOptions) -> Void)] = [
            ("tensorParallel", { $0.tensorParallel = 2 }),
            ("memoryFraction", { $0.memoryFraction = 0 }),
            ("memoryFraction", { $0.memoryFraction = 1.5 }),
            ("context", { $0.context = 0 }), ("batch", { $0.batch = 0 }),
            ("threads", { $0.threads = -1 }), ("hostCacheBytes", { $0.hostCacheBytes = -1 }),
            ("prefixCacheBytes", { $0.prefixCacheBytes = -1 }),
        ]
        for (name, change) in changes {
            var options = ModelOptions()
            change(&options)
            let error = try #require(throws: LoadError.self) {
                try LoadedModel.open(Self.demo, options)
            }
            #expect(error.code == .invalidOptions)
            #expect(error.message.hasPrefix(name))
            #expect(throws: LoadError.self) { try MemoryForecast.of(Self.demo, options) }
        }
    }

    @Test func `what is not there is not found, with what to do`() throws {
        for name in ["/no/such/file.gguf", "no-such-model"] {
            let error = try #require(throws: LoadError.self) { try LLM(name) }
            #expect(error.code == .notFound)
            #expect(error.message.contains(name))
        }
    }

    @Test func `a file that is no model is said to be none`() throws {
        let path = FileManager.default.temporaryDirectory.appending(path: "\(UUID()).gguf").path
        try Data("GGUF is what it is not".utf8).write(to: URL(filePath: path))
        defer { try? FileManager.default.removeItem(atPath: path) }
        let error = try #require(throws: LoadError.self) { try LLM(path) }
        #expect(error.code == .invalidFile)
        #expect(error.cause != nil)
    }

    @Test func `warnings are values`() throws {
        var options = ModelOptions()
        options.threads = 64
        options.context = 100_000
        let model = try LoadedModel.open(Self.demo, options)
        #expect(Set(model.warnings.map(\.subject)) == [.threads, .context])
    }

    @Test func `the prefix cache outlives the engine`() throws {
        let path = FileManager.default.temporaryDirectory.appending(path: "\(UUID()).prefix").path
        defer { try? FileManager.default.removeItem(atPath: path) }
        var options = ModelOptions()
        options.prefixCacheFile = path
        let prompt = String(repeating: "Once upon a time there was a little girl. ", count: 8)
        let parameters = SamplingParameters(maxTokens: 4)
        var texts: [String] = []
        for hits in [false, true] {
            let llm = try LLM(Self.demo, options)
            texts.append(try llm.generate([prompt], parameters)[0].text)
            #expect((llm.statistics.cachedPromptTokens > 0) == hits)
            llm.savePrefixCache()
            #expect(llm.takeWarnings() == [])
        }
        #expect(texts[0] == texts[1])
    }
}
