import Attribution
import NIOCore
import NIOSSL

/// Speaks HTTP/1.0 and 1.1 on one connection: moves bytes between the channel and ``HTTP1State``, requests to the desk, and
/// answers back, with one write for all that is ready.
final class HTTP1Handler: ChannelDuplexHandler, AnswerWaiter, ConnectionStage {
    typealias InboundIn = ByteBuffer
    typealias OutboundIn = ByteBuffer
    typealias OutboundOut = ByteBuffer

    private let connection: Connection
    private let desk: SignupDesk
    private var state: HTTP1State
    private var context: ChannelHandlerContext?
    /// A `read()` that NIO wanted and we held back.
    private var isReadHeld = false
    private var isClosing = false
    private var isWorking = false
    /// Whether the channel takes more, as it said last: asking it costs more than the answer is worth.
    private var isWritable = true
    /// When the head was complete whose body is being read.
    private var headMoment: Moment?
    private var watched: Watched
    private let refusal: HeadFault?

    /// What the deadline was set for: it is set anew whenever one of these changes.
    private struct Watched: Equatable {
        let waiting: HTTP1State.Waiting
        let isWritable: Bool
        let request: Int
    }

    /// - Parameter refusal: what to answer at once, whatever the client sends.
    init(connection: Connection, refusal: HeadFault? = nil) {
        self.connection = connection
        self.refusal = refusal
        desk = connection.desk
        state = HTTP1State(limits: connection.desk.limits)
        watched = Watched(waiting: .request, isWritable: true, request: 0)
    }

    func handlerAdded(context: ChannelHandlerContext) {
        self.context = context
        isWritable = context.channel.isWritable
        connection.stage = self
        // A fresh connection is to ask soon: it came to do so.
        connection.setDeadline(in: desk.limits.head)
        if let refusal {
            state.refuse(.fault(refusal))
            work(context)
        }
    }

    func handlerRemoved(context: ChannelHandlerContext) {
        self.context = nil
        isClosing = true
    }

    // MARK: Events

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        guard !isClosing else { return }
        guard state.receive(unwrapInboundIn(data)) else { return close(context) }
        work(context)
    }

    func userInboundEventTriggered(context: ChannelHandlerContext, event: Any) {
        if case ChannelEvent.inputClosed = event {
            connection.inputHasEnded = true
            state.endInput()
            work(context)
        }
        context.fireUserInboundEventTriggered(event)
    }

    func channelWritabilityChanged(context: ChannelHandlerContext) {
        isWritable = context.channel.isWritable
        work(context)
        context.fireChannelWritabilityChanged()
    }

    func channelInactive(context: ChannelHandlerContext) {
        isClosing = true
        context.fireChannelInactive()
    }

    func errorCaught(context: ChannelHandlerContext, error: any Error) {
        // The end of TCP's input without TLS's farewell: answers are still sent, as over plain TCP.
        if let error = error as? NIOSSLError, error == .uncleanShutdown { return }
        close(context)
    }

    func read(context: ChannelHandlerContext) {
        if isClosing || state.wantsBytes && isWritable {
            context.read()
        } else {
            isReadHeld = true
        }
    }

    // MARK: The desk

    func settle(slot: Int, isCommitted: Bool) {
        guard !isClosing else { return }
        state.settle(slot, isCommitted: isCommitted)
    }

    func settle(slot: Int, with page: CustomerPage) {
        guard !isClosing else { return }
        state.fill(slot, with: .page(page), receipt: nil, isReady: true)
    }

    func sendReady() {
        if let context, !isClosing { work(context) }
    }

    // MARK: The stage

    var kind: FrontDoorMeasures.Stage { .http1 }

    func runOutOfTime() {
        guard let context else { return }
        // Whoever does not read gets nothing more, whoever does not stop sending neither.
        if isClosing || !isWritable { return connection.close() }
        if case .drained = state.waiting { return close(context) }
        state.runOutOfTime()
        work(context)
    }

    func finish() {
        guard let context, !isClosing else { return }
        state.endRequests()
        work(context)
    }

    // MARK: Work

    /// Reads requests, writes answers, until neither goes on; then looks at what is next.
    private func work(_ context: ChannelHandlerContext) {
        guard !isClosing, !isWorking else { return }
        isWorking = true
        repeat {
            if isWritable { readRequests() }
        } while writeAnswers(context) && state.canContinue
        isWorking = false
        guard !isClosing else { return }
        switch state.afterwards(drainBytes: desk.limits.drainBytes) {
        case .carryOn: break
        case .close: return close(context)
        case .closeOutputAndDrain: context.close(mode: .output, promise: nil)
        }
        setDeadline()
        if isReadHeld, state.wantsBytes, isWritable {
            isReadHeld = false
            context.read()
        }
    }

    private func readRequests() {
        while let step = state.next() {
            switch consume step {
            case .judge(let head, let body, let slot):
                connection.hasAsked = true
                let request = connection.request(head: head, body: body)
                let judgement = desk.judge(request, headAt: headMoment.take(), for: self, slot: slot)
                state.fill(
                    slot, with: judgement.content, receipt: judgement.receipt, wishes: judgement.wishes,
                    isReady: judgement.isReady)
            case .admit(let head):
                let moment = desk.moment
                headMoment = moment
                if let refusal = desk.admit(head, at: moment) {
                    state.refuse(.answer(.refusal(refusal)))
                } else {
                    state.startBody()
                }
            }
        }
        // Who is refused ends the connection: it is one at most.
        if let head = state.takeOversized() { desk.noteTooLarge(connection.request(head: head, body: nil)) }
    }

    /// Writes all that is ready at once; false when there was nothing.
    private func writeAnswers(_ context: ChannelHandlerContext) -> Bool {
        guard let output = desk.written({ state.nextReply() }) else { return false }
        context.writeAndFlush(wrapOutboundOut(output), promise: nil)
        return true
    }

    private func setDeadline() {
        let now = Watched(waiting: state.waiting, isWritable: isWritable, request: state.requestCount)
        guard watched != now else { return }
        watched = now
        let limits = desk.limits
        guard now.isWritable else {
            connection.setDeadline(in: limits.writeStall)
            return
        }
        switch now.waiting {
        case .request: connection.setDeadline(in: limits.idle)
        case .head: connection.setDeadline(in: limits.head)
        case .body: connection.setDeadline(in: limits.body)
        case .answers: connection.deadline = .distantFuture
        case .drained: connection.setDeadline(in: limits.drain)
        }
    }

    // MARK: The end

    private func close(_ context: ChannelHandlerContext) {
        guard !isClosing else { return }
        isClosing = true
        // TLS reads on for the client's farewell.
        if isReadHeld { context.read() }
        guard (try? context.channel.syncOptions?.getOption(.bufferedWritableBytes)) ?? 0 > 0 else {
            connection.deadline = .distantFuture
            return connection.close()
        }
        // Closing throws away what the socket has not taken yet: wait for it, but not for ever.
        connection.setDeadline(in: desk.limits.writeStall)
        let written = context.eventLoop.makePromise(of: Void.self)
        written.futureResult.assumeIsolated().whenComplete { [connection] _ in connection.close() }
        context.writeAndFlush(wrapOutboundOut(ByteBuffer()), promise: written)
    }
}
