import FakeExecutor
import Logging
import Serving

/// A server on a port of its own, with a tiny model.
struct RunningServer {
    let port: Int
    let server: Server
    private let task: Task<Void, any Error>

    private init(port: Int, server: Server, task: Task<Void, any Error>) {
        self.port = port
        self.server = server
        self.task = task
    }

    /// Runs a test against a server, which is stopped afterwards.
    static func with<Value>(
        _ model: TestModel, _ configure: (inout ServerOptions) -> Void = { _ in },
        _ test: (RunningServer) async throws -> Value
    ) async throws -> Value {
        let running = try await start(configure) { model.served }
        do {
            try await running.isReady()
            let value = try await test(running)
            model.gate.open()
            try await running.stop()
            return value
        } catch {
            model.gate.open()
            try await running.stop()
            throw error
        }
    }

    /// Starts a server; returns when it listens.
    static func start(
        _ configure: (inout ServerOptions) -> Void = { _ in },
        load: @escaping @Sendable () async throws -> ServedModel
    ) async throws -> RunningServer {
        var options = ServerOptions()
        options.address = .host("127.0.0.1", port: 0)
        options.version = "1.2.3"
        options.shutdownTime = .seconds(20)
        configure(&options)
        let server = Server(options, logger: Logger(label: "test") { _ in SilentLogHandler() })
        let (urls, continuation) = AsyncStream.makeStream(of: String.self)
        let task = Task {
            defer { continuation.finish() }
            try await server.run(load: load, onListening: { continuation.yield($0) })
        }
        let url = await urls.first { _ in true } ?? ""
        guard let port = url.split(separator: ":").last.flatMap({ Int($0) }) else {
            try await task.value
            throw NoPort()
        }
        return RunningServer(port: port, server: server, task: task)
    }

    struct NoPort: Error {}

    /// Waits until it answers.
    func isReady() async throws {
        try await eventually("readiness") {
            (try? await ask("GET", "/ready"))?.status == 200
        }
    }

    /// Stops it, and waits until it has ended.
    func stop() async throws {
        server.stop()
        try await task.value
    }

    /// Waits until it has ended.
    func ended() async throws { try await task.value }

    func connect(reads: Bool = true) async throws -> Client {
        try await Client(port: port, reads: reads)
    }

    /// Sends a request on a connection of its own and waits for its answer.
    func ask(
        _ method: String, _ path: String, _ fields: [String] = [], body: String? = nil
    ) async throws -> Answer {
        let client = try await connect()
        try await client.send(method, path, fields + ["Connection: close"], body: body)
        let text = await client.receivedAll()
        guard let answer = Answer(text) else { throw NoAnswer(text: text) }
        return answer
    }

    struct NoAnswer: Error {
        let text: String
    }
}

/// Says nothing.
struct SilentLogHandler: LogHandler {
    var metadata: Logger.Metadata = [:]
    var logLevel = Logger.Level.critical

    subscript(metadataKey key: String) -> Logger.MetadataValue? {
        get { metadata[key] }
        set { metadata[key] = newValue }
    }

    func log(event: LogEvent) {}
}
