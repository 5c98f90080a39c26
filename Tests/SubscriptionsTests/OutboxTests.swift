import Attribution
import GRDB
import Office
import Testing

@testable import Subscriptions

@Suite("The outbox")
struct OutboxTests {
    private let office: Office
    private let outbox: Outbox
    private let clock = TestClock()

    init() throws {
        office = try Office.empty()
        outbox = Outbox(office: office)
    }

    private func entries() throws -> [OutboxEntry] { try outbox.entries(ofSubscription: "S-1", limit: 10) }

    private struct Refused: Error {}

    @Test("keeps a notice with the change that it tells of, or neither")
    func transactions() throws {
        #expect(throws: Refused.self) {
            try office.writeUnnoted { db -> Void in
                try Outbox.add(.sample(), in: db)
                throw Refused()
            }
        }
        #expect(try entries().isEmpty)
        #expect(try office.add(.sample()) == .pending)
        let entry = try #require(try entries().first)
        #expect(entry.notice == .sample())
        #expect(entry.state == .pending && entry.attempts == 0 && entry.nextAttempt == clock.now && entry.messageID == nil)
    }

    @Test("keeps a change once for each partner and kind, however often it is told")
    func idempotent() throws {
        try office.add(.sample())
        try office.add(.sample())
        try office.add(.sample(.removed))
        try office.add(.sample(change: "another"))
        #expect(try entries().map(\.notice.kind) == [.added, .removed, .added])
    }

    @Test(
        "mails nobody without an address, and says so",
        arguments: [nil, "né@partner.example", "a@b", "x@y.example\nBcc: a@b.example"] as [String?])
    func noAddress(address: String?) throws {
        #expect(try office.add(.sample(address: address)) == .noAddress)
        let entry = try #require(try entries().first)
        #expect(entry.state == .noAddress && entry.settledAt == clock.now)
        #expect((entry.lastError == nil) == (address == nil))
        #expect(try outbox.takeDue(at: clock.now, domain: "gateway.example") == nil)
        let figures = try outbox.figures(at: clock.now)
        #expect(figures.withoutAddress == 1 && figures.pending == 0 && figures.lastError == nil)
    }

    @Test("gives out what is due, the longest first, and marks it before it is sent")
    func due() throws {
        try office.add(.sample(change: "later", at: Timestamp(rfc3339: "2016-10-03T09:00:00Z")!))
        try office.add(.sample(change: "now"))
        let entry = try #require(try outbox.takeDue(at: clock.now, domain: "gateway.example"))
        #expect(entry.notice.change == "now")
        #expect(entry.state == .sending && entry.attempts == 1)
        #expect(entry.messageID?.description == "<now.added@gateway.example>")
        #expect(try outbox.takeDue(at: clock.now, domain: "gateway.example") == nil)
        #expect(try entries().map(\.state) == [.sending, .pending])
    }

    @Test("sends again what was being sent when the server was killed, with the same Message-ID")
    func recovery() throws {
        try office.add(.sample())
        let first = try #require(try outbox.takeDue(at: clock.now, domain: "gateway.example"))
        clock.advance(seconds: 30)
        #expect(try outbox.recover(at: clock.now) == 1)
        // Whatever the operator's domain is by now.
        let second = try #require(try outbox.takeDue(at: clock.now, domain: "other.example"))
        #expect(second.id == first.id && second.messageID == first.messageID && second.attempts == 2)
        try outbox.settle(second.id, .sent, at: clock.now)
        #expect(try outbox.recover(at: clock.now) == 0)
        #expect(try outbox.takeDue(at: clock.now, domain: "other.example") == nil)
    }

    @Test("tells what waits, what failed and why")
    func figures() throws {
        #expect(
            try outbox.figures(at: clock.now)
                == MailFigures(pending: 0, oldestPending: nil, failed: 0, failedLately: 0, withoutAddress: 0, lastError: nil))
        for change in ["a", "b", "c", "d"] { try office.add(.sample(change: change)) }
        let start = clock.now
        clock.advance(seconds: 90)
        let retry = Timestamp(rfc3339: "2016-10-03T09:00:00Z")!
        let results: [DeliveryResult] = [
            .retry(at: retry, error: "no route"), .givenUp(error: "unknown user"), .sent,
        ]
        for result in results {
            let entry = try #require(try outbox.takeDue(at: clock.now, domain: "gateway.example"))
            try outbox.settle(entry.id, result, at: clock.now)
            clock.advance(seconds: 1)
        }
        let figures = try outbox.figures(at: clock.now)
        #expect(figures.pending == 2 && figures.failed == 1 && figures.failedLately == 1)
        #expect(figures.oldestPending == start && figures.oldestPendingSeconds(at: clock.now) == 93)
        #expect(figures.lastError?.message == "unknown user")
        clock.advance(seconds: MailFigures.latelyDays * 86_400)
        let later = try outbox.figures(at: clock.now)
        #expect(later.failed == 1 && later.failedLately == 0 && later.lastError?.message == "no route")
        #expect(try entries().map(\.state) == [.pending, .sent, .failed, .pending])
        #expect(try entries().last?.nextAttempt == retry)
        #expect(try outbox.entries(in: .failed, limit: 5).map(\.lastError) == ["unknown user"])
    }

    @Test("sets aside what has waited for days where no mail is sent")
    func mailOff() throws {
        try office.add(.sample())
        clock.advance(seconds: BackOff.patienceSeconds)
        #expect(try outbox.setAside(at: clock.now) == 0)
        clock.advance(seconds: 1)
        #expect(try outbox.setAside(at: clock.now) == 1)
        #expect(try entries().map(\.state) == [.mailOff])
    }

    @Test("is still there when the office is opened again")
    func durable() throws {
        let folder = try TemporaryFolder()
        let first = try Office.open(folder: folder.path)
        try first.add(.sample())
        _ = try Outbox(office: first).takeDue(at: clock.now, domain: "gateway.example")
        try first.close()
        let second = try Office.open(folder: folder.path)
        #expect(try Outbox(office: second).entries(in: .sending, limit: 5).count == 1)
        #expect(try Outbox(office: second).recover(at: clock.now) == 1)
        try second.close()
    }
}
