import NIOCore
import NIOPosix
import NIOSSL
import NIOTLS

/// A TLS client that trusts everybody and collects what it is told.
struct TLSClient {
    let channel: any Channel
    private let collector: NIOLoopBound<Collector>

    /// Connects, and returns when the handshake is done.
    ///
    /// - Parameter answersFarewell: false for a client that takes TLS's farewell and says nothing.
    static func connect(
        port: Int, protocols: [String] = [], rsaOnly: Bool = false, answersFarewell: Bool = true
    ) async throws -> TLSClient {
        var configuration = TLSConfiguration.makeClientConfiguration()
        configuration.certificateVerification = .none
        configuration.applicationProtocols = protocols
        if rsaOnly {
            configuration.maximumTLSVersion = .tlsv12
            configuration.cipherSuites = "ECDHE-RSA-AES128-SHA"
        }
        let context = try NIOSSLContext(configuration: configuration)
        let loop = MultiThreadedEventLoopGroup.singleton.next()
        let promise = loop.makePromise(of: Void.self)
        let collector = try await loop.submit { NIOLoopBound(Collector(handshake: promise), eventLoop: loop) }.get()
        let channel = try await ClientBootstrap(group: loop)
            .channelOption(.allowRemoteHalfClosure, value: !answersFarewell)
            .channelInitializer { channel in
                channel.eventLoop.makeCompletedFuture {
                    let tls = try NIOSSLClientHandler(context: context, serverHostname: "gateway.example")
                    try channel.pipeline.syncOperations.addHandlers([tls, collector.value])
                }
            }
            .connect(host: "127.0.0.1", port: port).get()
        try await promise.futureResult.get()
        return TLSClient(channel: channel, collector: collector)
    }

    /// The server's certificate in DER.
    func certificate() async throws -> [UInt8] {
        let channel = self.channel
        return try await channel.eventLoop.submit {
            try channel.pipeline.syncOperations.handler(type: NIOSSLClientHandler.self).peerCertificate?.toDERBytes() ?? []
        }.get()
    }

    func send(_ text: String) async throws {
        try await send(Array(text.utf8))
    }

    func send(_ bytes: [UInt8]) async throws {
        try await channel.writeAndFlush(ByteBuffer(bytes: bytes)).get()
    }

    /// Ends our half of TCP without a farewell of TLS's.
    func finishSending() async throws {
        let channel = self.channel
        try await channel.eventLoop.submit {
            let tls = try channel.pipeline.syncOperations.context(handlerType: NIOSSLClientHandler.self)
            tls.close(mode: .output, promise: nil)
        }.get()
    }

    /// What has come until now; a copy of its own. ThreadSanitizer does not see the count of references by which a shared buffer is
    /// written only once nobody reads it any more.
    func received() async throws -> ByteBuffer {
        let collector = self.collector
        return try await channel.eventLoop.submit { ByteBuffer(bytes: collector.value.received.readableBytesView) }.get()
    }

    /// All until the server closes.
    func receiveAll() async throws -> String {
        try? await channel.closeFuture.get()
        return String(buffer: try await received())
    }
}

private final class Collector: ChannelInboundHandler {
    typealias InboundIn = ByteBuffer

    var received = ByteBuffer()
    private let handshake: EventLoopPromise<Void>

    init(handshake: EventLoopPromise<Void>) {
        self.handshake = handshake
    }

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        var bytes = unwrapInboundIn(data)
        received.writeBuffer(&bytes)
    }

    func userInboundEventTriggered(context: ChannelHandlerContext, event: Any) {
        if event is TLSUserEvent { handshake.succeed() }
    }

    func errorCaught(context: ChannelHandlerContext, error: any Error) {
        handshake.fail(error)
        context.close(promise: nil)
    }
}
