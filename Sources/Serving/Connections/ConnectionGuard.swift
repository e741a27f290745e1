import HTTPTypes
import NIOCore
import NIOHTTPTypes

/// Sits in each connection: closes it when its client is too slow, and tells those who compute for
/// the client when it is gone.
///
/// On its event loop only, as every handler.
final class ConnectionGuard: ChannelDuplexHandler, RemovableChannelHandler {
    typealias InboundIn = HTTPRequestPart
    typealias InboundOut = HTTPRequestPart
    typealias OutboundIn = HTTPResponsePart
    typealias OutboundOut = HTTPResponsePart

    /// The client.
    let presence = ClientPresence()

    private let limits: ServingLimits
    private var clock: ConnectionClock?
    private var timer: Scheduled<Void>?
    private var timerDeadline: Duration?
    private let opened = ContinuousClock.now

    init(_ limits: ServingLimits) {
        self.limits = limits
    }

    private var now: Duration { ContinuousClock.now - opened }

    func handlerAdded(context: ChannelHandlerContext) {
        clock = ConnectionClock(limits, now: now)
        setTimer(context)
    }

    func handlerRemoved(context: ChannelHandlerContext) { end() }

    func channelInactive(context: ChannelHandlerContext) {
        end()
        context.fireChannelInactive()
    }

    func userInboundEventTriggered(context: ChannelHandlerContext, event: Any) {
        if case .inputClosed? = event as? ChannelEvent { presence.leave() }
        context.fireUserInboundEventTriggered(event)
    }

    func channelWritabilityChanged(context: ChannelHandlerContext) {
        clock?.writability(context.channel.isWritable, now: now)
        setTimer(context)
        context.fireChannelWritabilityChanged()
    }

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        guard clock?.isLingering != true else { return }
        switch unwrapInboundIn(data) {
        case .head(let head):
            clock?.head(now: now)
            if clock?.due == 1, Self.wantsGoAhead(head, limits) {
                context.writeAndFlush(
                    wrapOutboundOut(.head(HTTPResponse(status: .continue))), promise: nil)
            }
        case .body(let bytes):
            guard clock?.body(bytes.readableBytes) != false else {
                return context.close(promise: nil)
            }
        case .end: clock?.end(now: now)
        }
        setTimer(context)
        context.fireChannelRead(data)
    }

    func write(
        context: ChannelHandlerContext, data: NIOAny, promise: EventLoopPromise<Void>?
    ) {
        switch unwrapOutboundIn(data) {
        case .head(let head) where head.status.kind != .informational:
            clock?.answerHead(closes: head.headerFields[.connection]?.lowercased() == "close")
            context.write(data, promise: promise)
        case .end:
            let closes = clock?.answerEnd(now: now) == true
            context.write(data, promise: promise)
            if closes {
                context.flush()
                // The rest of a body that nobody wanted is read until the client has the answer.
                context.close(mode: .output, promise: nil)
            }
            setTimer(context)
        default: context.write(data, promise: promise)
        }
    }

    /// Whether a client waits to be told to send its body, and may.
    private static func wantsGoAhead(_ head: HTTPRequest, _ limits: ServingLimits) -> Bool {
        guard head.headerFields[.expect]?.lowercased() == "100-continue" else { return false }
        guard let length = head.headerFields[.contentLength].flatMap(Int.init) else { return true }
        return length <= limits.bodyBytes
    }

    private func end() {
        timer?.cancel()
        timer = nil
        clock = nil
        presence.leave()
    }

    /// Has the timer go off no later than the deadline. It may go off before, and is set again
    /// then: most deadlines are gone before they are reached.
    private func setTimer(_ context: ChannelHandlerContext) {
        guard let deadline = clock?.deadline else { return }
        if timer != nil, let timerDeadline, timerDeadline <= deadline { return }
        timer?.cancel()
        timerDeadline = deadline
        timer = context.eventLoop.assumeIsolated().scheduleTask(
            in: max(.zero, deadline - now).amount
        ) {
            self.timer = nil
            self.look(context)
        }
    }

    private func look(_ context: ChannelHandlerContext) {
        guard let deadline = clock?.deadline else { return }
        guard now >= deadline else { return setTimer(context) }
        context.close(promise: nil)
    }
}

@available(*, unavailable)
extension ConnectionGuard: Sendable {}
