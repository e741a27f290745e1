import NIOCore
import NIOHTTP1
import NIOPosix
import Synchronization

#if canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#else
    import Darwin
#endif

/// A real HTTP/1.1 server on a free port of 127.0.0.1, whose answers a test scripts.
final class WebServer: Sendable {
    /// What a client asked for.
    struct Request: Sendable {
        let uri: String
        let headers: HTTPHeaders

        /// `Range: bytes=2-5` as 2..<6.
        var range: Range<Int>? {
            guard let text = headers.first(name: "Range")?.dropFirst("bytes=".count) else {
                return nil
            }
            let bounds = text.split(separator: "-").compactMap { Int($0) }
            return bounds.count == 2 ? bounds[0]..<(bounds[1] + 1) : nil
        }
        var authorization: String? { headers.first(name: "Authorization") }
    }

    /// What the server does to a body that it has announced.
    enum Fault: Sendable {
        case none
        /// Closes the connection after so many bytes.
        case closeAfter(Int)
        /// Sends so many bytes, then nothing, and keeps the connection open.
        case stallAfter(Int)
        /// Resets the connection after so many bytes.
        case resetAfter(Int)
    }

    struct Response: Sendable {
        var status: HTTPResponseStatus = .ok
        var headers = HTTPHeaders()
        var body: [UInt8] = []
        /// Whether the answer says its length; else it comes in chunks.
        var announcesLength = true
        var fault = Fault.none
    }

    private let channel: any Channel
    private let log: RequestLog

    var port: Int { channel.localAddress?.port ?? 0 }
    var origin: String { "http://127.0.0.1:\(port)" }
    /// The requests so far, in the order in which they came.
    var requests: [Request] { log.requests.withLock { $0 } }

    private init(channel: any Channel, log: RequestLog) {
        self.channel = channel
        self.log = log
    }

    /// Serves while the body runs. `respond` gets the request and its number, from 0.
    static func serving<Result>(
        _ respond: @escaping @Sendable (Request, Int) -> Response,
        _ body: (WebServer) async throws -> Result
    ) async throws -> Result {
        let log = RequestLog()
        let channel = try await ServerBootstrap(group: .singletonMultiThreadedEventLoopGroup)
            .serverChannelOption(.socketOption(.so_reuseaddr), value: 1)
            .childChannelInitializer { channel in
                channel.eventLoop.makeCompletedFuture {
                    let pipeline = channel.pipeline.syncOperations
                    // Tests send headers that no server should.
                    try pipeline.configureHTTPServerPipeline(withOutboundHeaderValidation: false)
                    try pipeline.addHandler(Responder(log: log, respond: respond))
                }
            }
            .bind(host: "127.0.0.1", port: 0).get()
        let server = WebServer(channel: channel, log: log)
        do {
            let result = try await body(server)
            try await channel.close()
            return result
        } catch {
            try? await channel.close()
            throw error
        }
    }
}

private final class RequestLog: Sendable {
    let requests = Mutex<[WebServer.Request]>([])

    /// Takes note of a request and answers its number.
    func append(_ request: WebServer.Request) -> Int {
        requests.withLock {
            $0.append(request)
            return $0.count - 1
        }
    }
}

private final class Responder: ChannelInboundHandler {
    typealias InboundIn = HTTPServerRequestPart
    typealias OutboundOut = HTTPServerResponsePart

    private let log: RequestLog
    private let respond: @Sendable (WebServer.Request, Int) -> WebServer.Response

    init(
        log: RequestLog, respond: @escaping @Sendable (WebServer.Request, Int) -> WebServer.Response
    ) {
        self.log = log
        self.respond = respond
    }

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        guard case .head(let head) = unwrapInboundIn(data) else { return }
        let request = WebServer.Request(uri: head.uri, headers: head.headers)
        let response = respond(request, log.append(request))
        var headers = response.headers
        if response.announcesLength, !headers.contains(name: "Content-Length") {
            headers.add(name: "Content-Length", value: "\(response.body.count)")
        }
        let answer = HTTPResponseHead(
            version: .http1_1, status: response.status, headers: headers)
        context.write(wrapOutboundOut(.head(answer)), promise: nil)
        switch response.fault {
        case .none:
            send(response.body[...], context)
            context.writeAndFlush(wrapOutboundOut(.end(nil)), promise: nil)
        case .stallAfter(let count):
            send(response.body.prefix(count), context)
            context.flush()
        case .resetAfter(let count):
            send(response.body.prefix(count), context)
            context.flush()
            let linger = linger(l_onoff: 1, l_linger: 0)
            let channel = context.channel
            _ = (channel as? any SocketOptionProvider)?.setSoLinger(linger)
            context.close(mode: .all, promise: nil)
        case .closeAfter(let count):
            send(response.body.prefix(count), context)
            context.flush()
            context.close(mode: .all, promise: nil)
        }
    }

    /// In pieces, as a network would.
    private func send(_ bytes: ArraySlice<UInt8>, _ context: ChannelHandlerContext) {
        var rest = bytes
        while !rest.isEmpty {
            let piece = rest.prefix(1024)
            rest = rest.dropFirst(1024)
            context.writeAndFlush(
                wrapOutboundOut(.body(.byteBuffer(ByteBuffer(bytes: piece)))), promise: nil)
        }
    }

    func errorCaught(context: ChannelHandlerContext, error: any Error) {
        context.close(promise: nil)
    }
}
