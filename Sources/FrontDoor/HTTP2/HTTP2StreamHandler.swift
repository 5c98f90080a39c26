import Attribution
import NIOCore
import NIOHPACK
import NIOHTTP2

/// Answers the one request of an HTTP/2 stream, through the same desk as HTTP/1.
final class HTTP2StreamHandler: ChannelInboundHandler, AnswerWaiter {
    typealias InboundIn = HTTP2Frame.FramePayload
    typealias OutboundOut = HTTP2Frame.FramePayload

    private let connection: Connection
    private let desk: SignupDesk
    private var context: ChannelHandlerContext?
    private var head: RequestHead?
    /// When the head was complete.
    private var headMoment: Moment?
    private var body: [UInt8] = []
    private var isHead = false
    private var inputHasEnded = false
    private var isAnswered = false
    /// Decided, but not committed yet.
    private var pending: (content: Reply.Content, receipt: Receipt?, wishes: LanguageWishes)?
    private var bodyDeadline: Scheduled<Void>?

    init(connection: Connection) {
        self.connection = connection
        desk = connection.desk
    }

    func handlerAdded(context: ChannelHandlerContext) {
        self.context = context
    }

    func handlerRemoved(context: ChannelHandlerContext) {
        bodyDeadline?.cancel()
        self.context = nil
    }

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        guard !isAnswered else { return }
        switch unwrapInboundIn(data) {
        case .headers(let headers):
            if headers.endStream { inputHasEnded = true }
            if head == nil { begin(headers.headers, context) } else if inputHasEnded { judge(context) }
        case .data(let data):
            if data.endStream { inputHasEnded = true }
            receive(data.data, context)
        default: break
        }
    }

    func errorCaught(context: ChannelHandlerContext, error: any Error) {
        context.close(promise: nil)
    }

    private func begin(_ headers: HPACKHeaders, _ context: ChannelHandlerContext) {
        let head = RequestHead(headers)
        let moment = desk.moment
        self.head = head
        headMoment = moment
        isHead = head.isHead
        if inputHasEnded { return judge(context) }
        if let refusal = desk.admit(head, at: moment) { return refuse(.answer(.refusal(refusal)), context) }
        if let expectation = head[.expect] {
            guard expectation.equalsIgnoringASCIICase("100-continue".utf8) else {
                return refuse(.fault(.expectation), context)
            }
            context.writeAndFlush(wrapOutboundOut(.headers(.init(headers: [":status": "100"]))), promise: nil)
        }
        bodyDeadline = context.eventLoop.assumeIsolated().scheduleTask(in: desk.limits.body) {
            if !self.isAnswered, self.pending == nil { self.refuse(.fault(.tooSlow), context) }
        }
    }

    private func receive(_ data: IOData, _ context: ChannelHandlerContext) {
        if case .byteBuffer(let bytes) = data {
            guard body.count + bytes.readableBytes <= RequestLimits.bodyBytes else {
                if let head { desk.noteTooLarge(connection.request(head: head, body: nil)) }
                return refuse(.answer(.refusal(.bodyTooLarge)), context)
            }
            body.append(contentsOf: bytes.readableBytesView)
        }
        if inputHasEnded { judge(context) }
    }

    private func judge(_ context: ChannelHandlerContext) {
        guard let head else { return }
        bodyDeadline?.cancel()
        let request = connection.request(head: head, body: body.isEmpty ? nil : body)
        let judgement = desk.judge(request, headAt: headMoment, for: self, slot: 0)
        if judgement.isReady {
            answer(judgement.content, receipt: judgement.receipt, wishes: judgement.wishes, context)
        } else {
            pending = (judgement.content, judgement.receipt, judgement.wishes)
        }
    }

    func settle(slot: Int, isCommitted: Bool) {
        if !isCommitted { pending = (.unavailable, nil, pending?.wishes ?? .unsaid) }
    }

    func settle(slot: Int, with page: CustomerPage) {
        pending = (.page(page), nil, .unsaid)
    }

    func sendReady() {
        guard let context, let (content, receipt, wishes) = pending.take() else { return }
        answer(content, receipt: receipt, wishes: wishes, context)
    }

    /// Answers before the request was read in full.
    private func refuse(_ content: Reply.Content, _ context: ChannelHandlerContext) {
        answer(content, receipt: nil, wishes: LanguageWishes(head), context)
    }

    private func answer(_ content: Reply.Content, receipt: Receipt?, wishes: LanguageWishes, _ context: ChannelHandlerContext) {
        isAnswered = true
        bodyDeadline?.cancel()
        desk.measures.noteReply(content)
        let page = Page.of(
            content, receipt: receipt, wishes: wishes, pages: desk.snapshot.pages, isHealthy: desk.isHealthy)
        var headers = HPACKHeaders()
        headers.add(name: ":status", value: String(page.status))
        headers.add(name: "date", value: desk.writer.dateText)
        for field in page.fields { headers.add(name: field.name, value: field.value, indexing: .nonIndexable) }
        if page.status != 204 { headers.add(name: "content-length", value: String(page.body.count)) }
        let hasBody = !isHead && !page.body.isEmpty
        let written = context.eventLoop.makePromise(of: Void.self)
        context.write(
            wrapOutboundOut(.headers(.init(headers: headers, endStream: !hasBody))), promise: hasBody ? nil : written)
        if hasBody {
            let bytes = context.channel.allocator.buffer(bytes: page.body)
            context.write(wrapOutboundOut(.data(.init(data: .byteBuffer(bytes), endStream: true))), promise: written)
        }
        context.flush()
        guard !inputHasEnded else { return }
        // The rest of a refused request is not wanted (RFC 9113, section 8.1). A reset throws away what has not been sent yet.
        written.futureResult.assumeIsolated().whenSuccess {
            if !self.inputHasEnded { self.context?.writeAndFlush(self.wrapOutboundOut(.rstStream(.noError)), promise: nil) }
        }
    }
}
