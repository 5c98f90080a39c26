import Attribution
import NIOCore

/// Where one HTTP/1 connection stands: which bytes are to be read, which requests wait for their answers, what comes after.
///
/// Pure: it knows no channel and no clock. Requests are numbered; since answers wait for the ledger's commit they may be
/// filled in any order, and leave in the order of the requests.
struct HTTP1State {
    /// What is to be done next with the bytes at hand.
    enum Step {
        /// A request is complete: judge it and ``fill(_:with:isReady:)`` its slot.
        case judge(RequestHead, body: [UInt8]?, slot: Int)
        /// A head announces a body: call ``startBody()`` if it is worth reading, else ``refuse(_:)``.
        case admit(RequestHead)
    }

    /// What the connection is waiting for, which says how long it may.
    enum Waiting: Equatable {
        case request, head, body, answers, drained
    }

    /// What is to be done when all that is ready has been written.
    enum Afterwards {
        case carryOn
        /// Nothing more will be asked or answered.
        case close
        /// The client may still be sending: close our half, read on until it is done.
        case closeOutputAndDrain
    }

    private struct Slot {
        var reply: Reply
        var isReady: Bool
    }

    private enum Ending {
        case none
        /// The last request has been read in full.
        case afterAnswers
        /// The client was refused in the midst of sending.
        case afterRefusal
        case draining(remaining: Int)
    }

    private let unansweredLimit: Int
    private var parser = RequestHeadParser()
    private var body: BodyReader?
    /// The request whose body is being read.
    private var current: (head: RequestHead, framing: MessageFraming)?
    private var unparsed = ByteBuffer()
    /// Of the requests that are not answered yet, at most ``unansweredLimit``: so few that the first is removed by moving the
    /// others. An array, whose elements are changed where they lie.
    private var slots: [Slot] = []
    private var firstSlot = 0
    private var ending = Ending.none
    /// Of the request that was refused for the size of its body, until it is asked for.
    private var oversized: RequestHead?
    private var inputHasEnded = false
    /// How many requests have been read in full or refused.
    private(set) var requestCount = 0

    init(limits: FrontDoorLimits) {
        unansweredLimit = limits.unansweredRequests
    }

    // MARK: What the client sends

    /// Takes bytes from the client; while draining it throws them away.
    ///
    /// - Returns: false when the client has sent more than it may while draining.
    mutating func receive(_ bytes: ByteBuffer) -> Bool {
        if case .draining(let remaining) = ending {
            ending = .draining(remaining: remaining - bytes.readableBytes)
            return remaining >= bytes.readableBytes
        }
        if unparsed.readableBytes == 0 {
            unparsed = bytes
        } else {
            var bytes = bytes
            unparsed.writeBuffer(&bytes)
        }
        return true
    }

    /// The client has closed its half; what it asked for is still answered.
    mutating func endInput() {
        inputHasEnded = true
    }

    /// The server stops: what has been asked is answered, nothing more is read.
    mutating func endRequests() {
        guard case .none = ending else { return }
        ending = isBetweenRequests && unparsed.readableBytes == 0 ? .afterAnswers : .afterRefusal
        if !slots.isEmpty { slots[slots.count - 1].reply.persistence = .ends }
    }

    /// The time for a head or a body is over. A connection on which nothing has begun just ends.
    mutating func runOutOfTime() {
        if isBetweenRequests { endRequests() } else { refuse(.fault(.tooSlow)) }
    }

    private var isBetweenRequests: Bool { current == nil && !parser.hasBegun }

    // MARK: Requests

    private var mayParse: Bool {
        if case .none = ending { slots.count < unansweredLimit } else { false }
    }

    /// The next thing to do; nil when more bytes, answers or an end are needed first.
    mutating func next() -> Step? {
        while mayParse {
            if body != nil {
                guard let finished = readBody() else { return nil }
                if let step = finished { return step }
                continue
            }
            guard unparsed.readableBytes > 0 else { return nil }
            switch readHead() {
            case .needsMore: return nil
            case .fault(let fault): refuse(.fault(fault))
            case .complete(let head):
                let step = begin(head)
                parser.restart()
                if let step { return step }
            }
        }
        return nil
    }

    private mutating func readHead() -> RequestHeadParser.Progress {
        let (consumed, progress) = unparsed.withUnsafeReadableBytes { parser.read($0) }
        consume(consumed)
        return progress
    }

    /// Lets go of what has been read. Whoever read the bytes from the network wants to use their memory again: were an empty
    /// buffer held here, each read would have to copy it.
    private mutating func consume(_ count: Int) {
        unparsed.moveReaderIndex(forwardBy: count)
        if unparsed.readableBytes == 0 { unparsed = ByteBuffer() }
    }

    private mutating func begin(_ head: RequestHead) -> Step? {
        // Of a head beyond its limits not every field is known: where its message ends can't be told.
        if head.isTooLarge {
            refuse(.fault(.headTooLarge))
            return nil
        }
        switch MessageFraming.of(head) {
        case .failure(let fault):
            if fault == .bodyTooLarge { oversized = head }
            refuse(.fault(fault))
            return nil
        case .success(let framing) where framing.body == .none:
            return .judge(head, body: nil, slot: open(for: head, persistence: framing.persistence))
        case .success(let framing):
            current = (head, framing)
            return .admit(head)
        }
    }

    /// Begins to read the body of the request that ``Step/admit(_:)`` was about.
    mutating func startBody() {
        guard let current else { return }
        guard let reader = BodyReader(current.framing.body) else {
            oversized = current.head
            refuse(.answer(.refusal(.bodyTooLarge)))
            return
        }
        body = reader
        if current.framing.awaitsContinue, unparsed.readableBytes == 0 {
            let reply = Reply(content: .proceed, isHead: false, persistence: .stays)
            slots.append(Slot(reply: reply, isReady: true))
        }
    }

    /// nil when bytes are missing, else the step that the body's end means; none after a refusal.
    private mutating func readBody() -> Step?? {
        guard var reader = body.take() else { return nil }
        let (consumed, progress) = unparsed.withUnsafeReadableBytes { reader.read($0) }
        consume(consumed)
        switch progress {
        case .needsMore:
            body = reader
            return nil
        case .fault(let fault):
            if fault == .bodyTooLarge { oversized = current?.head }
            refuse(.fault(fault))
            return .some(nil)
        case .complete(let bytes):
            guard let (head, framing) = current.take() else { return .some(nil) }
            return .judge(head, body: bytes, slot: open(for: head, persistence: framing.persistence))
        }
    }

    private mutating func open(for head: RequestHead, persistence: MessageFraming.Persistence) -> Int {
        slots.append(Slot(reply: Reply(content: .unavailable, isHead: head.isHead, persistence: persistence), isReady: false))
        requestCount += 1
        if persistence == .ends { ending = .afterAnswers }
        return firstSlot + slots.count - 1
    }

    /// Answers the request that is being read with an error, and ends the connection after it.
    mutating func refuse(_ content: Reply.Content) {
        // An answer to HEAD never has a body, not even this one.
        let isHead = current?.head.isHead ?? parser.isHead
        let wishes = LanguageWishes(current?.head)
        slots.append(
            Slot(reply: Reply(content: content, wishes: wishes, isHead: isHead, persistence: .ends), isReady: true))
        requestCount += 1
        (current, body) = (nil, nil)
        parser.restart()
        ending = .afterRefusal
    }

    /// The head of the request that was refused for the size of its body; nil when there was none, or it was asked for.
    mutating func takeOversized() -> RequestHead? { oversized.take() }

    // MARK: Answers

    /// Puts the answer into a request's slot; it leaves once it is ready and those before it have left.
    mutating func fill(
        _ slot: Int, with content: Reply.Content, receipt: Receipt?, wishes: LanguageWishes = .unsaid, isReady: Bool
    ) {
        let index = slot - firstSlot
        slots[index].reply.content = content
        slots[index].reply.receipt = receipt
        slots[index].reply.wishes = wishes
        slots[index].isReady = isReady
    }

    /// Releases the answer in a slot when its record is committed; else 503 goes in its place.
    mutating func settle(_ slot: Int, isCommitted: Bool) {
        let index = slot - firstSlot
        slots[index].isReady = true
        if !isCommitted {
            slots[index].reply.content = .unavailable
            slots[index].reply.receipt = nil
        }
    }

    /// The next answer that may leave.
    mutating func nextReply() -> Reply? {
        guard !slots.isEmpty, slots[0].isReady else { return nil }
        firstSlot += 1
        return slots.removeFirst().reply
    }

    /// What follows when ``next()`` and ``nextReply()`` have nothing more.
    mutating func afterwards(drainBytes: Int) -> Afterwards {
        // While the channel takes no more answers, requests may lie here that nobody has read yet.
        guard slots.isEmpty, !canContinue else { return .carryOn }
        if inputHasEnded { return .close }
        switch ending {
        case .none, .draining: return .carryOn
        case .afterAnswers where unparsed.readableBytes == 0: return .close
        case .afterAnswers, .afterRefusal:
            ending = .draining(remaining: drainBytes - unparsed.readableBytes)
            unparsed = ByteBuffer()
            return .closeOutputAndDrain
        }
    }

    // MARK: What to wait for

    /// Whether reading from the socket makes sense: not while bytes lie unparsed, and not after the last request.
    var wantsBytes: Bool {
        switch ending {
        case .none: slots.count < unansweredLimit
        case .draining: true
        case .afterAnswers, .afterRefusal: false
        }
    }

    /// Whether bytes lie here that ``next()`` may go on with.
    var canContinue: Bool { mayParse && unparsed.readableBytes > 0 }

    var waiting: Waiting {
        switch ending {
        case .draining: .drained
        case .afterAnswers, .afterRefusal: .answers
        case .none where slots.count >= unansweredLimit: .answers
        case .none where current != nil: .body
        case .none where parser.hasBegun: .head
        case .none: slots.isEmpty ? .request : .answers
        }
    }
}
