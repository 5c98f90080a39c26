import Attribution
import NIOCore
import NIOSSL
import NIOTLS

#if canImport(Glibc)
import Glibc
#else
import Darwin
#endif

/// Waits behind TLS for the handshake's end, then gives its place to the protocol that was agreed on.
final class HandshakeHandler: ChannelInboundHandler, RemovableChannelHandler, ConnectionStage {
    typealias InboundIn = ByteBuffer

    private let connection: Connection
    private let tls: NIOSSLServerHandler
    private let hello: ClientHello
    /// When the whole ClientHello was there.
    private var begin = NIODeadline.distantPast
    private var isDone = false

    init(connection: Connection, tls: NIOSSLServerHandler, hello: ClientHello) {
        self.connection = connection
        self.tls = tls
        self.hello = hello
    }

    func handlerAdded(context: ChannelHandlerContext) {
        connection.stage = self
        begin = connection.setDeadline(in: connection.desk.limits.handshake)
    }

    func userInboundEventTriggered(context: ChannelHandlerContext, event: Any) {
        if case TLSUserEvent.handshakeCompleted(let negotiated)? = event as? TLSUserEvent {
            complete(negotiated, context)
        } else {
            context.fireUserInboundEventTriggered(event)
        }
    }

    func errorCaught(context: ChannelHandlerContext, error: any Error) {
        note(HandshakeFailure(error))
        context.close(promise: nil)
    }

    func channelInactive(context: ChannelHandlerContext) {
        note(.endOfInput)
        context.fireChannelInactive()
    }

    var kind: FrontDoorMeasures.Stage { .handshake }

    func runOutOfTime() {
        note(.handshakeTimeout)
        connection.channel.close(promise: nil)
    }

    func finish() {
        isDone = true
        connection.channel.close(promise: nil)
    }

    private func complete(_ negotiated: String?, _ context: ChannelHandlerContext) {
        isDone = true
        acknowledgeSoon()
        connection.tlsVersion = tls.tlsVersion?.recorded
        connection.desk.measures.noteHandshake(connection.tlsVersion, took: .now() - begin)
        let pipeline = context.pipeline.syncOperations
        do {
            if negotiated == "h2" {
                try HTTP2Connection.addHandlers(to: pipeline, for: connection)
            } else {
                try pipeline.addHandler(HTTP1Handler(connection: connection), position: .after(self))
            }
        } catch {
            // Only a pipeline that is being torn down refuses handlers.
            return context.close(promise: nil)
        }
        pipeline.removeHandler(self, promise: nil)
    }

    /// Sends the acknowledgement of the handshake's last flight in this turn of the loop: a client that has Nagle's algorithm on
    /// keeps its request back until it comes, 40 ms later. The kernel forgets the option again, so that setting it at accept does
    /// nothing. Where the request has come with the flight, the answer acknowledges both.
    private func acknowledgeSoon() {
        #if os(Linux)
        connection.channel.eventLoop.assumeIsolated().execute { [connection] in
            guard !connection.hasAsked else { return }
            let option = ChannelOptions.Types.SocketOption(level: .tcp, name: NIOBSDSocket.Option(rawValue: TCP_QUICKACK))
            try? connection.channel.syncOptions?.setOption(option, value: 1)
        }
        #endif
    }

    private func note(_ reason: HandshakeFailure) {
        guard !isDone else { return }
        isDone = true
        connection.desk.noteFailedHandshake(reason, of: hello)
    }
}

extension TLSVersion {
    var recorded: SignupRequest.TLSVersion {
        switch self {
        case .tlsv1: .tls10
        case .tlsv11: .tls11
        case .tlsv12: .tls12
        case .tlsv13: .tls13
        }
    }
}
