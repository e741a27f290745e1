import QuireEngine
import QuireIdentifiers
import Scheduling
import Synchronization
import Testing

@Suite struct `A token stream` {
    private func delta(
        _ text: String, _ tokens: [TokenID] = [], choice: Int = 0, reason: FinishReason? = nil
    ) -> GenerationDelta {
        GenerationDelta(
            index: 0, choice: choice, text: text, tokens: tokens, finishReason: reason)
    }

    /// A stream whose cancellations are counted.
    private func make() -> (stream: TokenStream, buffer: StreamBuffer, cancelled: Counter) {
        let counter = Counter()
        let buffer = StreamBuffer { counter.add() }
        return (TokenStream(id: RequestID(7), buffer: buffer), buffer, counter)
    }

    @Test func `gives what was put in, in order, and then its end`() async throws {
        let (stream, buffer, _) = make()
        let reader = Task {
            var seen: [GenerationDelta] = []
            for try await delta in stream { seen.append(delta) }
            return seen
        }
        for number in 0..<5 { buffer.publish([delta("\(number)", [TokenID(UInt32(number))])]) }
        buffer.publish([delta("end", reason: .length)], end: .success(()))
        let seen = try await reader.value
        #expect(seen.map(\.text).joined() == "01234end")
        #expect(seen.flatMap(\.tokens) == [0, 1, 2, 3, 4])
        #expect(seen.compactMap(\.finishReason) == [.length])
        #expect(seen.last?.finishReason == .length)
    }

    @Test func `a slow reader finds one delta for each answer, whatever came meanwhile`()
        async throws
    {
        let (stream, buffer, _) = make()
        for step in 0..<1_000 {
            buffer.publish([
                delta("a", [TokenID(UInt32(step))], choice: 0),
                delta("b", [TokenID(UInt32(step))], choice: 1),
            ])
        }
        buffer.publish([delta("", choice: 1, reason: .stop)])
        buffer.publish([delta("!", choice: 0, reason: .length)], end: .success(()))
        var seen: [GenerationDelta] = []
        for try await delta in stream { seen.append(delta) }
        #expect(seen.count == 2)
        #expect(seen.map(\.choice) == [0, 1])
        #expect(seen[0].text == String(repeating: "a", count: 1_000) + "!")
        #expect(seen[1].text == String(repeating: "b", count: 1_000))
        #expect(seen.map(\.finishReason) == [.length, .stop])
        #expect(seen[0].tokens == (0..<1_000).map { TokenID(UInt32($0)) })
    }

    @Test func `an error comes after what was there before it, once`() async throws {
        let (stream, buffer, _) = make()
        let error = EngineError.sample
        buffer.publish([delta("so far", [1])])
        buffer.publish([], end: .failure(error))
        let iterator = stream.makeAsyncIterator()
        #expect(try await iterator.next(isolation: nil)?.text == "so far")
        await #expect(throws: error) { try await iterator.next(isolation: nil) }
        #expect(try await iterator.next(isolation: nil) == nil)
    }

    @Test func `dropped unread it is given up`() {
        let counter = Counter()
        do {
            let stream = TokenStream(id: RequestID(1), buffer: StreamBuffer { counter.add() })
            _ = stream.id
        }
        #expect(counter.count == 1)
    }

    @Test func `a reader that leaves the loop gives up, though the stream is still held`()
        async throws
    {
        let (stream, buffer, cancelled) = make()
        buffer.publish([delta("a", [1])])
        for try await _ in stream { break }
        #expect(cancelled.count == 1)
        stream.cancel()
        #expect(cancelled.count == 1)
    }

    @Test func `read to its end it is given up by nobody`() async throws {
        let cancelled = Counter()
        do {
            let buffer = StreamBuffer { cancelled.add() }
            let stream = TokenStream(id: RequestID(1), buffer: buffer)
            buffer.publish([delta("a", reason: .stop)], end: .success(()))
            for try await _ in stream {}
            stream.cancel()
        }
        #expect(cancelled.count == 0)
    }

    @Test func `a reading task that is cancelled gives up and still sees the end`() async throws {
        let (stream, buffer, cancelled) = make()
        let reader = Task {
            var reasons: [FinishReason] = []
            for try await delta in stream {
                if let reason = delta.finishReason { reasons.append(reason) }
            }
            return reasons
        }
        reader.cancel()
        while cancelled.count == 0 { await Task.yield() }
        buffer.publish([delta("", reason: .cancelled)], end: .success(()))
        #expect(try await reader.value == [.cancelled])
        #expect(cancelled.count == 1)
    }
}

final class Counter: Sendable {
    private let value = Atomic<Int>(0)

    var count: Int { value.load(ordering: .sequentiallyConsistent) }

    func add() { value.add(1, ordering: .sequentiallyConsistent) }
}

extension EngineError {
    /// Some error of the engine's.
    static var sample: EngineError {
        do throws(EngineError) {
            try SamplingParameters(maxTokens: -1).validate(vocabularySize: 2)
        } catch {
            return error
        }
        preconditionFailure("bad parameters are good")
    }
}
