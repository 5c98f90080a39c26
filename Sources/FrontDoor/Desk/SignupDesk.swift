import Attribution
import NIOCore

/// Who has asked for a decision whose record is not committed yet, or for a page that is not there yet.
protocol AnswerWaiter: AnyObject {
    /// The record of the request in `slot` is committed, or never will be.
    func settle(slot: Int, isCommitted: Bool)
    /// The page that the request in `slot` waits for is there.
    func settle(slot: Int, with page: CustomerPage)
    /// All of a batch's requests are settled: what is ready may be sent.
    func sendReady()
}

/// Judges requests and hands their records to the ledger: one desk per event loop, touched by that loop alone.
///
/// All drafts of one turn of the loop go to the recorder together, and come back with one task.
final class SignupDesk {
    /// What is to be answered, and whether only after the commit.
    struct Judgement {
        let content: Reply.Content
        let receipt: Receipt?
        /// The visitor's, also for the page which says that the record could not be committed.
        let wishes: LanguageWishes
        let isReady: Bool
    }

    private struct Waiting {
        let waiter: any AnswerWaiter
        let slot: Int
        /// When the request's head was complete.
        let begin: NIODeadline
        /// Where it is counted.
        let place: Int
    }

    private struct Batch {
        let waiting: [Waiting]
        /// For the observer; empty when there is none, so that nothing is kept alive for nobody.
        let observed: [RecordDraft]
        /// When its records are given up.
        let deadline: NIODeadline
    }

    /// A page for a customer that is being made.
    private struct AwaitedPage {
        let waiter: any AnswerWaiter
        let slot: Int
        /// When it is given up.
        let deadline: NIODeadline
        let instead: CustomerPage
    }

    let eventLoop: any EventLoop
    let limits: FrontDoorLimits
    let measures = LoopMeasures()
    var snapshot: Snapshot {
        didSet { measures.know(snapshot.routes.routes) }
    }
    /// Who answers below `/s/`; nil: nobody, and there is nothing.
    var customerPages: (any CustomerPages)?
    private(set) var writer = AnswerWriter()
    private let recorder: any Recorder
    private let now: @Sendable () -> Timestamp
    private let observer: (@Sendable (RecordDraft) -> Void)?
    private var receipts: ReceiptSource

    private var drafts: [RecordDraft] = []
    private var waiting: [Waiting] = []
    /// By batch number: commits come back in order, but nothing here relies on it.
    private var inFlight: [Int: Batch] = [:]
    private var nextBatch = 0
    /// Batches that were given up while the recorder still tries to commit them.
    private var overdue: Set<Int> = []
    private var whenSettled: EventLoopPromise<Void>?
    private var awaitedPages: [Int: AwaitedPage] = [:]
    private var nextPage = 0

    init(
        eventLoop: any EventLoop,
        limits: FrontDoorLimits,
        snapshot: Snapshot,
        recorder: any Recorder,
        surroundings: Surroundings,
        observer: (@Sendable (RecordDraft) -> Void)?
    ) {
        self.eventLoop = eventLoop
        self.limits = limits
        self.snapshot = snapshot
        self.recorder = recorder
        self.observer = observer
        now = surroundings.now
        receipts = ReceiptSource(fill: surroundings.fillWithRandom)
        measures.know(snapshot.routes.routes)
        tick(at: .now())
    }

    /// Whether records can be committed, as far as is known.
    var isHealthy: Bool { recorder.isHealthy && overdue.isEmpty }

    private var isSettled: Bool { waiting.isEmpty && inFlight.isEmpty }

    /// Fulfils the promise as soon as no record waits for its commit.
    func notifyWhenSettled(_ promise: EventLoopPromise<Void>) {
        if isSettled { promise.succeed() } else { whenSettled = promise }
    }

    /// Keeps the `Date` field right, and gives up records whose commit takes too long and pages that don't come; called several
    /// times a second.
    func tick(at now: NIODeadline) {
        writer.tick(self.now())
        for (number, batch) in inFlight where batch.deadline <= now {
            overdue.insert(number)
            settle(number, isCommitted: false)
        }
        for (number, awaited) in awaitedPages where awaited.deadline <= now { complete(page: number, with: awaited.instead) }
    }

    // MARK: Judging

    /// The present moment: a record's time is that at which the head of its request was complete.
    var moment: Moment { Moment(time: now(), clock: .now()) }

    /// Whether a request's body is worth reading: the refusal that its head alone deserves.
    func admit(_ head: RequestHead, at moment: Moment) -> Refusal? {
        let refusal = Attribution.admit(head, routes: snapshot.routes)
        guard refusal == .notFound else { return refusal }
        // Whoever answers there says what there is.
        if customerPages != nil, head.reserved != nil { return nil }
        noteUnmatched(head, time: moment.time)
        return refusal
    }

    /// A request was refused because its body is too large, whether its head said so or it turned out so. A sign-up's is measured
    /// like every refusal; below `/s/` somebody may want to know whose it was.
    func noteTooLarge(_ request: SignupRequest) {
        guard let customerPages, let asked = CustomerRequest(request) else { return }
        customerPages.noteTooLarge(asked)
    }

    /// Decides a request. When the answer has to wait for its record, the waiter hears of it through
    /// ``AnswerWaiter/settle(slot:isCommitted:)``, in a later turn of the loop.
    ///
    /// - Parameter headMoment: when the request's head was complete; nil for just now.
    func judge(_ request: SignupRequest, headAt headMoment: Moment?, for waiter: any AnswerWaiter, slot: Int) -> Judgement {
        let begin = NIODeadline.now()
        let (time, clock) = (headMoment?.time ?? now(), headMoment?.clock ?? begin)
        let receipt = receipts.next(at: time)
        var decision = decide(
            request, routes: snapshot.routes, directory: snapshot.directory, time: time, receipt: receipt
        )
        guard let draft = decision.draft.take() else {
            if case .refusal(.notFound) = decision.answer {
                if let judgement = askForPage(request, for: waiter, slot: slot) { return judgement }
                noteUnmatched(request.head, time: time)
            }
            let wishes = LanguageWishes(request.head)
            return Judgement(content: .answer(decision.answer), receipt: nil, wishes: wishes, isReady: true)
        }
        measures.noteDecision(from: begin, to: .now())
        if drafts.isEmpty { eventLoop.assumeIsolated().execute { self.handOver() } }
        let place = measures.place(of: draft.route, outcome: draft.outcome)
        let wishes = wishes(of: decision, draft, request.head)
        drafts.append(draft)
        waiting.append(Waiting(waiter: waiter, slot: slot, begin: clock, place: place))
        return Judgement(content: .answer(decision.answer), receipt: receipt, wishes: wishes, isReady: false)
    }

    /// A redirect becomes a page only when its record can't be committed. For nearly all visitors the record's culture does for
    /// that, and nothing of the head is kept until then.
    private func wishes(of decision: Decision, _ draft: RecordDraft, _ head: RequestHead) -> LanguageWishes {
        if case .redirect = decision.answer, let culture = draft.culture, culture.isDocumented {
            return LanguageWishes(culture: culture, nil)
        }
        return LanguageWishes(culture: decision.namedCulture, head)
    }

    private func noteUnmatched(_ head: RequestHead, time: Timestamp) {
        let path = UnmatchedPath.of(head.targetBytes)
        // What is kept for customers' pages says nothing about mistyped sign-up links.
        guard !path.starts(with: OwnPath.reservedPrefix.utf8) else { return }
        recorder.noteUnmatched(path: path, time: time)
        measures.noteUnmatched()
    }

    /// A probe's is measured, and no sign-up that may be lost.
    ///
    /// - Parameter hello: nil when none came.
    func noteFailedHandshake(_ failure: HandshakeFailure, of hello: ClientHello?) {
        if hello?.isProbe != true { recorder.noteFailedHandshake(failure.failure(of: hello), time: now()) }
        measures.note(failure)
    }

    // MARK: Customers' pages

    /// Asks for the page of a request; nil when nobody answers there.
    private func askForPage(_ request: SignupRequest, for waiter: any AnswerWaiter, slot: Int) -> Judgement? {
        guard let customerPages, let asked = CustomerRequest(request) else { return nil }
        let number = nextPage
        nextPage += 1
        let desk = NIOLoopBound(self, eventLoop: eventLoop)
        // Whatever completes it does so in a later turn of the loop, when the request has its slot.
        let answer = customerPages.answer(asked) { page in
            desk.eventLoop.execute { desk.value.complete(page: number, with: page) }
        }
        switch answer {
        case .now(let page):
            return Judgement(content: .page(page), receipt: nil, wishes: .unsaid, isReady: true)
        case .later(let instead):
            awaitedPages[number] = AwaitedPage(
                waiter: waiter, slot: slot, deadline: .now() + limits.customerPage, instead: instead)
            return Judgement(content: .page(instead), receipt: nil, wishes: .unsaid, isReady: false)
        }
    }

    private func complete(page number: Int, with page: CustomerPage) {
        guard let awaited = awaitedPages.removeValue(forKey: number) else { return }
        awaited.waiter.settle(slot: awaited.slot, with: page)
        awaited.waiter.sendReady()
    }

    // MARK: Answers

    /// Writes the replies that `next` gives, until it gives none, as HTTP/1 bytes; nil when there are none.
    func written(_ next: () -> Reply?) -> ByteBuffer? {
        writer.written(
            {
                let reply = next()
                if let reply { measures.noteReply(reply.content) }
                return reply
            }, pages: snapshot.pages, isHealthy: isHealthy)
    }

    // MARK: Records

    /// Gives all drafts of this turn to the recorder.
    private func handOver() {
        let batch = nextBatch
        nextBatch += 1
        let drafts = self.drafts
        self.drafts = []
        self.drafts.reserveCapacity(drafts.count)
        inFlight[batch] = Batch(
            waiting: waiting, observed: observer == nil ? [] : drafts, deadline: .now() + limits.commit)
        waiting = []
        let desk = NIOLoopBound(self, eventLoop: eventLoop)
        // While a commit hangs, those behind it would only hang as well.
        let isTaken =
            overdue.isEmpty
            && recorder.append(drafts) { result in
                desk.eventLoop.execute { desk.value.complete(batch, isCommitted: result == .committed) }
            }
        if !isTaken { settle(batch, isCommitted: false) }
    }

    private func complete(_ batch: Int, isCommitted: Bool) {
        overdue.remove(batch)
        settle(batch, isCommitted: isCommitted)
    }

    private func settle(_ batch: Int, isCommitted: Bool) {
        guard let settled = inFlight.removeValue(forKey: batch) else { return }
        for waiting in settled.waiting { waiting.waiter.settle(slot: waiting.slot, isCommitted: isCommitted) }
        for waiting in settled.waiting { waiting.waiter.sendReady() }
        let now = NIODeadline.now()
        for waiting in settled.waiting {
            measures.noteAnswer(at: waiting.place, isCommitted: isCommitted, after: now - waiting.begin)
        }
        if isCommitted, let observer { settled.observed.forEach(observer) }
        if isSettled, let whenSettled = whenSettled.take() { whenSettled.succeed() }
    }
}
