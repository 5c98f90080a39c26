import NIOCore
import NIOHPACK
import NIOHTTP2
import NIOPosix
import NIOSSL

/// An HTTP/2 client over TLS that trusts everybody.
struct HTTP2Client {
    struct Answer: Sendable {
        var headers = HPACKHeaders()
        var body = ""
        /// Of a stream that was reset.
        var reset: HTTP2ErrorCode?

        subscript(name: String) -> String? { headers.first(name: name) }
    }

    let channel: any Channel
    private let multiplexer: NIOHTTP2Handler.StreamMultiplexer

    static func connect(port: Int) async throws -> HTTP2Client {
        var configuration = TLSConfiguration.makeClientConfiguration()
        configuration.certificateVerification = .none
        configuration.applicationProtocols = ["h2"]
        let context = try NIOSSLContext(configuration: configuration)
        let loop = MultiThreadedEventLoopGroup.singleton.next()
        let channel = try await ClientBootstrap(group: loop)
            .channelInitializer { channel in
                channel.eventLoop.makeCompletedFuture {
                    try channel.pipeline.syncOperations.addHandlers([
                        try NIOSSLClientHandler(context: context, serverHostname: nil),
                        NIOHTTP2Handler(mode: .client, eventLoop: loop) { $0.close() },
                    ])
                }
            }
            .connect(host: "127.0.0.1", port: port).get()
        let multiplexer = try await loop.flatSubmit {
            channel.pipeline.handler(type: NIOHTTP2Handler.self).flatMap { $0.multiplexer }
        }.get()
        return HTTP2Client(channel: channel, multiplexer: multiplexer)
    }

    /// Sends one request on a stream of its own.
    func ask(
        _ method: String = "GET", path: String, authority: String = "gateway.example", fields: [(String, String)] = [],
        body: String? = nil
    ) async throws -> Answer {
        let headers = HPACKHeaders(
            [(":method", method), (":scheme", "https"), (":authority", authority), (":path", path)] + fields
        )
        let promise = channel.eventLoop.makePromise(of: Answer.self)
        let created = channel.eventLoop.makePromise(of: (any Channel).self)
        multiplexer.createStreamChannel(promise: created) { stream in
            stream.eventLoop.makeCompletedFuture {
                try stream.pipeline.syncOperations.addHandler(StreamCollector(promise))
            }
        }
        let stream = try await created.futureResult.get()
        stream.write(HTTP2Frame.FramePayload.headers(.init(headers: headers, endStream: body == nil)), promise: nil)
        if let body {
            let data = HTTP2Frame.FramePayload.Data(data: .byteBuffer(ByteBuffer(string: body)), endStream: true)
            stream.write(HTTP2Frame.FramePayload.data(data), promise: nil)
        }
        stream.flush()
        return try await promise.futureResult.get()
    }
}

private final class StreamCollector: ChannelInboundHandler {
    typealias InboundIn = HTTP2Frame.FramePayload

    private let promise: EventLoopPromise<HTTP2Client.Answer>
    private var answer = HTTP2Client.Answer()

    init(_ promise: EventLoopPromise<HTTP2Client.Answer>) {
        self.promise = promise
    }

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        switch unwrapInboundIn(data) {
        case .headers(let headers):
            answer.headers = headers.headers
            if headers.endStream { promise.succeed(answer) }
        case .data(let data):
            if case .byteBuffer(let bytes) = data.data { answer.body += String(buffer: bytes) }
            if data.endStream { promise.succeed(answer) }
        case .rstStream(let code):
            answer.reset = code
            promise.succeed(answer)
        default: break
        }
    }

    func errorCaught(context: ChannelHandlerContext, error: any Error) {
        promise.fail(error)
    }

    func channelInactive(context: ChannelHandlerContext) {
        promise.fail(ChannelError.eof)
    }
}
