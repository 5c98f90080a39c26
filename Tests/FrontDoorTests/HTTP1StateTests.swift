import Attribution
import NIOCore
import Testing

@testable import FrontDoor

@Suite("The state of an HTTP/1 connection")
struct HTTP1StateTests {
    private static let get = "GET / HTTP/1.1\r\nHost: a\r\n\r\n"

    private func state(_ text: String = "", unansweredRequests: Int = 32) -> HTTP1State {
        var limits = FrontDoorLimits()
        limits.unansweredRequests = unansweredRequests
        var state = HTTP1State(limits: limits)
        if !text.isEmpty { _ = state.receive(ByteBuffer(string: text)) }
        return state
    }

    /// The slots of all requests that can be read now.
    private func slots(_ state: inout HTTP1State) -> [Int] {
        var slots: [Int] = []
        while let step = state.next() {
            switch step {
            case .judge(_, _, let slot): slots.append(slot)
            case .admit: state.startBody()
            }
        }
        return slots
    }

    // Expectations of what a mutating call gives: `#expect` cannot make such calls itself.

    private func expect(_ state: inout HTTP1State, slots expected: [Int], at place: SourceLocation = #_sourceLocation) {
        let slots = slots(&state)
        #expect(slots == expected, sourceLocation: place)
    }

    private func expect(_ state: inout HTTP1State, status expected: Int?, at place: SourceLocation = #_sourceLocation) {
        let status = state.nextReply()?.status
        #expect(status == expected, sourceLocation: place)
    }

    private func expect(
        _ state: inout HTTP1State, persistence expected: MessageFraming.Persistence, at place: SourceLocation = #_sourceLocation
    ) {
        let persistence = state.nextReply()?.persistence
        #expect(persistence == expected, sourceLocation: place)
    }

    private func expect(_ state: inout HTTP1State, fault expected: HeadFault, at place: SourceLocation = #_sourceLocation) {
        guard case .fault(let fault)? = state.nextReply()?.content else {
            Issue.record("no fault", sourceLocation: place)
            return
        }
        #expect(fault == expected, sourceLocation: place)
    }

    private func expect(
        _ state: inout HTTP1State, afterwards expected: HTTP1State.Afterwards, at place: SourceLocation = #_sourceLocation
    ) {
        let afterwards = state.afterwards(drainBytes: 100)
        #expect(afterwards == expected, sourceLocation: place)
    }

    @Test("lets answers leave in the order of the requests")
    func order() {
        var state = state(Self.get + Self.get + Self.get)
        expect(&state, slots: [0, 1, 2])
        for slot in [2, 1] { state.fill(slot, with: .answer(.refusal(.notFound)), receipt: nil, isReady: true) }
        expect(&state, status: nil)
        state.fill(0, with: .answer(.own(.robots)), receipt: nil, isReady: true)
        let statuses = (0..<3).map { _ in state.nextReply()?.status }
        #expect(statuses == [200, 404, 404])
        expect(&state, status: nil)
    }

    @Test("stops reading at its limit, and goes on when an answer has left")
    func limit() {
        var state = state(String(repeating: Self.get, count: 5), unansweredRequests: 2)
        expect(&state, slots: [0, 1])
        #expect(!state.wantsBytes)
        #expect(!state.canContinue)
        #expect(state.waiting == .answers)
        state.fill(0, with: .answer(.own(.robots)), receipt: nil, isReady: true)
        expect(&state, status: 200)
        #expect(state.canContinue)
        expect(&state, slots: [2])
    }

    @Test("turns an answer into 503 when its record is not committed")
    func settle() {
        var state = state(Self.get)
        _ = slots(&state)
        let french = LanguageWishes(culture: Culture(tag: "fr-FR"), nil)
        state.fill(
            0, with: .answer(.redirect(status: 302, location: Location("https://x/"))), receipt: .zero, wishes: french,
            isReady: false)
        expect(&state, status: nil)
        state.settle(0, isCommitted: false)
        let reply = state.nextReply()
        #expect(reply?.status == 503)
        #expect(reply?.receipt == nil)
        #expect(reply?.wishes == french)
    }

    @Test("refuses a body in the language that its head accepts")
    func language() {
        var state = state("POST / HTTP/1.1\r\nHost: a\r\nAccept-Language: ko\r\nContent-Length: 8193\r\n\r\n")
        _ = slots(&state)
        let reply = state.nextReply()
        #expect(reply?.status == 413)
        #expect(reply?.wishes.accepted == Array("ko".utf8)[...])
    }

    @Test("reads nothing after the last request, and drains what came with it")
    func last() {
        var state = state("GET / HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n" + Self.get)
        expect(&state, slots: [0])
        #expect(!state.wantsBytes)
        expect(&state, afterwards: .carryOn)
        state.fill(0, with: .answer(.own(.robots)), receipt: nil, isReady: true)
        expect(&state, persistence: .ends)
        expect(&state, afterwards: .closeOutputAndDrain)
        #expect(state.waiting == .drained)
        let isWithin = state.receive(ByteBuffer(repeating: 0, count: 70))
        let isStillWithin = state.receive(ByteBuffer(repeating: 0, count: 10))
        #expect(isWithin)
        #expect(!isStillWithin)
    }

    @Test("closes at once after a last request that was all the client sent")
    func lastAlone() {
        var state = state("GET / HTTP/1.0\r\n\r\n")
        _ = slots(&state)
        state.fill(0, with: .answer(.own(.robots)), receipt: nil, isReady: true)
        _ = state.nextReply()
        expect(&state, afterwards: .close)
    }

    @Test("answers what was asked before the client closed its half, then closes")
    func halfClose() {
        var state = state(Self.get + Self.get + "GET /unfinished")
        state.endInput()
        expect(&state, slots: [0, 1])
        expect(&state, afterwards: .carryOn)
        for slot in [0, 1] { state.fill(slot, with: .answer(.own(.robots)), receipt: nil, isReady: true) }
        while state.nextReply() != nil {}
        expect(&state, afterwards: .close)
    }

    @Test("does not end while requests lie unread that came before the client's half was closed")
    func halfCloseWhileUnwritable() {
        var state = state(Self.get)
        state.endInput()
        // The channel takes no more answers: nobody calls next() now.
        expect(&state, afterwards: .carryOn)
        expect(&state, slots: [0])
    }

    @Test("puts a refusal behind the answers that are still due")
    func refusal() {
        var state = state(Self.get + "BAD\r\n\r\n")
        expect(&state, slots: [0])
        expect(&state, status: nil)
        state.fill(0, with: .answer(.own(.robots)), receipt: nil, isReady: true)
        expect(&state, status: 200)
        expect(&state, fault: .malformed(.method))
        expect(&state, afterwards: .closeOutputAndDrain)
    }

    @Test("asks for a body that the client holds back, and only then")
    func expectContinue() {
        let head = "POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 2\r\nExpect: 100-continue\r\n\r\n"
        var waiting = state(head)
        expect(&waiting, slots: [])
        #expect(waiting.waiting == .body)
        guard case .proceed? = waiting.nextReply()?.content else {
            Issue.record("no 100 Continue")
            return
        }
        _ = waiting.receive(ByteBuffer(string: "ab"))
        expect(&waiting, slots: [1])

        var sending = state(head + "ab")
        expect(&sending, slots: [0])
    }

    @Test("waits for the next request, its head, its body, its answer")
    func waiting() {
        var state = state()
        #expect(state.waiting == .request)
        _ = state.receive(ByteBuffer(string: "\r\n"))
        _ = slots(&state)
        #expect(state.waiting == .request)
        _ = state.receive(ByteBuffer(string: "P"))
        _ = slots(&state)
        #expect(state.waiting == .head)
        _ = state.receive(ByteBuffer(string: "OST / HTTP/1.1\r\nHost: a\r\nContent-Length: 2\r\n\r\n"))
        _ = slots(&state)
        #expect(state.waiting == .body)
        _ = state.receive(ByteBuffer(string: "ab"))
        expect(&state, slots: [0])
        #expect(state.waiting == .answers)
    }

    @Test("answers 408 when time runs out within a request, nothing when none has begun")
    func timeout() {
        var begun = state("GET / HT")
        _ = slots(&begun)
        begun.runOutOfTime()
        expect(&begun, fault: .tooSlow)
        var idle = state()
        idle.runOutOfTime()
        expect(&idle, status: nil)
        expect(&idle, afterwards: .close)
    }

    @Test("ends when the server stops, after the answers that are due")
    func stopping() {
        var state = state(Self.get)
        _ = slots(&state)
        state.endRequests()
        #expect(!state.wantsBytes)
        expect(&state, afterwards: .carryOn)
        state.fill(0, with: .answer(.own(.robots)), receipt: nil, isReady: true)
        expect(&state, persistence: .ends)
        expect(&state, afterwards: .close)
    }
}

extension Reply {
    /// The status that the page of this reply has.
    var status: Int { Page.of(content, receipt: receipt, pages: .builtIn, isHealthy: true).status }
}
