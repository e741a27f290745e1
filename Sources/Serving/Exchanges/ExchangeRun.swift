import Conversation
import Hummingbird
import HummingbirdCore
import NIOCore
import QuireEngine
import Scheduling

/// An exchange that the engine is at work on, and all that ends with it: dropping it gives its
/// requests up.
///
/// An object, and kept to the end of what it does: of a structure the optimizer may drop the parts
/// that are not used any more, and what their end does would come early.
final class ExchangeRun: Sendable {
    private let exchange: any Exchange
    private let dialect: any Dialect
    private let streams: [TokenStream]
    private let news: News
    private let ends: Ends

    /// What ends when the exchange does, in whatever way.
    private final class Ends: Sendable {
        let watch: ClientPresence.Watch
        let place: LiveExchanges.Place
        let ticks: RepeatedTask?
        let deadline: Scheduled<Void>?

        init(
            watch: ClientPresence.Watch, place: LiveExchanges.Place, ticks: RepeatedTask?,
            deadline: Scheduled<Void>?
        ) {
            self.watch = watch
            self.place = place
            self.ticks = ticks
            self.deadline = deadline
        }

        deinit {
            ticks?.cancel()
            deadline?.cancel()
        }
    }

    /// The client left before its answer was there.
    struct ClientGone: Error {}

    /// Hands an exchange's requests in, and waits until the engine has taken all of them.
    ///
    /// - Throws: `RequestError` when it refuses one; then none is answered.
    init(
        _ exchange: any Exchange, _ call: Call, engine: Engine, live: LiveExchanges,
        longest: Duration?
    ) async throws {
        self.exchange = exchange
        dialect = call.dialect
        let presence = try await call.presence()
        guard !presence.isGone else { throw ClientGone() }
        var streams: [TokenStream] = []
        do throws(EngineError) {
            for request in exchange.generations { streams.append(try engine.submit(request)) }
        } catch {
            throw RequestError(error)
        }
        let news = News(streams: streams.count)
        // Not the streams themselves: they live as long as somebody reads them.
        let ids = streams.map(\.id)
        let giveUp: @Sendable () -> Void = { for id in ids { engine.cancel(id) } }
        let watch = presence.whenGone {
            news.leave()
            giveUp()
        }
        let cut: @Sendable (RequestError) -> Void = { error in
            news.cut(error)
            giveUp()
        }
        let loop = call.channel.eventLoop
        let interval = call.limits.heartbeat / 2
        ends = Ends(
            watch: watch,
            place: live.begin(
                LiveExchange(
                    name: exchange.id, route: call.request.uri.path, requestID: call.requestID,
                    isStreamed: exchange.isStreamed, created: Int(WallClock.secondsSince1970),
                    requests: ids), cut: cut),
            ticks: exchange.isStreamed
                ? loop.scheduleRepeatedTask(
                    initialDelay: interval.amount, delay: interval.amount
                ) { _ in news.tick() } : nil,
            deadline: longest.map { time in
                loop.scheduleTask(in: time.amount) { cut(Self.timedOut(time)) }
            })
        for (index, stream) in streams.enumerated() {
            stream.listen(endOnly: !exchange.isStreamed) { news.note(stream: index) }
        }
        self.streams = streams
        self.news = news
        for stream in streams {
            do throws(EngineError) {
                try await stream.accepted()
            } catch {
                throw RequestError(error)
            }
        }
    }

    private static func timedOut(_ time: Duration) -> RequestError {
        let seconds = time / .seconds(1)
        return RequestError(
            "the answer was not complete within \(seconds) seconds; ask for less, or give it more "
                + "time", param: "timeout", code: .timedOut)
    }

    /// Waits for the whole answer.
    ///
    /// - Throws: `RequestError` when it fails, `ClientGone` when nobody waits for it any more.
    func whole() async throws -> [[Completion]] {
        defer { withExtendedLifetime(self) {} }
        var completions: [[Completion]] = streams.map { _ in [] }
        var open = streams.count
        while open > 0 {
            let notes = await news.next()
            if notes.isGone { throw ClientGone() }
            if let error = notes.cut { throw error }
            for index in notes.streams {
                while let delta = try take(index, &open) {
                    if let completion = delta.completion { completions[index].append(completion) }
                }
            }
        }
        return completions.map { $0.sorted { $0.choice < $1.choice } }
    }

    /// Writes the answer as it comes.
    ///
    /// The writer waits while the client takes nothing; what comes meanwhile is merged in the
    /// streams, so that what is kept is the answers, once.
    @concurrent
    func write(to writer: inout any ResponseBodyWriter) async throws {
        defer { withExtendedLifetime(self) {} }
        var exchange = exchange
        var out = EventWriter(dialect.framing)
        var open = streams.count
        // What begins an answer counts as data.
        var isQuiet = false
        exchange.begin(&out)
        try await Self.send(&out, to: &writer)
        while open > 0 {
            let notes = await news.next()
            if notes.isGone { throw ClientGone() }
            do {
                if let error = notes.cut { throw error }
                for index in notes.streams {
                    while let delta = try take(index, &open) {
                        exchange.write(delta, of: index, to: &out)
                    }
                }
            } catch let error as RequestError {
                exchange.fail(error, &out)
                return try await Self.send(&out, to: &writer)
            }
            if open == 0 { exchange.end(&out) }
            if !out.bytes.isEmpty {
                isQuiet = false
            } else if notes.isTick {
                // Two ticks are a heartbeat's time.
                if isQuiet { exchange.wait(&out) }
                isQuiet.toggle()
            }
            try await Self.send(&out, to: &writer)
        }
    }

    @concurrent
    private static func send(
        _ out: inout EventWriter, to writer: inout any ResponseBodyWriter
    ) async throws {
        guard !out.bytes.isEmpty else { return }
        try await writer.write(ByteBuffer(bytes: out.take()))
    }

    /// The next delta of a stream, if there is one.
    ///
    /// - Throws: `RequestError` when its request has failed.
    private func take(_ index: Int, _ open: inout Int) throws(RequestError) -> GenerationDelta? {
        do throws(EngineError) {
            switch try streams[index].take() {
            case .delta(let delta): return delta
            case .nothing: return nil
            case .end:
                open -= 1
                return nil
            }
        } catch {
            throw RequestError(error)
        }
    }
}
