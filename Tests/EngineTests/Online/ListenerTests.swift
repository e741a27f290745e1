import FakeExecutor
import QuireEngine
import QuireIdentifiers
import Scheduling
import Synchronization
import Testing

@Suite struct `A stream that is listened to` {
    private final class Count: Sendable {
        private let calls = Mutex(0)
        private let waiters = Mutex<[CheckedContinuation<Void, Never>]>([])

        var value: Int { calls.withLock { $0 } }

        func add() {
            calls.withLock { $0 += 1 }
            let ready = waiters.withLock { waiters in
                defer { waiters = [] }
                return waiters
            }
            for waiter in ready { waiter.resume() }
        }

        func awaitCall(after count: Int) async {
            while value <= count {
                await withCheckedContinuation { waiter in
                    waiters.withLock { $0.append(waiter) }
                    if value > count { add(none: ()) }
                }
            }
        }

        private func add(none: Void) {
            let ready = waiters.withLock { waiters in
                defer { waiters = [] }
                return waiters
            }
            for waiter in ready { waiter.resume() }
        }
    }

    private let parameters = SamplingParameters(maxTokens: 6, seed: 1, ignoreEOS: true)

    @Test func `tells of news, which are taken without waiting`() async throws {
        let model = try await OnlineModel()
        let expected = try await Reading.all(
            model.engine.submit(GenerationRequest(prompt: [1, 2], parameters: parameters)))
        let stream = try model.engine.submit(
            GenerationRequest(prompt: [1, 2], parameters: parameters))
        let count = Count()
        stream.listen { count.add() }
        var reading = Reading()
        var seen = 0
        reading: while true {
            await count.awaitCall(after: seen)
            seen = count.value
            taking: while true {
                switch try stream.take() {
                case .delta(let delta): reading.take(delta)
                case .nothing: break taking
                case .end: break reading
                }
            }
        }
        #expect(reading.tokens == expected.tokens)
        #expect(reading.text == expected.text)
        #expect(await model.isCleanAtEnd())
    }

    @Test func `tells of the end alone where that is all that is wanted`() async throws {
        let model = try await OnlineModel()
        let stream = try model.engine.submit(
            GenerationRequest(prompt: [1, 2], parameters: parameters))
        let count = Count()
        stream.listen(endOnly: true) { count.add() }
        await count.awaitCall(after: 0)
        #expect(count.value == 1)
        guard case .delta(let delta) = try stream.take() else {
            Issue.record("an end without an answer")
            return
        }
        #expect(delta.completion?.tokens.count == 6)
        #expect(await model.isCleanAtEnd())
    }

    @Test func `tells of what was there before, a failure too`() async throws {
        let model = try await OnlineModel(failingStep: 0)
        let stream = try model.engine.submit(
            GenerationRequest(prompt: [1, 2], parameters: parameters))
        await model.engine.pause(.wait)
        let count = Count()
        stream.listen { count.add() }
        #expect(count.value == 1)
        #expect(throws: EngineError.self) { try stream.take() }
        #expect(await model.isCleanAtEnd())
    }
}
