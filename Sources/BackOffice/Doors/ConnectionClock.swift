import HTTPTypes
import NIOCore
import NIOHTTPTypes

/// Ends a connection whose client sends a request too slowly, or does not read its answer: moves what happens on it to
/// ``ConnectionTimes``, and looks at the clock while anything is on its way.
final class ConnectionClock: ChannelDuplexHandler, RemovableChannelHandler {
    typealias InboundIn = HTTPRequestPart
    typealias InboundOut = HTTPRequestPart
    typealias OutboundIn = HTTPResponsePart
    typealias OutboundOut = HTTPResponsePart

    private let limits: OfficeLimits
    private var times: ConnectionTimes
    private var sweep: RepeatedTask?
    private var isClosing = false

    init(limits: OfficeLimits) {
        self.limits = limits
        times = ConnectionTimes(limits: limits)
    }

    func handlerRemoved(context: ChannelHandlerContext) {
        sweep?.cancel()
        isClosing = true
    }

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        switch unwrapInboundIn(data) {
        case .head:
            times.headCame(at: .now())
            startLooking(context)
        case .body: break
        case .end: times.bodyEnded()
        }
        context.fireChannelRead(data)
    }

    func write(context: ChannelHandlerContext, data: NIOAny, promise: EventLoopPromise<Void>?) {
        switch unwrapOutboundIn(data) {
        case .head(let head): if head.status.kind != .informational { times.answerBegan() }
        case .body: break
        case .end: times.answerEnded(at: .now())
        }
        context.write(data, promise: promise)
    }

    private func startLooking(_ context: ChannelHandlerContext) {
        guard sweep == nil, !isClosing else { return }
        let (handler, place) = (NIOLoopBound(self, eventLoop: context.eventLoop), context.loopBound)
        sweep = context.eventLoop.scheduleRepeatedTask(initialDelay: limits.sweepInterval, delay: limits.sweepInterval) { _ in
            handler.value.look(place.value)
        }
    }

    private func look(_ context: ChannelHandlerContext) {
        guard !isClosing else { return }
        let unread = (try? context.channel.syncOptions?.getOption(.bufferedWritableBytes)) ?? 0
        switch times.look(unread: unread, at: .now()) {
        case .carryOn:
            guard !times.isWaiting else { return }
            sweep?.cancel()
            sweep = nil
        case .refuse:
            isClosing = true
            let fields: HTTPFields = [.connection: "close", .contentLength: "0"]
            context.write(wrapOutboundOut(.head(HTTPResponse(status: .requestTimeout, headerFields: fields))), promise: nil)
            context.writeAndFlush(wrapOutboundOut(.end(nil)), promise: nil)
            context.close(promise: nil)
        case .close:
            isClosing = true
            context.close(promise: nil)
        }
    }
}
