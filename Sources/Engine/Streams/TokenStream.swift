public import QuireIdentifiers
import Synchronization

/// The answers to a request, as they come.
///
/// ```swift
/// let stream = try engine.submit(request)
/// for try await delta in stream {
///     print(delta.text, terminator: "")
/// }
/// ```
///
/// With several answers their deltas come mixed, each with its `choice`. The last delta of each
/// has the reason and the whole `Completion`. A request that fails throws.
///
/// **Back-pressure.** The engine never waits for a reader: what a slow one has not taken yet is
/// merged into one delta for each answer. What is kept is thus no more than the answers themselves,
/// which the context length bounds.
///
/// **Giving up.** The request is cancelled when its stream is dropped unread, when the iterator is
/// dropped (a `break` out of the loop), when the reading task is cancelled, and by `cancel()`. It
/// is gone within a step, and what it had computed stays cached. A reader that still waits gets
/// what was generated, the last deltas with the reason `.cancelled`, and then the end.
///
/// A stream is read once, by one task at a time.
public struct TokenStream: AsyncSequence, Sendable {
    /// A delta.
    public typealias Element = GenerationDelta

    /// What is wrong with a request that fails.
    public typealias Failure = EngineError

    /// The number of the request.
    public let id: RequestID

    private let lifeline: Lifeline

    package init(id: RequestID, buffer: StreamBuffer) {
        self.id = id
        lifeline = Lifeline(buffer)
    }

    /// Waits until the engine has taken the request in; at the latest until the step is over that
    /// it is making, or the pause.
    ///
    /// Whoever has to say whether a request is answered before the first byte of its answer, as a
    /// server has, asks here: a request that is refused, now or because too many wait, is so before
    /// this returns. Reading the stream throws the same error again.
    ///
    /// - Throws: `EngineError`, when the request is refused.
    public func accepted() async throws(EngineError) { try await lifeline.buffer.acceptance() }

    /// Gives the request up; without effect when it has ended. Never waits.
    public func cancel() { lifeline.buffer.cancel() }

    /// Has somebody told of news who takes them with `take()`, instead of a reader that sleeps: for
    /// whoever waits for several things at once. From the engine's thread, which must not be kept.
    ///
    /// - Parameter endOnly: whether only the end is news.
    package func listen(endOnly: Bool = false, _ onNews: @escaping @Sendable () -> Void) {
        lifeline.buffer.listen(endOnly: endOnly, onNews)
    }

    /// What there is to take, without waiting.
    ///
    /// - Throws: `EngineError`, once, when the request has failed.
    package func take() throws(EngineError) -> StreamItem { try lifeline.buffer.take() }

    /// The reader.
    public func makeAsyncIterator() -> Iterator {
        Iterator(lifeline.beginReading())
    }

    /// Reads the stream to its end: the answers, in the order of their choices.
    ///
    /// - Throws: `EngineError`, when the request fails.
    public func completions() async throws(EngineError) -> [Completion] {
        var found: [Completion] = []
        let iterator = makeAsyncIterator()
        while let delta = try await iterator.next(isolation: nil) {
            if let completion = delta.completion { found.append(completion) }
        }
        return found.sorted { $0.choice < $1.choice }
    }

    /// The reader of a stream; dropping it gives the request up.
    ///
    /// An object, so that it lives as long as it is read from: of a structure the optimizer may
    /// drop the parts that reading does not need, and what their end does would come early.
    public final class Iterator: AsyncIteratorProtocol {
        private let buffer: StreamBuffer

        init(_ buffer: StreamBuffer) {
            self.buffer = buffer
        }

        deinit { buffer.cancel() }

        /// Waits for the next delta; nil after the last.
        ///
        /// - Throws: `EngineError`, once, when the request has failed.
        @inline(never)
        public func next(
            isolation actor: isolated (any Actor)?
        ) async throws(EngineError) -> GenerationDelta? {
            defer { withExtendedLifetime(self) {} }
            return try await buffer.next()
        }
    }
}

/// Cancels a request whose stream is dropped before anybody has begun to read it.
final class Lifeline: Sendable {
    let buffer: StreamBuffer
    private let isRead = Atomic(false)

    init(_ buffer: StreamBuffer) {
        self.buffer = buffer
    }

    /// From here on the reader's end is what gives the request up.
    func beginReading() -> StreamBuffer {
        isRead.store(true, ordering: .relaxed)
        return buffer
    }

    deinit {
        if !isRead.load(ordering: .relaxed) { buffer.cancel() }
    }
}
