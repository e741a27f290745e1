import NIOCore
import NIOPosix
import Synchronization

/// One connection, on which a test says what it likes, byte for byte.
struct Client: Sendable {
    private let channel: any Channel
    private let wire: Wire

    /// Connects.
    ///
    /// - Parameter reads: whether it takes what the server sends.
    init(port: Int, reads: Bool = true) async throws {
        let wire = Wire()
        self.wire = wire
        channel = try await ClientBootstrap(group: MultiThreadedEventLoopGroup.singleton)
            .channelOption(ChannelOptions.autoRead, value: reads)
            .channelOption(ChannelOptions.allowRemoteHalfClosure, value: true)
            .channelOption(ChannelOptions.socketOption(.so_rcvbuf), value: reads ? 1 << 20 : 4_096)
            .channelInitializer { $0.pipeline.addHandler(Collector(wire)) }
            .connect(host: "127.0.0.1", port: port).get()
    }

    /// Sends a text.
    func send(_ text: String) async throws {
        try await channel.writeAndFlush(ByteBuffer(string: text)).get()
    }

    /// Sends a request.
    func send(_ method: String, _ path: String, _ fields: [String] = [], body: String? = nil)
        async throws
    {
        var lines = ["\(method) \(path) HTTP/1.1"]
        if !fields.contains(where: { $0.lowercased().hasPrefix("host:") }) {
            lines.append("Host: localhost")
        }
        lines += fields
        if let body {
            lines.append("Content-Type: application/json")
            lines.append("Content-Length: \(body.utf8.count)")
        }
        try await send(lines.joined(separator: "\r\n") + "\r\n\r\n" + (body ?? ""))
    }

    /// What the server has sent, once it holds `text` so many times or the connection is closed.
    @discardableResult
    func received(_ text: String, times: Int = 1) async -> String {
        await wire.wait { $0.ranges(of: text).count >= times }
    }

    /// What the server has sent when it has closed the connection.
    func receivedAll() async -> String { await wire.wait { _ in false } }

    /// Whether the server has closed the connection.
    var isClosed: Bool { wire.isClosed }

    /// Closes the connection.
    func leave() async throws { try await channel.close().get() }

    /// Says that nothing more is sent, and goes on to read.
    func endSending() async throws { try await channel.close(mode: .output).get() }
}

/// What has come.
private final class Wire: Sendable {
    private struct State {
        var bytes: [UInt8] = []
        var isClosed = false
        var waiters: [(isMet: @Sendable (String) -> Bool, CheckedContinuation<Void, Never>)] = []

        var text: String { String(decoding: bytes, as: UTF8.self) }
    }

    private let state = Mutex(State())

    var isClosed: Bool { state.withLock { $0.isClosed } }

    func append(_ bytes: [UInt8]) { change { $0.bytes += bytes } }

    func close() { change { $0.isClosed = true } }

    private func change(_ change: (inout State) -> Void) {
        let ready = state.withLock { state in
            change(&state)
            let text = state.waiters.isEmpty ? "" : state.text
            let ready = state.waiters.filter { state.isClosed || $0.isMet(text) }
            state.waiters.removeAll { state.isClosed || $0.isMet(text) }
            return ready
        }
        for (_, waiter) in ready { waiter.resume() }
    }

    func wait(_ isMet: @escaping @Sendable (String) -> Bool) async -> String {
        await withCheckedContinuation { waiter in
            let isDue = state.withLock { state in
                if state.isClosed || isMet(state.text) { return true }
                state.waiters.append((isMet, waiter))
                return false
            }
            if isDue { waiter.resume() }
        }
        return state.withLock { $0.text }
    }
}

/// Puts what comes into a `Wire`.
private final class Collector: ChannelInboundHandler, Sendable {
    typealias InboundIn = ByteBuffer

    private let wire: Wire

    init(_ wire: Wire) {
        self.wire = wire
    }

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        wire.append(Array(unwrapInboundIn(data).readableBytesView))
    }

    func userInboundEventTriggered(context: ChannelHandlerContext, event: Any) {
        if case .inputClosed? = event as? ChannelEvent {
            wire.close()
            context.close(promise: nil)
        }
        context.fireUserInboundEventTriggered(event)
    }

    func channelInactive(context: ChannelHandlerContext) { wire.close() }

    func errorCaught(context: ChannelHandlerContext, error: any Error) {
        wire.close()
        context.close(promise: nil)
    }
}
