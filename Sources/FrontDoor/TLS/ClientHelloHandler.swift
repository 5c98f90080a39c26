import Attribution
import NIOCore
import NIOSSL

/// Stands where TLS will be until the ClientHello is there, then puts TLS with the right certificate in its own place and
/// hands it the bytes unchanged.
final class ClientHelloHandler: ChannelInboundHandler, RemovableChannelHandler, ConnectionStage {
    typealias InboundIn = ByteBuffer
    typealias InboundOut = ByteBuffer

    private let connection: Connection
    private let contexts: TLSContexts
    private var parser: ClientHelloParser
    private var received: ByteBuffer?
    private var isDone = false

    init(connection: Connection, contexts: TLSContexts) {
        self.connection = connection
        self.contexts = contexts
        let limits = connection.desk.limits
        parser = ClientHelloParser(maximumBytes: limits.clientHelloBytes, maximumRecords: limits.clientHelloRecords)
    }

    func handlerAdded(context: ChannelHandlerContext) {
        connection.stage = self
        connection.setDeadline(in: connection.desk.limits.clientHello)
    }

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        guard !isDone else { return }
        var bytes = unwrapInboundIn(data)
        let progress = bytes.withUnsafeReadableBytes { parser.read($0) }
        if received == nil { received = bytes } else { received?.writeBuffer(&bytes) }
        switch progress {
        case .needsMore: break
        case .complete(let hello): startTLS(hello, context)
        case .notTLS(isHTTP: true): answerHTTP(context)
        case .notTLS: fail(.notTLS, context)
        case .malformed: fail(.malformedHello, context)
        case .tooLarge: fail(.helloTooLarge, context)
        }
    }

    func userInboundEventTriggered(context: ChannelHandlerContext, event: Any) {
        if case ChannelEvent.inputClosed = event { fail(.endOfInput, context) }
        context.fireUserInboundEventTriggered(event)
    }

    func channelInactive(context: ChannelHandlerContext) {
        note(.endOfInput)
        context.fireChannelInactive()
    }

    func errorCaught(context: ChannelHandlerContext, error: any Error) {
        fail(.reset, context)
    }

    var kind: FrontDoorMeasures.Stage { .handshake }

    func runOutOfTime() {
        note(.helloTimeout)
        connection.channel.close(promise: nil)
    }

    func finish() {
        isDone = true
        connection.channel.close(promise: nil)
    }

    private func startTLS(_ hello: ClientHello, _ context: ChannelHandlerContext) {
        isDone = true
        let pipeline = context.pipeline.syncOperations
        let tls = NIOSSLServerHandler(context: contexts.context(for: hello))
        do {
            try pipeline.addHandler(tls, position: .after(self))
            try pipeline.addHandler(HandshakeHandler(connection: connection, tls: tls, hello: hello), position: .after(tls))
        } catch {
            // Only a pipeline that is being torn down refuses handlers.
            return context.close(promise: nil)
        }
        if let received { context.fireChannelRead(wrapInboundOut(received)) }
        received = nil
        pipeline.removeHandler(self, promise: nil)
    }

    /// Somebody typed the port of HTTPS into an http address: say so, in the language they speak.
    private func answerHTTP(_ context: ChannelHandlerContext) {
        note(.notTLS)
        isDone = true
        let pipeline = context.pipeline.syncOperations
        let handler = HTTP1Handler(connection: connection, refusal: .malformed(.plainHTTPOnTLS))
        guard (try? pipeline.addHandler(handler, position: .after(self))) != nil else { return context.close(promise: nil) }
        pipeline.removeHandler(self, promise: nil)
    }

    private func fail(_ reason: HandshakeFailure, _ context: ChannelHandlerContext) {
        note(reason)
        context.close(promise: nil)
    }

    private func note(_ reason: HandshakeFailure) {
        guard !isDone else { return }
        isDone = true
        connection.desk.noteFailedHandshake(reason, of: nil)
    }
}
