import Conversation
import Hummingbird
import HummingbirdCore
import HummingbirdTLS
package import Logging
import NIOCore
import QuireEngine
import ServiceLifecycle
import Synchronization

/// Answers clients over HTTP.
///
/// ```
/// opened -> listening, model is loaded -> ready -> stopping: no new requests -> cut -> gone
/// ```
///
/// The socket listens first and says 503 until the model is there. A stop closes it, lets requests
/// end, cuts those that take longer than `shutdownTime`, writes the prefix cache to its file if
/// there is one, and ends the engine.
package final class Server: Sendable {
    private let options: ServerOptions
    private let logger: Logger
    private let slot = ModelSlot()
    let live = LiveExchanges()
    private let answers = AnswerCounts()
    private let listening = Latch()
    private let stopping = Latch()

    /// A server that does not listen yet.
    package init(_ options: ServerOptions, logger: Logger) {
        self.options = options
        self.logger = logger
    }

    /// Ends the server in good order; returns at once. May be called from anywhere, any number of
    /// times.
    package func stop() { stopping.open() }

    /// Listens, loads the model, and answers until `stop()`.
    ///
    /// - Parameters:
    ///   - load: makes the model; not on a thread that others need.
    ///   - onListening: called with the URL once clients can connect.
    ///   - onReady: called once they are answered, after `onListening`.
    /// - Throws: when there is no socket to be had, and what `load` throws.
    package func run(
        load: @escaping @Sendable () async throws -> ServedModel,
        onListening: @escaping @Sendable (_ url: String) -> Void = { _ in },
        onReady: @escaping @Sendable (ServedModel) -> Void = { _ in }
    ) async throws {
        if case .socket(let path) = options.address { try await SocketFile.claim(path) }
        let group = ServiceGroup(
            configuration: ServiceGroupConfiguration(
                services: [try application(onListening)], logger: logger))
        let http = Task {
            defer {
                stop()
                listening.open()
            }
            try await group.run()
        }
        let failure = Failure()
        Task {
            do {
                let model = try await load()
                await listening.wait()
                if slot.fill(model) {
                    onReady(model)
                } else {
                    await model.engine.shutdown(.abort)
                }
            } catch {
                failure.error.withLock { $0 = error }
                stop()
            }
        }
        await withTaskCancellationHandler {
            await stopping.wait()
        } onCancel: {
            stop()
        }
        let model = slot.close()
        await group.triggerGracefulShutdown()
        let cut = Task { try await self.cut(after: options.shutdownTime, http) }
        let result = await http.result
        cut.cancel()
        if let model {
            // What is left, which nobody reads: a file wants an engine that has nothing to do.
            await model.engine.pause(.abort)
            if model.savesPrefixCache { _ = await model.engine.savePrefixCache() }
            await model.engine.shutdown(.abort)
        }
        if case .socket(let path) = options.address { SocketFile.remove(path) }
        if let error = failure.error.withLock({ $0 }) { throw error }
        do {
            try result.get()
        } catch is CancellationError {
            // What was cut off.
        } catch {
            throw ServingError.words(for: error, at: options.url(port: nil))
        }
    }

    /// Why there is no model.
    private final class Failure: Sendable {
        let error = Mutex<(any Error)?>(nil)
    }

    /// What speaks HTTP.
    private func application(
        _ onListening: @escaping @Sendable (_ url: String) -> Void
    ) throws -> some Service {
        let options = options
        let limits = options.limits
        let channel = HTTP1Channel.Configuration(
            additionalChannelHandlers: [ConnectionGuard(limits)],
            httpDecoderConfiguration: .init(
                maxHeaderFieldSize: limits.headerFieldBytes,
                maxHeaderListSize: limits.headerBytes,
                maxHeaderFieldCount: limits.headerFields))
        var server = HTTPServerBuilder.http1(configuration: channel)
        if let tls = options.tls { server = try .tls(server, tlsConfiguration: tls) }
        let address: BindAddress =
            switch options.address {
            case .host(let host, let port): .hostname(host, port: port)
            case .socket(let path): .unixDomainSocket(path: path)
            }
        return Application(
            responder: Responder(options, RouteTable(routes), answers), server: server,
            configuration: ApplicationConfiguration(
                address: address, backlog: limits.backlog,
                availableConnectionsDelegate: MaximumAvailableConnections(
                    limits.connections, logger: logger)),
            onServerRunning: { [listening] channel in
                onListening(options.url(port: channel.localAddress?.port))
                listening.open()
            },
            logger: logger)
    }

    private var routes: [Route] {
        let now: @Sendable () -> Int = { Int(WallClock.secondsSince1970) }
        let exchanges = ExchangeEndpoint(
            slot: slot, live: live, longest: options.requestTime, now: now)
        let conversations = [
            exchanges.route("/v1/completions", "Continues texts", CompletionsDialect()),
            exchanges.route(
                "/v1/chat/completions", "Answers a conversation", ChatCompletionsDialect()),
            exchanges.route("/v1/responses", "Answers a conversation", ResponsesDialect()),
            exchanges.route("/v1/messages", "Answers a conversation", MessagesDialect()),
            exchanges.count("/v1/messages/count_tokens"),
            exchanges.route("/api/chat", "Answers a conversation", OllamaDialect(.chat)),
            exchanges.route("/api/generate", "Answers a prompt", OllamaDialect(.generate)),
            exchanges.route("/infill", "Fills in the middle of a text", InfillDialect()),
        ]
        let others =
            OllamaEndpoints(slot: slot, version: options.version).routes
            + ModelEndpoints(slot: slot).routes + TokenEndpoints(slot: slot, now: now).routes
            + RequestEndpoints(slot: slot, live: live).routes + CacheEndpoints(slot: slot).routes
            + MetricsEndpoint(slot: slot, live: live, answers: answers).routes
            + HealthEndpoints(slot: slot, version: options.version).routes
        let all = conversations + others
        let description = DescriptionEndpoint.route(
            beside: all, version: options.version, hasKeys: !options.keys.isEmpty)
        return all + [description]
    }

    /// Has what takes too long end: first in words, then by closing its connection.
    private func cut(after time: Duration, _ http: Task<Void, any Error>) async throws {
        try await Task.sleep(for: time)
        live.cutAll(
            RequestError(
                "the server is shutting down; ask another one for what is missing",
                code: .stopping))
        try await Task.sleep(for: options.limits.cutTime)
        http.cancel()
    }
}
