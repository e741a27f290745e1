import KVCache
import QuireEngine
import QuireIdentifiers
import Scheduling
import Testing

@Suite struct `Events of the cache` {
    @Test func `are numbered, and a slow reader sees how many it lost`() async {
        let log = KVEventLog(capacity: 4)
        var slow = KVEventStream(log).makeAsyncIterator()
        var fast = KVEventStream(log).makeAsyncIterator()
        var seen: UInt64 = 0
        for count in 1...30 {
            log.append(Array(repeating: .cleared, count: count % 3 + 1))
            let batch = await fast.next(isolation: nil)
            #expect(batch?.first == seen)
            #expect(batch?.lost == 0)
            #expect(batch?.events.count == count % 3 + 1)
            seen += UInt64(count % 3 + 1)
        }
        let late = await slow.next(isolation: nil)
        #expect((late?.events.count ?? 0) >= 4)
        #expect((late?.events.count ?? 0) <= 8, "no more is kept than twice the capacity")
        #expect(late?.lost == late?.first)
        #expect((late?.first ?? 0) + UInt64(late?.events.count ?? 0) == seen)
        log.append([.cleared])
        #expect(await slow.next(isolation: nil)?.first == seen)
        log.finish()
        #expect(await slow.next(isolation: nil) == nil)
    }

    @Test func `let a waiting reader go when it is cancelled or the engine ends`() async {
        let log = KVEventLog()
        let readers = (0..<4).map { _ in
            let stream = KVEventStream(log)
            return Task {
                var count = 0
                for await batch in stream { count += batch.events.count }
                return count
            }
        }
        readers[0].cancel()
        #expect(await readers[0].value == 0)
        log.append([.cleared])
        log.finish()
        for reader in readers.dropFirst() { #expect(await reader.value == 1) }
    }

    @Test func `say what can be hit, as a router would have to know`() async throws {
        let prompts = TinyModel.prompts(8, seed: 9, lengths: 20...60)
        let model = try await OnlineModel(recordsEvents: true)
        let engine = model.engine
        let stream = engine.cacheEvents
        let router = Task {
            var stored: Set<BlockKey> = []
            var next: UInt64 = 0
            var cleared = false
            for await batch in stream {
                #expect(batch.first == next)
                next += UInt64(batch.events.count)
                for event in batch.events {
                    switch event {
                    case .stored(let run) where run.group == 0: stored.formUnion(run.keys)
                    case .removed(let keys, group: 0, medium: _): stored.subtract(keys)
                    case .cleared:
                        cleared = true
                        stored = []
                    default: break
                    }
                }
            }
            return (stored, cleared)
        }
        for prompt in prompts {
            _ = try await engine.submit(
                GenerationRequest(prompt: prompt, parameters: SamplingParameters(maxTokens: 3))
            ).completions()
        }
        #expect(await engine.resetPrefixCache())
        let last = TinyModel.prompts(1, seed: 77, lengths: 17...17)[0]
        _ = try await engine.submit(
            GenerationRequest(prompt: last, parameters: SamplingParameters(maxTokens: 1))
        ).completions()
        #expect(await model.isCleanAtEnd())
        let (stored, cleared) = await router.value
        #expect(cleared)
        #expect(stored.count == 4, "the four whole blocks of the last prompt")
    }

    @Test func `are not recorded unless they are asked for`() async throws {
        let model = try await OnlineModel()
        let stream = model.engine.cacheEvents
        _ = try await model.engine.submit(
            GenerationRequest(
                prompt: Array(repeating: 1, count: 40), parameters: SamplingParameters(maxTokens: 1)
            )
        ).completions()
        #expect(await model.isCleanAtEnd())
        for await batch in stream { Issue.record("\(batch)") }
    }
}
