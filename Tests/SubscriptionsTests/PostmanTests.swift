import Attribution
import Office
import Synchronization
import Testing

@testable import Subscriptions

/// Takes messages, or refuses them as it is told.
private final class StandInTransport: MailTransport {
    private let state = Mutex((messages: [[UInt8]](), refusal: MailRefusal?.none))

    var messages: [[UInt8]] { state.withLock { $0.messages } }

    func refuse(with refusal: MailRefusal?) { state.withLock { $0.refusal = refusal } }

    func hand(_ message: [UInt8]) async throws(MailRefusal) {
        let refusal = state.withLock { state in
            state.messages.append(message)
            return state.refusal
        }
        if let refusal { throw refusal }
    }
}

@Suite("The postman")
struct PostmanTests {
    private let office: Office
    private let outbox: Outbox
    private let clock = TestClock()
    private let transport = StandInTransport()

    init() throws {
        office = try Office.empty()
        outbox = Outbox(office: office)
    }

    private func postman(sendsMail: Bool = true, chance: Double = 0) throws -> Postman {
        let mail = Postman.Mail(
            from: Mailbox("mail@gateway.example")!, replyTo: nil, letters: try NoticeLibrary.load(publicFolder: publicFolder),
            transport: transport)
        let clock = clock
        return Postman(
            outbox: outbox, mail: sendsMail ? mail : nil,
            surroundings: Postman.Surroundings(now: { clock.now }, chance: { chance }), threads: ThisThread(),
            logger: silent)
    }

    private func entry() throws -> OutboxEntry { try #require(try outbox.entries(ofSubscription: "S-1", limit: 1).first) }

    @Test("sends each notice once")
    func once() async throws {
        for change in ["a", "b", "c"] { try office.add(.sample(change: change)) }
        let postman = try postman()
        while try await postman.work() {}
        let ids = try transport.messages.map { try ReadMessage($0, lineEnd: "\n").header("Message-ID") ?? "" }
        #expect(ids == ["a", "b", "c"].map { "<\($0).added@gateway.example>" })
        #expect(try outbox.entries(in: .sent, limit: 5).count == 3)
        #expect(await postman.measures == MailMeasures(sent: 3))
    }

    @Test("tries again after a minute, then after twice as long, with the same bytes")
    func retries() async throws {
        transport.refuse(with: MailRefusal("no mail\r\nsystem \u{1B}[31m"))
        try office.add(.sample())
        let postman = try postman()
        for seconds in [60, 120, 240] as [Int64] {
            #expect(try await postman.work())
            #expect(try entry().state == .pending)
            #expect(try entry().lastError == "no mail system [31m")
            clock.advance(seconds: seconds - 1)
            #expect(try await !postman.work())
            clock.advance(seconds: 1)
        }
        transport.refuse(with: nil)
        #expect(try await postman.work())
        #expect(try entry().state == .sent)
        #expect(try entry().attempts == 4 && entry().lastError == nil)
        #expect(transport.messages.count == 4 && Set(transport.messages).count == 1)
        #expect(await postman.measures == MailMeasures(sent: 1, failedAttempts: 3))
    }

    @Test("gives up after five days, and keeps what was given up")
    func givesUp() async throws {
        transport.refuse(with: MailRefusal("refused"))
        try office.add(.sample())
        let postman = try postman()
        let start = clock.now
        while try entry().state == .pending {
            #expect(try await postman.work())
            if let next = try entry().nextAttempt { clock.advance(seconds: next.seconds - clock.now.seconds) }
        }
        #expect(try entry().state == .failed)
        let hours = (clock.now.seconds - start.seconds) / 3_600
        #expect((120...126).contains(hours))
        #expect(try outbox.figures(at: clock.now).failed == 1)
        #expect(await postman.measures.givenUp == 1)
        #expect(try await !postman.work())
    }

    @Test("tries at least once what has waited while no server ran")
    func late() async throws {
        try office.add(.sample())
        clock.advance(seconds: 30 * 86_400)
        #expect(try await postman().work())
        #expect(try entry().state == .sent)
    }

    @Test("tries what has waited for long as often as a mail system asks for that takes nothing at first")
    func greylisted() async throws {
        transport.refuse(with: MailRefusal("451 try again"))
        try office.add(.sample())
        clock.advance(seconds: 6 * 86_400)
        let postman = try postman()
        let start = clock.now
        while try entry().state == .pending {
            #expect(try await postman.work())
            if let next = try entry().nextAttempt { clock.advance(seconds: next.seconds - clock.now.seconds) }
        }
        #expect(try entry().state == .failed && entry().attempts == BackOff.fewestAttempts)
        #expect(clock.now.seconds - start.seconds >= 7_200)
    }

    @Test("keeps of a refusal who refused and why, not where the partner's mail goes")
    func address() async throws {
        let sample = Notice.sample()
        transport.refuse(with: MailRefusal("550 <\(try #require(sample.address))>: no such user"))
        try office.add(sample)
        #expect(try await postman().work())
        #expect(try entry().lastError == "550 <the partner's address>: no such user")
    }

    @Test("leaves to the next start what the stop has interrupted")
    func interrupted() async throws {
        transport.refuse(with: MailRefusal("stopped", isInterruption: true))
        try office.add(.sample())
        #expect(try await postman().work())
        #expect(try entry().state == .pending && entry().nextAttempt == clock.now)
    }

    @Test("takes up at its start what was being sent before")
    func recovers() async throws {
        try office.add(.sample())
        _ = try outbox.takeDue(at: clock.now, domain: "gateway.example")
        #expect(try await postman().work())
        #expect(try entry().state == .sent && entry().attempts == 2)
    }

    @Test("sends nothing where mail is off")
    func off() async throws {
        try office.add(.sample())
        let postman = try postman(sendsMail: false)
        #expect(try await !postman.work())
        #expect(try entry().state == .pending)
        clock.advance(seconds: 6 * 86_400)
        #expect(try await !postman.work())
        #expect(try entry().state == .mailOff)
        #expect(transport.messages.isEmpty)
    }

    @Test("works until it is cancelled", .timeLimit(.minutes(1)))
    func run() async throws {
        try office.add(.sample())
        let postman = try postman()
        let work = Task { await postman.run() }
        while try entry().state != .sent { try await Task.sleep(for: .milliseconds(5)) }
        work.cancel()
        await work.value
    }

    @Test(
        "waits a minute after the first failure, twice as long after each, at most six hours, and up to a tenth more",
        arguments: [(1, 60), (2, 120), (3, 240), (9, 15_360), (10, 21_600), (1_000, 21_600)] as [(Int, Double)])
    func backOff(attempts: Int, seconds: Double) {
        #expect(BackOff.seconds(afterAttempts: attempts, chance: 0) == seconds)
        #expect(abs(BackOff.seconds(afterAttempts: attempts, chance: 0.5) - seconds * 1.05) < 0.001)
    }
}
