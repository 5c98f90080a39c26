import Attribution
import Office
import Testing

@testable import Subscriptions

@Suite("What the provider tells")
struct EventTests {
    private let office: Office
    private static let attributed = ClaimedSignup.attributed(receipt(1), partner("1234567"))

    init() throws { office = try Office.withPartners() }

    @Test("makes the partner of an attributed sign-up partner of record, in the first program that it is enrolled in")
    func associated() throws {
        let report = try office.tell(.sample("e-1", [.receipt: receipt(1).description]), Self.attributed)
        #expect(report.receipt == .usable && report.isAssociated && report.partner == "1234567" && !report.isRepeated)
        let subscription = try #require(try office.subscription("sub-1"))
        #expect(
            subscription.association == PartnerOfRecord(partner: partner("1234567"), program: .sell, evidence: .receipt))
        #expect(subscription.changes == 1 && subscription.version == report.version && subscription.seats == 5)
        let history = try office.associations(of: "sub-1", limit: 10)
        #expect(history.map(\.number) == [1] && history[0].origin == .receipt && history[0].actor == "provider")
        #expect(history[0].signup == receipt(1).description && history[0].replaces == nil && !history[0].isRecorded)
        let line = try #require(try office.accessLog(limit: 1).first)
        #expect(line.action == .subscriptionEvent && line.what == "sub-1, event e-1, receipt usable" && line.who == "provider")
    }

    @Test("is taken once by its event ID, and answered the same again")
    func idempotent() throws {
        let event = try SubscriptionEvent.sample("e-1", [.receipt: receipt(1).description])
        let first = try office.tell(event, Self.attributed)
        let second = try office.tell(event, Self.attributed, at: Moment.later)
        #expect(second.isRepeated && second.isAssociated == first.isAssociated && second.receipt == first.receipt)
        #expect(second.version == first.version)
        #expect(try office.associations(of: "sub-1", limit: 10).count == 1)
        #expect(try office.accessLog(limit: 1).first?.what == "sub-1, event e-1 again")
        #expect(throws: SubscriptionRefusal.eventDiffers("e-1")) { try office.tell(.sample("e-1", seats: 6)) }
        #expect(try office.subscription("sub-1")?.seats == 5)
    }

    @Test(
        "is kept with the reason when its receipt can't be used",
        arguments: [
            (ClaimedSignup.absent, ReceiptFinding.none), (.unknown, .unknown), (.unattributed(receipt(2)), .unattributed),
            (.attributed(receipt(3, at: Timestamp(rfc3339: "2016-01-01T00:00:00Z")!), partner("1234567")), .tooOld),
        ])
    func unusable(_ claimed: ClaimedSignup, _ finding: ReceiptFinding) throws {
        let report = try office.tell(.sample("e-1", [.receipt: "whatever\u{7}"]), claimed)
        #expect(report.receipt == finding && !report.isAssociated && report.partner == nil)
        let subscription = try #require(try office.subscription("sub-1"))
        #expect(subscription.association == nil && subscription.changes == 0)
        let told = try office.toldReceipts(of: "sub-1", limit: 10)
        #expect(told.map(\.finding) == [finding])
        if finding == .unknown { #expect(told[0].claimed == "whatever\u{FFFD}") }
    }

    @Test("does not get a second subscription out of one sign-up")
    func used() throws {
        try office.tell(.sample("e-1"), Self.attributed)
        let report = try office.tell(.sample("e-2", [.id: "sub-2"]), Self.attributed)
        #expect(report.receipt == .used && report.partner == nil)
        // The same subscription told once more is no second one.
        #expect(try office.tell(.sample("e-3", seats: 7), Self.attributed).receipt == .usable)
        #expect(try office.associations(of: "sub-1", limit: 10).count == 1)
    }

    @Test("changes no partner where somebody has decided, also to remove it")
    func decided() throws {
        try office.tell(.sample("e-1"))
        try office.set("2345678")
        try office.remove()
        let report = try office.tell(.sample("e-2"), Self.attributed)
        #expect(report.receipt == .usable && !report.isAssociated && report.partner == nil)
    }

    @Test("says of each event whether it set the partner: a later one of the same receipt has set nobody")
    func setter() throws {
        #expect(try office.tell(.sample("e-1"), Self.attributed).isAssociated)
        try office.remove()
        let later = try office.tell(.sample("e-2"), Self.attributed)
        #expect(later.receipt == .usable && !later.isAssociated)
        let again = try office.tell(.sample("e-1"), Self.attributed)
        #expect(again.isRepeated && again.isAssociated && again.partner == nil)
    }

    @Test("is too late by when the subscription was made, not by when it is told of again")
    func late() throws {
        try office.tell(.sample("e-1", [.time: "2016-10-04T07:00:00Z", .channel: "syndicated"]), Self.attributed)
        // 93 days after the sign-up.
        let later = Timestamp(rfc3339: "2017-01-04T08:00:00Z")!
        let event = try SubscriptionEvent.sample("e-2", [.time: "2017-01-04T07:00:00Z"], now: later)
        #expect(try office.tell(event, Self.attributed, at: later).receipt == .usable)
        let other = try SubscriptionEvent.sample("e-3", [.id: "sub-2", .time: "2017-01-04T07:00:00Z"], now: later)
        #expect(try office.tell(other, .attributed(receipt(2), partner("1234567")), at: later).receipt == .tooOld)
        // It was there long before the sign-up: nothing came of that for 90 days.
        try office.tell(.sample("e-4", [.id: "sub-3", .time: "2016-09-01T07:00:00Z"]))
        let third = try SubscriptionEvent.sample("e-5", [.id: "sub-3", .time: "2017-01-04T07:00:00Z"], now: later)
        #expect(try office.tell(third, .attributed(receipt(3), partner("1234567")), at: later).receipt == .tooOld)
    }

    @Test("makes the partner that the sign-up was attributed to partner of record, suspended since or not")
    func suspendedSince() throws {
        let report = try office.tell(.sample("e-1"), .attributed(receipt(1), partner("4567890")))
        #expect(report.isAssociated && report.partner == "4567890")
        #expect(throws: SubscriptionRefusal.self) { try office.set("4567890") }
    }

    @Test("sets no partner of what a syndicator sold")
    func syndicated() throws {
        let report = try office.tell(.sample("e-1", [.channel: "syndicated"]), Self.attributed)
        #expect(report.receipt == .syndicated && !report.isAssociated)
        #expect(throws: SubscriptionRefusal.syndicated("sub-1")) { try office.set("1234567") }
        #expect(throws: SubscriptionRefusal.syndicated("sub-1")) { try office.remove() }
        #expect(try office.subscription("sub-1")?.changes == 0)
    }

    @Test("ends a partner of record whose subscription turns out to be a syndicator's, in its history, with a notice")
    func turnsOutSyndicated() throws {
        try office.tell(.sample("e-1"), Self.attributed)
        // What is older than the last event does not say what holds now.
        try office.tell(.sample("e-0", [.time: "2016-10-01T07:00:00Z", .channel: "syndicated"]))
        #expect(try office.subscription("sub-1")?.association != nil)
        let report = try office.tell(.sample("e-2", [.time: "2016-10-10T07:00:00Z", .channel: "syndicated"]), at: Moment.later)
        #expect(!report.isAssociated && report.partner == nil)
        #expect(try office.accessLog(limit: 1).first?.what == "sub-1, event e-2, receipt none, partner of record removed")
        let history = try office.associations(of: "sub-1", limit: 10)
        #expect(history.map(\.number) == [2, 1] && history[0].association == nil)
        #expect(history[0].origin == .provider && history[0].replaces == partner("1234567") && history[0].time == Moment.later)
        // Told again, it is over already; corrected, somebody has to set it, for it has been decided on.
        try office.tell(.sample("e-3", [.time: "2016-10-11T07:00:00Z", .channel: "syndicated"]))
        #expect(try office.accessLog(limit: 1).first?.what == "sub-1, event e-3, receipt none")
        #expect(try office.tell(.sample("e-4", [.time: "2016-10-12T07:00:00Z"])).isAssociated == false)
        #expect(try office.subscription("sub-1")?.changes == 2)
        #expect(try office.set("1234567").changes == 3)
    }

    @Test("uses no receipt up with what can have no partner of record: it stays good for the one that can")
    func syndicatedReceipt() throws {
        try office.tell(.sample("e-1", [.channel: "syndicated"]), Self.attributed)
        #expect(try office.tell(.sample("e-2", [.id: "sub-2"]), Self.attributed).isAssociated)
        // From here on it is used, also for the first, as long as the second can have a partner of record.
        #expect(try office.tell(.sample("e-3"), Self.attributed).receipt == .used)
        try office.tell(.sample("e-6", [.id: "sub-2", .time: "2016-10-06T07:00:00Z", .channel: "syndicated"]))
        #expect(try office.tell(.sample("e-7"), Self.attributed).partner == "1234567")
        // A channel that was told wrong is corrected, and the receipt told again.
        let other = ClaimedSignup.attributed(receipt(2), partner("2345678"))
        try office.tell(.sample("e-4", [.id: "sub-4", .channel: "syndicated"]), other)
        #expect(try office.tell(.sample("e-5", [.id: "sub-4"]), other).partner == "2345678")
    }

    @Test("is no change when it says what was known, whenever it says so: who has seen the subscription has seen it")
    func unchanged() throws {
        let seen = try office.tell(.sample("e-1")).version
        #expect(try office.tell(.sample("e-2")).version == seen)
        #expect(try office.tell(.sample("e-3", [.time: "2016-10-09T07:00:00Z"])).version == seen)
        #expect(try office.subscription("sub-1")?.toldAt == Timestamp(rfc3339: "2016-10-09T07:00:00Z"))
        // What is older than that is not taken over, and changes nothing but the beginning.
        #expect(try office.tell(.sample("e-4", [.time: "2016-10-08T07:00:00Z"], seats: 9)).version == seen)
        let set = try office.set("1234567", onlyIf: [seen])
        #expect(try office.tell(.sample("e-5", [.time: "2016-10-10T07:00:00Z"])).version == set.version)
        #expect(try office.tell(.sample("e-6", [.time: "2016-10-10T07:00:00Z"], seats: 6)).version == set.version + 1)
        #expect(try office.tell(.sample("e-7", [.time: "2016-10-01T07:00:00Z"])).version == set.version + 2)
    }

    @Test("is not taken over when it is older than what was told before, and moves nothing to another tenant or product")
    func outOfOrder() throws {
        try office.tell(.sample("e-1"))
        try office.tell(.sample("e-0", [.time: "2016-10-04T07:00:00Z", .offer: "E1"], seats: 1))
        let subscription = try #require(try office.subscription("sub-1"))
        #expect(subscription.offer == "E3" && subscription.seats == 5)
        #expect(subscription.createdAt == Timestamp(rfc3339: "2016-10-04T07:00:00Z"))
        for other in [[SubscriptionEvent.Column.tenant: "fabrikam.example"], [.product: "crm"]] {
            #expect(throws: SubscriptionRefusal.subscriptionDiffers("sub-1")) { try office.tell(.sample("e-9", other)) }
        }
        // What was refused was not taken: the ID is free.
        #expect(try !office.tell(.sample("e-9")).isRepeated)
    }

    @Test("names a partner who is in no program: partner of record, and nothing counts")
    func noProgram() throws {
        try office.tell(.sample("e-1"), .attributed(receipt(1), partner("3456789")))
        let association = try #require(try office.subscription("sub-1")?.association)
        #expect(association.program == nil && !association.counts(at: Moment.later, isActive: true))
    }

    @Test("is refused with all that is wrong")
    func faults() throws {
        let refusal = #expect(throws: SubscriptionRefusal.self) {
            try SubscriptionEvent.sample(
                "e 1", [.product: "office", .channel: "", .time: "2017-01-01T00:00:00Z", .tenant: "a\nb"], seats: nil)
        }
        guard case .invalid(let faults) = refusal else {
            Issue.record("\(String(describing: refusal))")
            return
        }
        #expect(faults.count == 6)
        #expect(faults[0].message == "event is \"e 1\", expected 1 to 100 ASCII characters without spaces")
        for id in ["", ".", "..", "é", String(repeating: "x", count: 101)] {
            #expect(throws: SubscriptionRefusal.self) { try SubscriptionEvent.sample("e-1", [.id: id]) }
        }
    }
}
