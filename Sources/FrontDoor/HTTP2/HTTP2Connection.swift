import Attribution
import NIOCore
import NIOHTTP2
import NIOSSL

/// Watches over one HTTP/2 connection: its streams' number, its deadline, its end. The streams' work is ``HTTP2StreamHandler``'s.
final class HTTP2Connection: ChannelInboundHandler, ConnectionStage {
    typealias InboundIn = HTTP2Frame
    typealias OutboundOut = HTTP2Frame

    private let connection: Connection
    private var context: ChannelHandlerContext?
    private var openStreams = 0
    private var lastStream = HTTP2StreamID.rootStream
    private var isFinishing = false

    private init(connection: Connection) {
        self.connection = connection
    }

    /// Puts HTTP/2 at the pipeline's end.
    static func addHandlers(to pipeline: ChannelPipeline.SynchronousOperations, for connection: Connection) throws {
        let watcher = HTTP2Connection(connection: connection)
        let loop = connection.channel.eventLoop
        let delegate = NIOLoopBound(watcher, eventLoop: loop)
        let bound = NIOLoopBound(connection, eventLoop: loop)
        let configuration = configuration(connection.desk.limits)
        let http2 = NIOHTTP2Handler(
            mode: .server,
            eventLoop: loop,
            connectionConfiguration: configuration.connection,
            streamConfiguration: configuration.stream,
            streamDelegate: StreamDelegate(watcher: delegate)
        ) { stream in
            stream.eventLoop.makeCompletedFuture {
                try stream.pipeline.syncOperations.addHandler(HTTP2StreamHandler(connection: bound.value))
            }
        }
        try pipeline.addHandlers([http2, watcher])
    }

    private static func configuration(_ limits: FrontDoorLimits) -> NIOHTTP2Handler.Configuration {
        var configuration = NIOHTTP2Handler.Configuration()
        configuration.connection.initialSettings = [
            HTTP2Setting(parameter: .maxConcurrentStreams, value: limits.http2Streams),
            HTTP2Setting(parameter: .maxHeaderListSize, value: limits.http2HeaderListBytes),
        ]
        configuration.connection.maximumBufferedControlFrames = limits.http2ResetsPer30Seconds
        configuration.connection.controlFrameRateLimit.maximumCount = limits.http2ResetsPer30Seconds
        configuration.stream.streamResetFrameRateLimit.maximumCount = limits.http2ResetsPer30Seconds
        configuration.stream.streamErrorRateLimit.maximumCount = limits.http2ResetsPer30Seconds
        return configuration
    }

    func handlerAdded(context: ChannelHandlerContext) {
        self.context = context
        connection.stage = self
        connection.setDeadline(in: connection.desk.limits.head)
    }

    func handlerRemoved(context: ChannelHandlerContext) {
        self.context = nil
    }

    func errorCaught(context: ChannelHandlerContext, error: any Error) {
        if Self.concernsOneStream(error) { return }
        // The end of TCP's input without TLS's farewell: what was asked is still answered.
        if let error = error as? NIOSSLError, error == .uncleanShutdown { return }
        connection.close()
    }

    func userInboundEventTriggered(context: ChannelHandlerContext, event: Any) {
        // Half a connection is of no use to HTTP/2, but what was asked is still answered.
        if case ChannelEvent.inputClosed = event {
            connection.inputHasEnded = true
            finish()
            // An answer that its window holds back after the commit stays held back: nothing can open it any more.
            let limits = connection.desk.limits
            if openStreams > 0 { connection.setDeadline(in: limits.commit + limits.drain) }
        }
        context.fireUserInboundEventTriggered(event)
    }

    // MARK: Streams

    func streamCreated(_ id: HTTP2StreamID, channel: any Channel) {
        openStreams += 1
        lastStream = max(lastStream, id)
        // Until the answers are taken: a client that never opens its windows must not stay.
        connection.setDeadline(in: connection.desk.limits.body + connection.desk.limits.writeStall)
    }

    func streamClosed(_ id: HTTP2StreamID, channel: any Channel) {
        openStreams -= 1
        guard openStreams == 0 else { return }
        if isFinishing { return closeSoon() }
        connection.setDeadline(in: connection.desk.limits.idle)
    }

    // MARK: The end

    var kind: FrontDoorMeasures.Stage { .http2 }

    func runOutOfTime() {
        if isFinishing || openStreams > 0 {
            connection.close()
        } else {
            finish()
        }
    }

    /// Says farewell, and closes when the last stream has its answer (RFC 9113, section 6.8).
    func finish() {
        guard let context, !isFinishing else { return }
        isFinishing = true
        let farewell = HTTP2Frame.FramePayload.goAway(lastStreamID: lastStream, errorCode: .noError, opaqueData: nil)
        context.writeAndFlush(wrapOutboundOut(HTTP2Frame(streamID: .rootStream, payload: farewell)), promise: nil)
        if openStreams == 0 { closeSoon() }
    }

    /// A stream closes before its last frame is flushed: close in the loop's next turn.
    private func closeSoon() {
        connection.setDeadline(in: connection.desk.limits.drain)
        connection.channel.eventLoop.assumeIsolated().execute { self.connection.close() }
    }
}

/// NIOHTTP2 wants a Sendable delegate, and calls it on the connection's loop.
private struct StreamDelegate: NIOHTTP2StreamDelegate {
    let watcher: NIOLoopBound<HTTP2Connection>

    func streamCreated(_ id: HTTP2StreamID, channel: any Channel) { watcher.value.streamCreated(id, channel: channel) }

    func streamClosed(_ id: HTTP2StreamID, channel: any Channel) { watcher.value.streamClosed(id, channel: channel) }
}
